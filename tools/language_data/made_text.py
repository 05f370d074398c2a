"""A text in which something was put, and where: what `made_slips.py` and `made_authors.py` make."""

from __future__ import annotations

from typing import NamedTuple


class MadeText(NamedTuple):
    """`text[start:end]` was put in."""

    text: str
    start: int
    end: int


def replace(text: str, start: int, end: int, phrase: str) -> MadeText:
    """`text` with `phrase` in place of [start, end)."""
    return MadeText(text[:start] + phrase + text[end:], start, start + len(phrase))
