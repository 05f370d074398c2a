"""Which template a prompt takes in the webui: the model's own where it has one, else the role's."""

from __future__ import annotations

import logging

from role_engine.errors import TemplateError
from role_engine.hosts.webui.model_kind import LoadedModel
from role_engine.prompts import Template, TemplateLibrary
from role_engine.roles import Role

logger = logging.getLogger("role_engine")

RAW_FALLBACK = "russian-frame"


def has_own_template(template: str) -> bool:
    """Whether this is a model's (or a user's) chat template and not what the host puts where a model brings none."""
    from modules import chat, shared

    stand_ins = {"", shared.default_settings.get("instruction_template_str", "")}
    stand_ins.add(chat.load_instruction_template_memoized("Alpaca"))
    return template.strip() not in {text.strip() for text in stand_ins}


def role_template(library: TemplateLibrary, role: Role, model_template: str, model: LoadedModel) -> Template | None:
    """The chat template that takes the place of the model's; None: that stays.

    An instruct model keeps its own, and so does one of which nothing is known. A base model gets the role's, whatever
    its files bring: it was trained on none. Without one of the role's, a template that it brings, or that the user has
    chosen, will do as well as ours.
    """
    own = has_own_template(model_template)
    if own and (model.kind != "base" or role.template is None):
        return None
    names = (*((role.template,) if role.template is not None else ()), *(model.frames if model.kind == "base" else ()))
    found = (_found(library, name, role) for name in names)
    return next((template for template in found if template is not None and template.chat is not None), None)


def raw_template(library: TemplateLibrary, role: Role, model_template: str) -> Template | None:
    """What goes round a raw prompt: the role's template, else the model's own chat template, else a plain frame."""
    if role.template is not None and (own := _found(library, role.template, role)) is not None:
        return own
    if has_own_template(model_template):
        return Template("model", chat=model_template)
    return _found(library, RAW_FALLBACK, role)


def _found(library: TemplateLibrary, name: str, role: Role) -> Template | None:
    try:
        return library.get(name)
    except TemplateError as error:
        logger.warning("role %s: %s", role.id, error)
        return None
