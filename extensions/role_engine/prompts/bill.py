"""What a prompt costs, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from role_engine.prompts.render import PARTS, RenderedPrompt


def bill(
    rendered: RenderedPrompt, count: Callable[[str], int], *, context: int | None = None, reply: int | None = None
) -> dict[str, Any]:
    """The token bill: `{"context", "reply", "parts": {name: tokens}, "total", "left_out"}`.

    Args:
        count: the tokens of a text, as the model's tokenizer has it.
        context, reply: tokens of the whole context, and those kept for the reply; None: not known.

    `total` is the count of the whole prompt. A part is booked what the count grows by from its start to its end, so
    that the parts add up to the total whatever the tokenizer does at the seams.
    """
    total = count(rendered.prompt)
    tokens = dict.fromkeys(PARTS, 0)
    before = 0
    for part in rendered.parts:
        whole = part.end == len(rendered.prompt)
        until = total if whole else max(before, min(total, count(rendered.prompt[: part.end])))
        tokens[part.name] += until - before
        before = until
    return {"context": context, "reply": reply, "parts": tokens, "total": total, "left_out": list(rendered.left_out)}
