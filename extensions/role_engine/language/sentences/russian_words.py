"""How much the words of a sentence in Russian letters speak for Russian.

The list holds frequent words of Russian, Bulgarian, Macedonian, Serbian and Ukrainian with their log-odds
(`tools/language_data/build_cyrillic_words.py`). It settles most sentences at once, and it knows the grammar words that
tell the short sentences on which language identifiers slip.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Long vowels are written double in Mongolian and Kyrgyz («байгаа», «хүүхэд»), and hardly ever in Russian.
_DOUBLE_VOWEL = re.compile("аа|ээ|уу|юу|яа|эй")
_FOR_DOUBLE_VOWELS, _DOUBLE_VOWELS_BY_CHANCE = -20, 1
_SURE = 40


@cache
def _weights() -> dict[str, int]:
    lines = files("role_engine.language").joinpath("data/cyrillic_words.txt").read_text("utf-8").split()
    return {word: int(weight) for word, weight in zip(lines[::2], lines[1::2], strict=True)}


def distinct_words(sentence: str) -> int:
    """How many different words a sentence has."""
    return len(set(_WORD.findall(sentence.lower())))


def weigh(sentence: str) -> int:
    """Tenths of a natural log-odd: above 0 the words are Russian ones, below those of a neighbour; each counts once."""
    small = sentence.lower()
    total = sum(filter(None, map(_weights().get, set(_WORD.findall(small)))))
    if total < _SURE:
        total += _FOR_DOUBLE_VOWELS * max(len(_DOUBLE_VOWEL.findall(small)) - _DOUBLE_VOWELS_BY_CHANCE, 0)
    return total
