"""What a prompt costs, part by part."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from role_engine.prompts.render import PARTS, RenderedPrompt

Starts = Callable[[str], Sequence[int]]
"""Where each token of a text begins, in characters. Tokens that a tokenizer adds itself begin where they stand."""


def count_usage(
    rendered: RenderedPrompt,
    count: Callable[[str], int],
    *,
    context: int | None = None,
    reply: int | None = None,
    starts: Starts | None = None,
    left_out: Sequence[str] = (),
) -> dict[str, Any]:
    """The token bill: `{"context", "reply", "parts": {name: tokens}, "total", "left_out"}`.

    Args:
        count: the tokens of a text, as the model's tokenizer has it.
        context, reply: tokens of the whole context, and those that are left for the reply; None: not known.
        starts: where the tokens of a text begin, where the tokenizer says so.
        left_out: what the role had to leave out, before what the template has no place for.

    `total` is the count of the whole prompt, which is looked at once; each token is booked to the part in which it
    begins. Where only counts can be had, a part is booked what the count grows by from its start to its end. The parts
    add up to the total either way, whatever the tokenizer does at the seams.
    """
    tokens = _by_starts(rendered, starts(rendered.prompt)) if starts is not None else _by_counts(rendered, count)
    return {
        "context": context,
        "reply": reply,
        "parts": tokens,
        "total": sum(tokens.values()),
        "left_out": [*left_out, *rendered.left_out],
    }


def _by_starts(rendered: RenderedPrompt, starts: Sequence[int]) -> dict[str, int]:
    tokens = dict.fromkeys(PARTS, 0)
    begins = [part.start for part in rendered.parts]
    for start in starts:
        at = bisect_right(begins, start) - 1
        tokens[rendered.parts[at].name if rendered.parts else "frame"] += 1
    return tokens


def _by_counts(rendered: RenderedPrompt, count: Callable[[str], int]) -> dict[str, int]:
    total = count(rendered.prompt)
    tokens = dict.fromkeys(PARTS, 0)
    before = 0
    for part in rendered.parts:
        whole = part.end == len(rendered.prompt)
        until = total if whole else max(before, min(total, count(rendered.prompt[: part.end])))
        tokens[part.name] += until - before
        before = until
    tokens["frame"] += total - before  # of an empty prompt: what the tokenizer sets at its start
    return tokens
