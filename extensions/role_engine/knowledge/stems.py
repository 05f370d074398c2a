"""Words as they are looked up: lower case, ё as е, cut to their stem, without those that say nothing of a subject.

Stemming is Snowball's (M. F. Porter, https://snowballstem.org), by PyStemmer: «стрелки» and «стрелку» are one word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import regex

from role_engine.errors import InputError
from role_engine.knowledge.stop_words import STOP_WORDS

_WORD = regex.compile(r"[\p{L}\p{M}]+|\p{Nd}+")
_STRESS = regex.compile(r"[\u0300\u0301]")


class Stems(Protocol):
    """From a text to its words as they are looked up. Not to be shared between threads."""

    def __call__(self, text: str) -> list[str]: ...


def words(text: str) -> list[str]:
    """The words and numbers of a text that say something, in lower case."""
    lowered = _STRESS.sub("", text).lower().replace("ё", "е")
    return [word for word in _WORD.findall(lowered) if word not in STOP_WORDS]


class SnowballStems:
    """Stems of Russian words and, in Latin letters, of English ones.

    Args:
        cached: words whose stem is remembered; for an index of many texts.

    Raises:
        InputError: PyStemmer is not installed.
    """

    def __init__(self, cached: int = 1000) -> None:
        try:
            import Stemmer
        except ImportError:
            raise InputError("Looking things up needs the package `PyStemmer`.", hint="pip install PyStemmer") from None
        self._russian: Any = Stemmer.Stemmer("russian", cached)
        self._english: Any = Stemmer.Stemmer("english", cached)

    def __call__(self, text: str) -> list[str]:
        return self._stemmed(words(text))

    def _stemmed(self, plain: Sequence[str]) -> list[str]:
        return [(self._english if word.isascii() else self._russian).stemWord(word) for word in plain]
