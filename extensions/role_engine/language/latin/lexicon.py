"""What is known about a Latin word: whether English has it, whether it is somebody's or something's name.

The words come from SCOWL, simple-icons and linguist (`data/README.md`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from role_engine.language.latin.word_table import WordTable

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


_TABLE = WordTable("lexicon.txt")


@lru_cache(maxsize=4096)
def look_up(word: str) -> Entry:
    """What is known about `word`, whatever its case; a regular inflection counts as its word."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if not 1 < len(word) <= LONGEST_WORD:
        return UNKNOWN
    marks = _TABLE.find(word)
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


def is_common(word: str) -> bool:
    """Whether `word` is one of English's ten thousand commonest."""
    return look_up(word).common


def is_name(word: str) -> bool:
    """Whether `word` is known as a name and better known so than as a word («Tolstoy», «Docker», «Windows»)."""
    return look_up(word).name


_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""))


def _inflected(word: str) -> Entry:
    for ending, instead in _ENDINGS:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            marks = _TABLE.find(word.removesuffix(ending) + instead)
            if marks and marks[0] in "co":
                return Entry(ordinary=True)
    return UNKNOWN


def _compound(word: str) -> Entry:
    """«well-known» is as ordinary as its parts are."""
    parts = [part for part in word.split("-") if len(part) > 1]
    return Entry(ordinary=True) if parts and all(look_up(part).ordinary for part in parts) else UNKNOWN
