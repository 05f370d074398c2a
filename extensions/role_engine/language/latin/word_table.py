"""A sorted table of words, kept as the one string of bytes that its file is and searched by bisection.

No dictionary of a hundred thousand strings is ever built: loading takes a read, and the memory is the file's.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from importlib.resources import files

# How much of the file is searched for one word, in bytes.
_BLOCK, _LONGEST_LINE = 2048, 160


class WordTable:
    """What a file of `language/data/` says of each word; a line is a word, a tab and its marks, sorted by bytes.

    Args:
        name: the file's name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def find(self, word: str) -> str:
        """The marks behind `word`, "" where the table does not have it."""
        words, firsts = self._words
        key = word.encode("utf-8", "surrogatepass")
        block = max(bisect_right(firsts, key) - 1, 0) * _BLOCK
        line = words.rfind(b"\n", 0, block + 1)
        found = words.find(b"\n%b\t" % key, line, block + _BLOCK + _LONGEST_LINE)
        if found < 0:
            return ""
        return words[found + len(key) + 2 : words.find(b"\n", found + 1)].decode()

    @cached_property
    def _words(self) -> tuple[bytes, list[bytes]]:
        """The file, and the word that each of its blocks begins after."""
        words = b"\n" + (files("role_engine.language") / "data" / self._name).read_bytes()
        starts = [words.rfind(b"\n", 0, at + 1) + 1 for at in range(0, len(words), _BLOCK)]
        return words, [words[start : words.find(b"\t", start)] for start in starts]
