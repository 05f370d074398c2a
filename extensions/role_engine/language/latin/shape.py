"""Patterns written once and compiled twice: for the text that nearly everybody writes, and for any text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LATIN, SPACE, SPACE_IN_LINE

# Russian, ASCII and usual signs: `re` reads it several times as fast as `regex` reads sets of Unicode properties.
COMMON_TEXT = re.compile("[\\t\\n -~А-Яа-яЁё\u00a0«»„“”’–—…№•]*")


class LetterClasses(NamedTuple):
    """Classes of characters, each to be put into brackets; `goes_on`: what a word goes on with, whole."""

    latin: str
    in_term: str
    cyrillic: str
    space: str
    space_in_line: str
    goes_on: str


_COMMON = LetterClasses("A-Za-z", "A-Za-z0-9", "А-Яа-яЁё", " \\t\\n\u00a0", " \\t\u00a0", r"\w")
_ANY = LetterClasses(LATIN, rf"{LATIN}\p{{M}}0-9₀-₉⁰-⁹", CYRILLIC, SPACE, SPACE_IN_LINE, r"[\w\p{M}]")


class Shape:
    """A pattern over `LetterClasses`, in a syntax that `re` and `regex` share. Compiled when it is first needed."""

    def __init__(self, write: Callable[[LetterClasses], str], flags: int = 0) -> None:
        self._write, self._flags = write, flags

    @cached_property
    def common(self) -> re.Pattern[str]:
        """For text that `COMMON_TEXT` matches."""
        return re.compile(self._write(_COMMON), self._flags)

    @cached_property
    def any(self) -> regex.Pattern[str]:
        """For every text."""
        verbose = regex.VERBOSE if self._flags & re.VERBOSE else 0
        return regex.compile(self._write(_ANY), FLAGS | verbose)

    def of(self, common: bool) -> Any:
        """The pattern for text that is `common`, or for any."""
        return self.common if common else self.any

    def finditer(self, text: str) -> Iterator[Any]:
        """What the pattern finds in `text`, whatever text that is."""
        yield from self.of(COMMON_TEXT.fullmatch(text) is not None).finditer(text)
