"""Front matter: settings in YAML between two lines of «---», at the very beginning of a text.

Its keys are free, and values that are none of language; Russian values, and longer ones, are judged like any text.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LINE_END, LOOK_AHEAD
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.prose import is_foreign_prose
from role_engine.language.markup.tags import Markup

_KEY = r"[\"']?[A-Za-z_][\w.\-]*[\"']?:"
_OPENS = regex.compile(rf"---[ \t]*(?:\r\n|{LINE_END})(?:[ \t]*(?:\r\n|{LINE_END}))?(?={_KEY}|\#)", FLAGS)
_ENTRY = regex.compile(rf"(?:-[ \t]+)?(?:{_KEY}(?=[ \t\r\n]|\Z))?", FLAGS)
_LINE_END = regex.compile(LINE_END, FLAGS)
_A_CYRILLIC = regex.compile(r"\p{Script=Cyrillic}", FLAGS)
LONGEST_VALUE = 8


class FrontMatter(NamedTuple):
    """In front matter."""

    @property
    def free(self) -> bool:
        """Its letters are looked at, and what is language in it."""
        return False


def open_front_matter(text: str, at: int, finished: bool) -> DecidedMarkup | None:
    """The front matter that begins at `at`, the text's first sign; None where none does."""
    limit = at + LOOK_AHEAD
    found = _OPENS.match(text, at, limit)
    if found is not None:
        return DecidedMarkup(at + 3, FrontMatter(), depends_until=found.end())
    may_go_on = len(text) < limit and not finished and _OPENS.fullmatch(text, at, partial=True) is not None
    return WAIT if may_go_on else None


def in_front_matter(text: str, at: int, before: str, finished: bool) -> DecidedMarkup | None:
    """What of the line that begins at `at` is free; None where `at` is no line's beginning.

    A line that is neither a setting nor the closing one ends the front matter.
    """
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    if line.strip(" \t"):
        return None
    limit = at + LOOK_AHEAD
    end = _LINE_END.search(text, at, limit)
    if end is None and len(text) < limit and not finished:
        return WAIT
    line_end = end.start() if end else min(limit, len(text))
    content = text[at:line_end]
    if content.rstrip() in ("---", "..."):
        return DecidedMarkup(line_end, None, depends_until=end.end() if end else line_end)
    entry = _ENTRY.match(text, at, line_end)
    key_end = entry.end() if entry else at
    if key_end == at and content[:1] not in "#[]{}\"'":
        return DecidedMarkup(at, None)
    value = text[key_end:line_end]
    is_setting = not _A_CYRILLIC.search(value) and len(value.split()) <= LONGEST_VALUE and not is_foreign_prose(value)
    zone = Markup("", FrontMatter()) if is_setting and value.strip() else FrontMatter()
    return DecidedMarkup(max(key_end, at + 1), zone, "markup", depends_until=end.end() if end else line_end)
