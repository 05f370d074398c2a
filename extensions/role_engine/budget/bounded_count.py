"""How many tokens a text has, found out at a cost that the context bounds and not the text.

A tokenizer keeps some hundred bytes for each token of a text, and gives nothing before it has read all of it: ten
megabytes take ten gigabytes. Whether a text fits is known much earlier.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from threading import Semaphore

PIECE = 2**15
"""Characters that are counted at a time; a shorter text is counted whole."""

_WAIT_SECONDS = 0.1
_SEAM = 8  # tokens that a piece may have more than it has inside of the whole text: a leading token, a cut word
_BREAK = re.compile(r"(?<!\s)\s+(?=\S)")
_LOOK_BACK = 2**8  # characters before a piece's end among which it ends at white space


class BoundedCount:
    """Counts exactly what has at most `most` tokens; of what has more it says about how many, always more than `most`.

    Args:
        count: the tokens of a text, exactly.
        most: the context; None: everything is counted exactly.
        longest: bytes of text that one token stands for at most; None: not known.
        check: called before each piece; what it raises ends the counting.
        gate: what a long text waits for, that not all of them are counted at the same time.
    """

    def __init__(
        self,
        count: Callable[[str], int],
        most: int | None,
        longest: int | None = None,
        check: Callable[[], None] = lambda: None,
        gate: Semaphore | None = None,
    ) -> None:
        self._count, self._most, self._longest, self._check = count, most, longest, check
        self._gate = gate or Semaphore()

    def __call__(self, text: str) -> int:
        self._check()
        if self._most is None or len(text) <= PIECE:
            return self._count(text)
        if self._longest is not None and len(text) > self._most * self._longest:
            return len(text) // self._longest + 1
        while not self._gate.acquire(timeout=_WAIT_SECONDS):
            self._check()
        try:
            return self._count_long(text, self._most)
        finally:
            self._gate.release()

    def _count_long(self, text: str, most: int) -> int:
        seen = tokens = least = 0
        for piece in pieces(text):
            self._check()
            found = self._count(piece)
            seen += len(piece)
            tokens += found
            least += max(0, found - _SEAM)
            if least > most:
                return max(least, tokens * len(text) // seen)
        self._check()
        return self._count(text)


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """`text` in pieces of at most `size` characters, cut before a word where there is one to cut before."""
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            cuts = [found.start() for found in _BREAK.finditer(text, max(start + 1, end - _LOOK_BACK), end)]
            end = cuts[-1] if cuts else end
        yield text[start:end]
        start = end
