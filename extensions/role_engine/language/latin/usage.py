"""How Russian authors use a Latin word: counted over published texts (`tools/language_data/count_usage.py`)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from role_engine.language.latin.word_table import WordTable


class WordUsage(NamedTuple):
    """What was counted of one word. The figures are exponents: 0 is never, 9 is 256 times or more (sources: nine).

    Attributes:
        small: how often authors leave it in small letters, in running Russian.
        small_sources: how many sources do.
        capital: how often they write it with a capital.
        capital_sources: how many sources do.
        translated: how much more often they say it in Russian; None where no translation of it is known.
        code: how often authors write it as inline code.
        english: how common it is in English, on Zipf's scale (7 «the», 5 «house», 3 «acorn»); 0 below 2.
    """

    small: int = 0
    small_sources: int = 0
    capital: int = 0
    capital_sources: int = 0
    translated: int | None = None
    english: int = 0
    code: int = 0


UNUSED = WordUsage()
_TABLE = WordTable("usage.txt")
_ENDINGS = (("'s", ""), ("ies", "y"), ("es", ""), ("s", ""))


@lru_cache(maxsize=4096)
def usage_of(word: str) -> WordUsage:
    """The record of `word`, whatever its case; of a plural or genitive that has none, that of its singular."""
    word = word.casefold().replace("’", "'")
    if signs := _TABLE.find(word):
        return _read(signs)
    for ending, instead in _ENDINGS:
        plain = word.removesuffix(ending) + instead if word.endswith(ending) and len(word) > len(ending) + 2 else ""
        if plain and (signs := _TABLE.find(plain)):
            return _read(signs)
    return UNUSED


@lru_cache(maxsize=4096)
def is_used_pair(one: str, two: str) -> bool:
    """Whether authors leave the two words beside each other («pull request», «Visual Studio»)."""
    return bool(_TABLE.find(f"{one} {two}".casefold()))


def _read(signs: str) -> WordUsage:
    numbers = [None if sign == "-" else int(sign) for sign in signs]
    small, small_sources, capital, capital_sources, translated, english, code = numbers
    return WordUsage(
        small or 0, small_sources or 0, capital or 0, capital_sources or 0, translated, english or 0, code or 0
    )
