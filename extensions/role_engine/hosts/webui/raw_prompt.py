"""A role round a prompt that is not a chat: notebook and completions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from role_engine.hosts.webui.templates import raw_template
from role_engine.prompts import TemplateLibrary, render
from role_engine.roles import Role


def with_role_around(
    library: TemplateLibrary, role: Role, prompt: str, state: Mapping[str, Any], shared: Any, knowledge: str = ""
) -> tuple[str, tuple[str, ...]]:
    """The prompt with the role round it, and the frame's stop strings; the prompt as it is where no frame is found.

    Args:
        knowledge: what the role's files say of the prompt.
    """
    model_template = state.get("instruction_template_str") or shared.settings["instruction_template_str"]
    template = raw_template(library, role, model_template)
    if template is None:
        return prompt, ()
    values = {"bos_token": shared.bos_token, "eos_token": shared.eos_token}
    rendered = render(
        role, prompt, template=template, knowledge=knowledge, values={k: v for k, v in values.items() if v}
    )
    return rendered.prompt, rendered.stop
