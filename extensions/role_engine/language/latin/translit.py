"""Russian in Latin letters: «privet, kak dela».

A word is judged by its letters in threes: a table of log-odds, trained on Russian word forms in eight transliterations
against words of English and seven other languages, and lists of the words that it has wrong
(`tools/language_data/build_translit.py`, `build_foreign_words.py`). Letters that no transliteration has («é», «ß», «ñ»)
speak against it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LATIN
from role_engine.language.verdict import Kind

LATIN_WORD = regex.compile(rf"{LATIN}(?:[{LATIN}\p{{M}}]|['’ʹʼ`](?={LATIN}))*", FLAGS)

# Fewer letters say nothing when they stand alone: «on», «my», «net».
SHORTEST = 4
_LETTERS = {char: at for at, char in enumerate("abcdefghijklmnopqrstuvwxyz'", start=1)}
_BASE = len(_LETTERS) + 1
# Letters of other languages; scholars write Russian with «â», «č», «è», «ë», «š», «û», «ž» and «ï».
_FOREIGN_LETTER = re.compile("[áàãäåæçéêíìîñóòôõöøœßúùüýÿąćęłńőűğışțăøþð]")
FOREIGN = "????"
"""What a word with such a letter is read as."""
# No word counts for more in a run than this, in the table's sixteenths of a natural log-odd; a short one for less.
_STRONGEST, _STRONGEST_SHORT = 96, 32


class _Tables(NamedTuple):
    odds: memoryview
    russian: frozenset[str]
    other: frozenset[str]
    no_name: frozenset[str]
    both: frozenset[str]
    short: frozenset[str]
    foreign: frozenset[str]
    shared: frozenset[str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    data = resources.files("role_engine.language") / "data"
    english = (data / "translit_words.txt").read_text("utf-8").split()
    others = (data / "foreign_words.txt").read_text("utf-8").split()

    def list_marked(mark: str, listed: list[str]) -> frozenset[str]:
        return frozenset(line[1:] for line in listed if line[0] == mark)

    odds = memoryview((data / "translit.bin").read_bytes()).cast("b")
    return _Tables(
        odds, *(list_marked(mark, english) for mark in "+-!~="), *(list_marked(mark, others) for mark in "-~")
    )


def is_translit(word: str) -> bool:
    """Whether one Latin word is Russian in Latin letters, as far as a word alone can tell; its case does not matter.

    Names are: «Moskva», «Tolstoy». Whether a name may stand is for the caller to say.
    """
    return all(len(part) >= SHORTEST and _odds(part) > 0 for part in _parts(word)) and bool(_parts(word))


def odds_of(word: str) -> int:
    """How much a word speaks for Russian, in sixteenths of a natural log-odd, 0 where it is too short to tell."""
    return sum(_odds(part) for part in _parts(word) if len(part) >= SHORTEST)


def is_no_name(word: str) -> bool:
    """Whether a Latin word is Russian that a capital letter does not make a name: «Privet», «Spasibo», «Kak-to»."""
    first, hyphen, rest = word.partition("-")
    if hyphen and not rest.islower():
        return False
    return _plain(first).replace("'", "") in _tables().no_name


def is_translit_run(words: Sequence[str]) -> bool:
    """Whether Latin words that stand together are Russian by most of them: «Privet, kak dela»."""
    odds = [_odds_in_run(part) for word in words for part in _parts(word)]
    return sum(odds) > 0 and sum(one > 0 for one in odds) >= sum(one < 0 for one in odds)


def kind_of(text: str) -> Kind:
    """`translit` or `latin`: what a refused stretch of Latin text is."""
    words = [found.group() for found in LATIN_WORD.finditer(text)]
    russian = is_translit(words[0]) or is_no_name(words[0]) if len(words) == 1 else is_translit_run(words)
    return "translit" if russian else "latin"


def _parts(word: str) -> list[str]:
    return [_plain(found.group()) for found in LATIN_WORD.finditer(word)]


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    """Small letters without accents («ž» is «z»), the soft sign as «'»."""
    if word.isascii():
        return word.lower()
    if _FOREIGN_LETTER.search(word := unicodedata.normalize("NFC", word.lower())):
        return FOREIGN
    plain = unicodedata.normalize("NFD", word)
    for sign in "’ʹʼ`":
        plain = plain.replace(sign, "'")
    return "".join(char for char in plain if char in _LETTERS)


def _odds(word: str) -> int:
    """How much a plain word speaks for Russian, in sixteenths of a natural log-odd."""
    tables = _tables()
    if word == FOREIGN:
        return -_STRONGEST
    bare = word.replace("'", "")
    if bare in tables.other or bare in tables.foreign:
        return -_STRONGEST
    if bare in tables.russian or bare in tables.no_name:
        return _STRONGEST
    one, two, total = 0, 0, tables.odds[0]
    for char in word:
        three = _LETTERS.get(char, 0)
        if two:
            total += tables.odds[(one * _BASE + two) * _BASE + three]
        one, two = two, three
    return total + tables.odds[(one * _BASE + two) * _BASE]


def _odds_in_run(word: str) -> int:
    if word in _tables().both or word in _tables().shared:
        return 0  # a word of either language goes with the others
    if word in _tables().short:
        return _STRONGEST_SHORT
    strongest = _STRONGEST if len(word) >= SHORTEST or word in _tables().no_name else _STRONGEST_SHORT
    return max(-strongest, min(strongest, _odds(word)))
