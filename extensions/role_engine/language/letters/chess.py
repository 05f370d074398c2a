"""Moves of chess in Russian: «Кf3», «Фxd5», «Лfd1» — a piece's Russian letter before the Latin one of its square."""

from __future__ import annotations

import re

_MOVE = re.compile(r"(?:Кр|[КФЛСП])[a-h]?x?[a-h](?=[1-8](?!\w))")


def is_chess_move(text: str, start: int, end: int) -> bool:
    """Whether the letters in [start, end) of `text` are a chessman's and its square's."""
    found = _MOVE.match(text, start)
    return found is not None and found.end() == end
