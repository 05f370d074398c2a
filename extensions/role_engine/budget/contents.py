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


def table_of_contents(text: str, limit: int, count: Callable[[str], int]) -> str:
    """«Оглавление:» and the headings of `text`, as deep as fits into `limit` tokens; empty without headings.

    Headings are those of Markdown, and lines like «Глава 3. Начало». Where not even the highest level fits, the list
    breaks off with «…».
    """
    headings = [(len(found[1]), found[2]) for found in _HEADING.finditer(text)]
    headings = headings or [(1, found[1].strip()) for found in _CHAPTER.finditer(text)]
    levels = sorted({level for level, _ in headings})
    for deepest in reversed(levels):
        lines = [f"{'  ' * levels.index(level)}- {words}" for level, words in headings if level <= deepest]
        if len(lines) <= _MOST_LINES and count(_table(lines)) <= limit:
            return _table(lines)
    lines = [f"- {words}" for level, words in headings if level == levels[0]][:_MOST_LINES] if levels else []
    while lines:
        lines = lines[: len(lines) * 3 // 4]
        if lines and count(_table([*lines, CUT])) <= limit:
            return _table([*lines, CUT])
    return ""


def _table(lines: list[str]) -> str:
    return "\n".join([f"{TITLE}:", *lines])
