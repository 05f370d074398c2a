"""The shape of a JSON text, looked at piece by piece as it arrives: its depth, its size, where the messages are.

A parser makes objects of the whole text before anybody can count them. This looks at brackets, commas and quotes alone,
so what is too deep or holds too much is refused before it is parsed, and before the rest of it is held.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

MAX_DEPTH = 64
"""Objects and lists inside each other."""
MAX_VALUES = 100_000
"""Commas and opening brackets: some 25,000 messages."""
LONG_STRING = 2**14
"""Bytes of a string that is long."""
MAX_DIGITS = 400
"""Characters of a number, or of anything else that stands outside of strings and brackets."""

_NEXT = re.compile(rb'["\[\]{},:]')
_IN_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_BLANK = b" \t\r\n"


class BadShape(ValueError):
    """The text is too deep or holds too much; the message says which limit it breaks."""


@dataclass(frozen=True, slots=True)
class Elements:
    """Where the elements of a list stand in the text: `starts[i]` to `ends[i]`, without the commas between them."""

    starts: array[int]
    ends: array[int]


class JSONShape:
    """Looks at a JSON text piece by piece. Whether it is valid JSON is for a parser to say.

    Args:
        listed: the key of the top-level list whose elements are to be found; empty: none.

    Attributes:
        long_strings: where strings of `LONG_STRING` bytes and more start and end, without their quotation marks.
    """

    def __init__(
        self,
        *,
        listed: str = "",
        max_depth: int = MAX_DEPTH,
        max_values: int = MAX_VALUES,
        max_digits: int = MAX_DIGITS,
    ) -> None:
        self._listed, self._max_depth, self._max_values, self._max_digits = (
            listed.encode(),
            max_depth,
            max_values,
            max_digits,
        )
        self._at = 0  # bytes seen before this piece
        self._depth = self._values = 0
        self._in_string = self._escaped = False
        self._opened = 0
        self.long_strings: list[tuple[int, int]] = []
        self._bare = 0  # characters since the last bracket, comma, colon or quote
        self._string = bytearray()  # the beginning of the present string, if it may be a top-level key
        self._key = b""
        self._in_list = False
        self._lists = 0
        self._starts, self._ends = array("Q"), array("Q")

    @property
    def elements(self) -> Elements | None:
        """The elements of the list at `listed`; None where there is none, or more than one, or it has not ended."""
        if self._lists != 1 or self._in_list or len(self._starts) != len(self._ends):
            return None
        return Elements(self._starts, self._ends)

    def feed(self, piece: bytes) -> None:
        """Look at the next piece.

        Raises:
            BadShape
        """
        place, size = 0, len(piece)
        while place < size:
            place = self._pass_string(piece, place) if self._in_string else self._pass_bare(piece, place)
        self._at += size

    def _pass_string(self, piece: bytes, place: int) -> int:
        start = place
        if self._escaped:  # the backslash was the last byte of the piece before
            self._escaped = False
            place += 1
        found = _IN_STRING.match(piece, place)
        assert found is not None
        end = found.end()
        if self._depth == 1 and len(self._string) <= len(self._listed):
            self._string += piece[start : min(end, start + len(self._listed) + 1)]
        if end == len(piece):
            return end
        if piece[end] == 0x5C:  # a backslash at the very end
            self._escaped = True
        else:
            self._in_string = False
            if self._at + end - self._opened >= LONG_STRING:
                self.long_strings.append((self._opened, self._at + end))
        return end + 1

    def _pass_bare(self, piece: bytes, place: int) -> int:
        found = _NEXT.search(piece, place)
        end = found.start() if found is not None else len(piece)
        if end > place:
            self._bare += len(piece[place:end].strip(_BLANK))
            if self._bare > self._max_digits:
                raise BadShape(f"a value of more than {self._max_digits} characters that is no string")
        if found is None:
            return end
        self._sign(piece[end], self._at + end)
        return end + 1

    def _sign(self, sign: int, at: int) -> None:
        self._bare = 0
        if sign == 0x22:  # "
            self._in_string, self._opened = True, at + 1
            self._string.clear()
        elif sign == 0x3A:  # :
            if self._depth == 1:
                self._key = bytes(self._string)
        elif sign == 0x2C:  # ,
            self._count()
            if self._in_list and self._depth == 2:
                self._ends.append(at)
                self._starts.append(at + 1)
        elif sign in (0x5B, 0x7B):  # [ {
            self._count()
            self._depth += 1
            if self._depth > self._max_depth:
                raise BadShape(f"more than {self._max_depth} lists and objects inside each other")
            if self._depth == 2 and sign == 0x5B and self._listed and self._key == self._listed:
                self._in_list, self._lists = True, self._lists + 1
                self._starts.append(at + 1)
        else:  # ] }
            if self._depth == 2 and self._in_list:
                self._in_list = False
                self._ends.append(at)
            self._depth -= 1

    def _count(self) -> None:
        self._values += 1
        if self._values > self._max_values:
            raise BadShape(f"more than {self._max_values:,} values")

    def end(self) -> None:
        """The body is over."""
