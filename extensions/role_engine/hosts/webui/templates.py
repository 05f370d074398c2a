"""Which template a prompt takes in the webui: the model's own where it has one, else the role's.

That depends on whether the model is a base model, by its own files or as the user's settings have it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from role_engine.app.engine import CHATML_MARK, FRAMES, PLAIN_FRAMES
from role_engine.app.raw_prompt import RAW_FALLBACK
from role_engine.errors import InputError, TemplateError
from role_engine.hosts.webui.host_api import HostApi
from role_engine.models import inspect_model
from role_engine.models.report import Kind
from role_engine.prompts import Template, TemplateLibrary
from role_engine.roles import Role

logger = logging.getLogger("role_engine")


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """What decides which template a role takes.

    Attributes:
        kind: base, instruct or unsure.
        frames: templates for a base model and a role that names none, the first that is there.
    """

    kind: Kind = "unsure"
    frames: tuple[str, ...] = PLAIN_FRAMES


class ModelKinds:
    """Looks at a model once, when it is first asked about."""

    def __init__(self, host: HostApi) -> None:
        self._host = host
        self._known: dict[str, LoadedModel] = {}

    def find_loaded(self, said: Mapping[str, Kind]) -> LoadedModel:
        """The model that is loaded now.

        Args:
            said: kinds by the names of models, `*` and `?` in them as in file names; they overrule what files say.
        """
        shared = self._host.shared
        name = str(shared.model_name)
        place = str(getattr(shared.model, "model_path", None) or Path(shared.args.model_dir, name))
        if place not in self._known:
            self._known[place] = _inspect(place)
        found = self._known[place]
        kind = next((kind for pattern, kind in said.items() if fnmatchcase(name, pattern)), found.kind)
        return LoadedModel(kind, found.frames)


def _inspect(place: str) -> LoadedModel:
    try:
        report = inspect_model(place)
    except (InputError, OSError) as error:
        logger.debug("the model cannot be inspected: %s", error)
        return LoadedModel()
    frames = FRAMES if CHATML_MARK in report.roles.tokens else PLAIN_FRAMES
    logger.info("%s: %s model, by its files", report.name, report.kind)
    return LoadedModel(report.kind, frames)


def find_template_values(host: HostApi) -> dict[str, str]:
    """What the loaded model's chat template is given besides the messages."""
    tokens = {"bos_token": host.shared.bos_token, "eos_token": host.shared.eos_token}
    return {name: token for name, token in tokens.items() if token}


def has_own_template(host: HostApi, template: str) -> bool:
    """Whether this is a model's (or a user's) chat template and not what the host puts where a model brings none."""
    stand_ins = {"", host.shared.default_settings.get("instruction_template_str", ""), host.load_template("Alpaca")}
    return template.strip() not in {text.strip() for text in stand_ins}


def choose_chat_template(
    host: HostApi,
    library: TemplateLibrary,
    role: Role | None,
    model_template: str,
    model: LoadedModel,
    *,
    fallback: str | None,
) -> Template | None:
    """The chat template that takes the place of the model's; None: that stays.

    An instruct model keeps its own, and so does one of which nothing is known. A base model gets the role's, whatever
    its files bring: it was trained on none. Without one of the role's, a template that it brings, or that the user has
    chosen, will do as well as ours.

    Args:
        fallback: the settings' template, for no role and for one that names none.
    """
    named = role.template if role is not None and role.template is not None else fallback
    if has_own_template(host, model_template) and (model.kind != "base" or named is None):
        return None
    frames = model.frames if model.kind == "base" and role is not None else ()
    found = (_find_template(library, name) for name in (named, *frames))
    return next((template for template in found if template is not None and template.chat is not None), None)


def choose_raw_template(
    host: HostApi, library: TemplateLibrary, role: Role, model_template: str, *, fallback: str | None
) -> Template | None:
    """What goes round a raw prompt: the role's template, the model's own chat template, the settings' one, or a plain
    frame."""
    if (of_role := _find_template(library, role.template)) is not None:
        return of_role
    if has_own_template(host, model_template):
        return Template("model", chat=model_template)
    return _find_template(library, fallback) or _find_template(library, RAW_FALLBACK)


def _find_template(library: TemplateLibrary, name: str | None) -> Template | None:
    if name is None:
        return None
    try:
        return library.get(name)
    except TemplateError as error:
        logger.warning("going on without the template: %s", error)
        return None
