"""A role round a prompt that is not a chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from role_engine.budget import ContextWindow, RolePromptBuilder
from role_engine.prompts import RenderedPrompt, Template, render
from role_engine.roles import Role

RAW_FALLBACK = "russian-frame"
"""The template where neither role nor model nor settings have one."""


def render_raw_prompt(
    builder: RolePromptBuilder,
    role: Role,
    prompt: str,
    template: Template,
    window: ContextWindow,
    *,
    most: int | None,
    values: Mapping[str, Any],
) -> tuple[RenderedPrompt, tuple[str, ...]]:
    """The prompt with the role round it, and what of the role had no room.

    The role keeps to its share of the context, and to less where the prompt is long, down to its core.

    Args:
        most: tokens that the whole may take; None: nobody knows. A prompt that takes more even with the role's core
            alone is returned as it is.
        values: what the template is given besides.
    """
    for tighter in window.and_tighter(role):
        fitted = builder.build(role, prompt, tighter)
        rendered = render(role, prompt, template=template, said=fitted.said, values=values)
        if most is None or window.count(rendered.prompt) <= most:
            break
    return rendered, fitted.left_out
