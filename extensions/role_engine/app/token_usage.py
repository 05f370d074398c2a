"""What a role costs: the token bill of a prompt, by the budget of a context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from role_engine.budget import ContextWindow, RolePrompt, RolePromptBuilder
from role_engine.prompts import RenderedPrompt, Template, count_usage, render
from role_engine.prompts.token_usage import Starts
from role_engine.roles import Role


def count_role_usage(
    teller: RolePromptBuilder,
    role: Role,
    template: Template | str,
    window: ContextWindow,
    *,
    values: Mapping[str, Any] | None = None,
    starts: Starts | None = None,
) -> dict[str, Any]:
    """The bill of a prompt that holds the role and an empty question; `reply` is what is left for history and reply."""
    told = teller.build(role, "", window)
    rendered = render(role, "", template=template, said=told.said, values=values)
    return count_prompt_usage(rendered, told, window.count, window.context, starts)


def count_prompt_usage(
    rendered: RenderedPrompt,
    told: RolePrompt | None,
    count: Callable[[str], int],
    context: int | None,
    starts: Starts | None = None,
) -> dict[str, Any]:
    """The bill of a prompt; `reply` is what it leaves of the context."""
    left_out = told.left_out if told is not None else ()
    costs = count_usage(rendered, count, context=context, starts=starts, left_out=left_out)
    return {**costs, "reply": None if context is None else max(0, context - costs["total"])}
