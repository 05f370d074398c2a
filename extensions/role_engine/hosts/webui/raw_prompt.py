"""A role round a prompt that is not a chat: notebook and completions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from role_engine.budget import RolePromptBuilder
from role_engine.hosts.webui.templates import raw_template
from role_engine.hosts.webui.window import find_loaded_context, model_window
from role_engine.prompts import TemplateLibrary, render
from role_engine.roles import Role


def with_role_around(
    library: TemplateLibrary,
    teller: RolePromptBuilder,
    role: Role,
    prompt: str,
    state: Mapping[str, Any],
    shared: Any,
    *,
    fallback: str | None,
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The prompt with the role round it, the frame's stop strings, and what of the role had no room.

    Where no frame is found it is the prompt as it is.
    The role keeps to its share of the context, and to less where the prompt is long: the host would cut the whole from
    the left, the role first.

    Args:
        fallback: the settings' template, for roles that name none.
    """
    model_template = state.get("instruction_template_str") or shared.settings["instruction_template_str"]
    template = raw_template(library, role, model_template, fallback=fallback)
    if template is None:
        return prompt, (), ()
    values = {"bos_token": shared.bos_token, "eos_token": shared.eos_token}
    context = find_loaded_context(shared, state)
    window = model_window(shared, context)
    room = context - (0 if state.get("auto_max_new_tokens") else int(state["max_new_tokens"]))
    for tighter in window.and_tighter(role):
        told = teller.build(role, prompt, tighter)
        rendered = render(
            role, prompt, template=template, said=told.said, values={k: v for k, v in values.items() if v}
        )
        if not context or window.count(rendered.prompt) <= room:
            break
    return rendered.prompt, rendered.stop, told.left_out
