"""A window in the line that it belongs to."""

from __future__ import annotations

import re
from functools import cached_property

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, GREEK, LATIN
from role_engine.language.latin.shape import COMMON_TEXT
from role_engine.language.window import MEMORY, Stop, Window

_LINE_ENDS = re.compile("[\n\r\u2028\u2029]")
_A_RUSSIAN = re.compile("[А-Яа-яЁё]")
# Nothing but bullets, numbers, quotes and emphasis; or the end of a sentence or of a table's cell.
_NOTHING_SAID = re.compile(r"[^A-Za-zА-Яа-яЁё]*\Z")
_SENTENCE_END = re.compile(r"(?:[.!?…][»”\"')\]*_]{0,12}|\|)[ \u00a0*_«“\"(]{0,12}\Z")

# A letter that no Russian text has, or a byte that is no letter: the text fell apart there.
_STRAY = regex.compile(rf"[\p{{L}}\ufffd--{LATIN}{GREEK}{CYRILLIC}ªº\u02b0-\u02ff]", FLAGS)
# So far behind it text is doubtful, in characters.
TORN_BEHIND = 64


class LineContext:
    """A window in its line. Offsets are the window's; `whole` begins `offset` characters earlier.

    Attributes:
        common: whether `whole` is text that `COMMON_TEXT` matches.
        russian_before: whether a Russian letter stands before the window in the line.
        russian_after: the offset behind the first Cyrillic letter known to follow the window, 0 if none is.
        after: the Russian that follows the window, where it was gathered.
        cut: the beginning of the chunk behind the window that the look-ahead ends in.
        seen: how far the text was looked at, at the window's end or in the Russian after it.
        begins: whether `whole` begins where the line does (a longer line is not remembered whole).
    """

    def __init__(self, window: Window) -> None:
        before = _LINE_ENDS.split(window.before)[-1]
        self.text, self.offset, self.whole = window.text, len(before), before + window.text
        self.stop: Stop = window.stop
        self.after, self.cut = window.after, window.cut
        self._before = window.before
        self.common = COMMON_TEXT.fullmatch(self.whole) is not None
        self.russian_before = _A_RUSSIAN.search(before) is not None
        self.russian_after = window.depends_until if window.stop == "cyrillic" else 0
        self.begins = len(before) < MEMORY
        self.seen = window.depends_until

    @cached_property
    def strays(self) -> list[int]:
        """Where letters of other scripts stand, as offsets in `whole`; in the line before it, below 0."""
        if self.common and COMMON_TEXT.fullmatch(self._before):
            return []
        shift = self.offset - len(self._before)
        return [match.start() + shift for match in _STRAY.finditer(self._before + self.text)]

    def is_torn(self, start: int, end: int) -> bool:
        """Whether the text falls apart at [start, end) of `whole`: letters of another script stand shortly before it,
        or are glued to its end."""
        return any(start - TORN_BEHIND <= at < start or at == end for at in self.strays)

    def russian_by(self, start: int, end: int) -> int | None:
        """What makes the line Russian for its stretch [start, end): 0, Russian letters before it; else the offset
        behind the first one after it; None where there is none."""
        if self.russian_before or _A_RUSSIAN.search(self.text, 0, max(start, 0)):
            return 0
        after = _A_RUSSIAN.search(self.text, end)
        return after.end() if after else self.russian_after or None

    def opens_sentence(self, start: int) -> bool:
        """Whether a sentence, a line or a cell of a table begins at `start` of `whole`: capitals mean nothing there."""
        if self.begins and _NOTHING_SAID.match(self.whole, 0, start):
            return True
        return _SENTENCE_END.search(self.whole, max(0, start - 12), start) is not None
