"""The table of contents of a text that is too long to be read out."""

from __future__ import annotations

import re
from collections.abc import Callable

TITLE = "Оглавление"
CUT = "…"

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_CHAPTER = re.compile(
    r"^[ \t]*((?:глава|часть|раздел|книга|chapter|part)[ \t]+(?:\d{1,4}|[IVXLC]{1,8}|[а-яё]{3,20})\b[^\n]{0,120})$",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_LINES = 2000
_TOO_FEW = 3


def table_of_contents(text: str, limit: int, count: Callable[[str], int]) -> str:
    """«Оглавление:» and the headings of `text`, as deep as fits into `limit` tokens; empty without headings.

    Headings are those of Markdown, and lines like «Глава 3. Начало». A list that would say next to nothing
    without a level that does not fit breaks off in it, with «…».
    """
    headings = [(len(found[1]), found[2]) for found in _HEADING.finditer(text)]
    headings = headings or [(1, found[1].strip()) for found in _CHAPTER.finditer(text)]
    levels = sorted({level for level, _ in headings})
    for deepest in reversed(levels):
        lines = [f"{'  ' * levels.index(level)}- {words}" for level, words in headings if level <= deepest]
        lines = lines[:_MOST_LINES]
        if count(_table(lines)) <= limit:
            return _table(lines)
        above = sum(1 for level, _ in headings if level < deepest)
        if above < _TOO_FEW and (cut := _breaking_off(lines, limit, count)):
            return cut
    return ""


def _breaking_off(lines: list[str], limit: int, count: Callable[[str], int]) -> str:
    """As many of the lines as fit, with «…» behind them."""
    low, high, fits = 1, len(lines), ""
    while low < high:
        middle = (low + high) // 2
        shorter = _table([*lines[:middle], CUT])
        if count(shorter) <= limit:
            fits, low = shorter, middle + 1
        else:
            high = middle
    return fits


def _table(lines: list[str]) -> str:
    return "\n".join([f"{TITLE}:", *lines])
