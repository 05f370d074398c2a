"""Latin letters where Russian ones were meant: «c другом», «MOCKBA».

Every other mixture of alphabets shows in the word itself. Here the whole word is Latin, and only what it would be in
Russian, and what stands beside it, gives it away:

- a word of four letters or more whose twin in Cyrillic is a Russian word, and which is no English word, name or
  abbreviation itself («MOCKBA», «BECHA», «CCCP»; «CAPEX», «HTTP», «TEXT» stay);
- a shorter one, with a vowel, among Russian capitals («HE ВХОДИТЬ»);
- a single letter that is a Russian word («c», «o», «y», «a», «B», «K») right before a Russian word, unless it is a
  variable, a vitamin, a plan or a point (`lone_letters.py`).

The letters and words come from `data/lookalikes.txt`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

_DATA = files("role_engine.language") / "data" / "lookalikes.txt"
_SURE = 4
"""Letters from which on a word of lookalikes is no abbreviation."""

_CAPITALS, _SMALL = "ABCEHKMOPTXY", "aceoprxy"
_LONE = "acoyABCKOY"
_ALIKE = re.compile(rf"(?<![\w'’/#+&@=._\-])[{_CAPITALS}{_SMALL}]+(?![\w'’/#+&@=_]|[.\-]\w)")
# A word that cannot be decided without the one after it.
_NEEDY = rf"(?<!\w)(?:[{_LONE}]|[{_CAPITALS}]{{2,3}})"
NEEDS_NEXT = re.compile(rf"{_NEEDY}(?!\w)")
ENDS_IN_NEED = re.compile(rf"{_NEEDY}[*_]{{0,3}}\Z")
_VOWEL = re.compile("[AEOY]")


@lru_cache(maxsize=1)
def _twins() -> dict[str, str]:
    """Latin and Greek letter → the Russian letter of the same looks and case."""
    return {pair[0]: pair[1] for pair in _read()[1].split()}


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Russian words that can be written in Latin lookalikes and are nothing else then."""
    return frozenset(_read()[2:])


def _read() -> list[str]:
    return _DATA.read_text(encoding="utf-8").split("\n")


def russian_twin(word: str) -> str | None:
    """`word` in Russian letters, where every letter of it is one or looks like one; else None."""
    twins = _twins()
    letters = [char if "а" <= char.lower() <= "я" or char in "Ёё" else twins.get(char) for char in word]
    return None if None in letters else "".join(letter for letter in letters if letter)


def latin_twin(word: str) -> str | None:
    """`word` in Latin letters, where every letter of it is one or looks like one; else None."""
    letters = [char if char.isascii() and char.isalpha() else _latin_twins().get(char) for char in word]
    return None if None in letters else "".join(letter for letter in letters if letter)


@lru_cache(maxsize=1)
def _latin_twins() -> dict[str, str]:
    return {russian: letter for letter, russian in _twins().items() if letter.isascii()}


def is_russian_word(latin: str) -> bool:
    """Whether a word of Latin lookalikes is a Russian word and no English one."""
    twin = russian_twin(latin)
    return twin is not None and twin.lower() in _words()


def lookalikes(whole: str, start: int, end: int, after: str) -> list[tuple[int, int]]:
    """The words of `whole[start:end]` that only look Russian. `whole`: their line, `after`: what follows it."""
    words = list(_ALIKE.finditer(whole, start, end))
    if not words:
        return []
    from role_engine.language.letters.lone_letters import is_russian_letter  # its patterns are rarely needed

    found = []
    text = whole + after
    for match in words:
        word, at, until = match.group(), match.start(), match.end()
        if len(word) == 1:
            refused = word in _LONE and is_russian_letter(text, at)
        elif len(word) < _SURE and word.isupper():
            refused = bool(_VOWEL.search(word)) and _among_capitals(text, at, until) and is_russian_word(word)
        else:
            refused = len(word) >= _SURE and is_russian_word(word)
        if refused:
            found.append((at, until))
    return found


def _among_capitals(text: str, start: int, end: int) -> bool:
    from role_engine.language.letters.lone_letters import CAPITALS, NEAR, RUSSIAN_BEFORE, RUSSIAN_NEXT

    before, after = RUSSIAN_BEFORE.search(text, max(0, start - NEAR), start), RUSSIAN_NEXT.match(text, end)
    return any(word and CAPITALS.fullmatch(word["word"]) for word in (before, after))
