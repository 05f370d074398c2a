"""Which template a prompt takes in the webui: the model's own where it has one, else the role's."""

from __future__ import annotations

import logging

from role_engine.errors import TemplateError
from role_engine.hosts.webui.model_kind import LoadedModel
from role_engine.hosts.webui.patches import Patches
from role_engine.prompts import Template, TemplateLibrary
from role_engine.prompts.sandbox import GenerationTag
from role_engine.roles import Role

logger = logging.getLogger("role_engine")

RAW_FALLBACK = "russian-frame"


def teach_tags(patches: Patches) -> None:
    """Let the host read `{% generation %}`, which newer models' templates have and which it stops at."""
    from modules import chat

    environment = getattr(chat, "jinja_env", None)
    if environment is None or any(GenerationTag.tags & extension.tags for extension in environment.extensions.values()):
        return
    environment.add_extension(GenerationTag)
    patches.on_undo(lambda: environment.extensions.pop(GenerationTag.identifier, None))


def has_own_template(template: str) -> bool:
    """Whether this is a model's (or a user's) chat template and not what the host puts where a model brings none."""
    from modules import chat, shared

    stand_ins = {"", shared.default_settings.get("instruction_template_str", "")}
    stand_ins.add(chat.load_instruction_template_memoized("Alpaca"))
    return template.strip() not in {text.strip() for text in stand_ins}


def chat_template(
    library: TemplateLibrary, role: Role | None, model_template: str, model: LoadedModel, *, fallback: str | None
) -> Template | None:
    """The chat template that takes the place of the model's; None: that stays.

    An instruct model keeps its own, and so does one of which nothing is known. A base model gets the role's, whatever
    its files bring: it was trained on none. Without one of the role's, a template that it brings, or that the user has
    chosen, will do as well as ours.

    Args:
        fallback: the settings' template, for no role and for one that names none.
    """
    named = role.template if role is not None and role.template is not None else fallback
    if has_own_template(model_template) and (model.kind != "base" or named is None):
        return None
    frames = model.frames if model.kind == "base" and role is not None else ()
    found = (_found(library, name) for name in (named, *frames))
    return next((template for template in found if template is not None and template.chat is not None), None)


def raw_template(library: TemplateLibrary, role: Role, model_template: str, *, fallback: str | None) -> Template | None:
    """What goes round a raw prompt: the role's template, the model's own chat template, the settings' one, or a plain
    frame."""
    if (of_role := _found(library, role.template)) is not None:
        return of_role
    if has_own_template(model_template):
        return Template("model", chat=model_template)
    return _found(library, fallback) or _found(library, RAW_FALLBACK)


def _found(library: TemplateLibrary, name: str | None) -> Template | None:
    if name is None:
        return None
    try:
        return library.get(name)
    except TemplateError as error:
        logger.warning("going on without the template: %s", error)
        return None
