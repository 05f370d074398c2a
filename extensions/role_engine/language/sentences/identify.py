"""Whether a sentence in Russian letters is Russian: by its words, then by an identifier of languages.

A list holds frequent words of Russian, Bulgarian, Macedonian, Serbian and Ukrainian with their log-odds
(`tools/language_data/build_cyrillic_words.py`). It settles most sentences at once, and it knows the grammar words that
tell the short sentences on which language identifiers slip.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS
from role_engine.language.sentences.identifiers import Identifier, identifier

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


_log = logging.getLogger(__name__)

# What the words must say to settle it alone, in tenths of a natural log-odd. Russian is the far likelier language of
# a reply, so that less is needed on its side.
RUSSIAN, NEIGHBOUR = 25, -150
# Without an identifier, words as foreign as this are enough.
NEIGHBOUR_BY_WORDS = -60
# In natural log-odds: how much likelier than any other language Russian is before anything was read, and what a tenth
# of the words' counts beside an identifier (they are not independent of each other).
PRIOR, WORDS_WEIGHT = 3.0, 0.08

# «Аааа!», «ха-ха-ха», a list of two long terms: fewer different words are no sentence.
FEWEST_WORDS = 4

_NO_LETTER = regex.compile(rf"[^{CYRILLIC}]+", FLAGS)
_STRESS = regex.compile("[\u0300\u0301]")


def is_russian(sentence: str) -> bool:
    """Whether a sentence of some 40 letters or more, all of them Russian, is Russian. Thread-safe, always the same."""
    words = weigh(sentence)
    if words >= RUSSIAN:
        return True
    if distinct_words(sentence) < FEWEST_WORDS:
        return True
    if words <= NEIGHBOUR:
        return False
    engine = identifier()
    if engine is None:
        return words > NEIGHBOUR_BY_WORDS
    return words * WORDS_WEIGHT + _ask(engine, sentence) + PRIOR > 0


def _ask(engine: Identifier, sentence: str) -> float:
    try:
        return engine.odds(sentence)
    except Exception as error:
        _note_failure(engine.name, type(error).__name__)
        return 0.0


@lru_cache(maxsize=8)
def _note_failure(name: str, error: str) -> None:
    _log.warning("The language identifier %s failed on a sentence (%s); it was judged by its words.", name, error)


def plain_letters(text: str) -> str:
    """The Cyrillic words of `text`, a space apart, without stress marks, «и» and its breve put together."""
    text = _STRESS.sub("", text)
    return _NO_LETTER.sub(" ", unicodedata.normalize("NFC", text)).strip()
