"""Which template a prompt takes in the webui: the model's own where it has one, else the role's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from role_engine.errors import TemplateError
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


def role_template(library: TemplateLibrary, role: Role, state: Mapping[str, Any]) -> Template | None:
    """The role's chat template for a model that has none; None: the model's own stays."""
    if role.template is None or has_own_template(state["instruction_template_str"]):
        return None
    template = _found(library, role.template, role)
    return template if template is not None and template.chat is not None else None


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
