"""What is known about a Latin word: whether English has it, whether it is somebody's or something's name.

The words come from SCOWL, simple-icons and linguist (`data/README.md`). They stay in the one string of bytes that the
file is, and are found by bisection: no table of 90,000 strings is ever built.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

# No word of the lexicon is longer.
LONGEST_WORD = 32


class Entry(NamedTuple):
    """What is known about one word.

    Attributes:
        ordinary: English has the word.
        common: it is one of English's ten thousand commonest.
        function: it carries grammar («the», «however») and is never a name.
        name: it is a name wherever it stands.
        name_at_times: it is also a name («Target»); its place must tell.
        tool: a tool's or library's name, which may be written small («numpy»).
    """

    ordinary: bool = False
    common: bool = False
    function: bool = False
    name: bool = False
    name_at_times: bool = False
    tool: bool = False


UNKNOWN = Entry()


# How much of the file is searched for one word, in bytes.
_BLOCK, _LONGEST_LINE = 2048, 128


@cache
def _words() -> tuple[bytes, list[bytes]]:
    """The file, and the word that each of its blocks begins after."""
    words = b"\n" + files("role_engine.language").joinpath("data/lexicon.txt").read_bytes()
    starts = [words.rfind(b"\n", 0, at + 1) + 1 for at in range(0, len(words), _BLOCK)]
    return words, [words[start : words.find(b"\t", start)] for start in starts]


@lru_cache(maxsize=4096)
def look_up(word: str) -> Entry:
    """What is known about `word`, whatever its case; a regular inflection counts as its word."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if not 1 < len(word) <= LONGEST_WORD:
        return UNKNOWN
    marks = _marks(word)
    if not marks:
        return _compound(word) if "-" in word else _inflected(word)
    return Entry(
        ordinary=marks[0] in "cor",
        common=marks[0] == "c",
        function="f" in marks,
        name="N" in marks,
        name_at_times="n" in marks,
        tool="t" in marks,
    )


def is_ordinary(word: str) -> bool:
    """Whether English has `word` («recycling», «Title»), a name or not."""
    return look_up(word).ordinary


def is_name(word: str) -> bool:
    """Whether `word` is known as a name and better known so than as a word («Tolstoy», «Docker», «Windows»)."""
    return look_up(word).name


def _marks(word: str) -> str:
    """The marks behind `word` in the file, "" where it is not there."""
    words, firsts = _words()
    key = word.encode("utf-8", "surrogatepass")
    block = max(bisect_right(firsts, key) - 1, 0) * _BLOCK
    line = words.rfind(b"\n", 0, block + 1)
    found = words.find(b"\n%b\t" % key, line, block + _BLOCK + _LONGEST_LINE)
    if found < 0:
        return ""
    return words[found + len(key) + 2 : words.find(b"\n", found + 1)].decode()


_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""))


def _inflected(word: str) -> Entry:
    for ending, instead in _ENDINGS:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            marks = _marks(word.removesuffix(ending) + instead)
            if marks and marks[0] in "co":
                return Entry(ordinary=True)
    return UNKNOWN


def _compound(word: str) -> Entry:
    """«well-known» is as ordinary as its parts are."""
    parts = [part for part in word.split("-") if len(part) > 1]
    return Entry(ordinary=True) if parts and all(look_up(part).ordinary for part in parts) else UNKNOWN
