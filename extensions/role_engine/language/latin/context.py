"""What the user wrote: the names and terms that a reply may repeat, and the language that it may be asked for in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LATIN
from role_engine.language.latin.free_shapes import TERM
from role_engine.language.latin.lexicon import look_up

if TYPE_CHECKING:
    from role_engine.language.requests.request import LanguageRequest

# So many Latin words in a row are a phrase and no term.
LONGEST_TERM = 3
# A name has no more words.
LONGEST_NAME = 6

_A_LATIN = regex.compile(LATIN, FLAGS)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_TECHNICAL = re.compile(r"[0-9_]|[a-z][A-Z]|[A-Z]{2}")
_CODE = re.compile(r"`|[A-Za-z]\w{0,60}\(|\b[a-z]+(?:_[a-z]+)+\b|\b[a-z]+[A-Z]\w*|</?[a-z]+>|(?m:^[ \t]{4,}\S)|\$ \w")
_PART = re.compile(r"[\-‐‑./&+]+")
_GENITIVE = re.compile(r"['’]s$")
_PLURAL = re.compile(r"(?<=[^\Wsui])s$")


class _Seen(NamedTuple):
    """How the user wrote a word, taken over all places: with a capital, and as a term in Russian text."""

    capital: bool = False
    in_russian: bool = False


class UserContext:
    """The user's messages, oldest first. They are read when the first Latin word is asked for.

    A word may be repeated, in whatever case and number, if the user wrote it and it is a name or a term: an identifier
    or an acronym, a word with a capital, or one standing in Russian text, as long as English has no such word. An
    English word with a capital may be repeated beside the word that makes it a name («Quantum Foo»). The words of an
    English sentence are ordinary, whoever wrote it.
    """

    def __init__(self, messages: Sequence[str]) -> None:
        self._messages = tuple(messages)

    def __bool__(self) -> bool:
        return bool(self._messages)

    def __contains__(self, word: str) -> bool:
        """Whether `word` may be repeated by itself."""
        seen = self._words.get(_key(word)) if self._messages else None
        if seen is None:
            return False
        if _TECHNICAL.search(word):
            return True
        known = look_up(word)
        if known.function:
            return False
        if known.ordinary and not known.name:
            return known.name_at_times and word[0].isupper() and seen == _Seen(True, True)
        return seen.capital or seen.in_russian

    def repeats(self, row: Sequence[str], at: int) -> bool:
        """Whether the word at `at` of a row of words may be repeated, by itself or together with a neighbour."""
        if row[at] in self:
            return True
        if not row[at][0].isupper():
            return False
        pairs = (row[begin : begin + 2] for begin in (at - 1, at) if begin >= 0)
        names = (self._names.get((_key(pair[0]), _key(pair[1]))) for pair in pairs if len(pair) == 2)
        return any(name is not None and not all(look_up(word).ordinary for word in name) for name in names)

    def wrote(self, word: str) -> bool:
        """Whether the user wrote `word`, as what ever."""
        return bool(self._messages) and _key(word) in self._words

    @cached_property
    def request(self) -> LanguageRequest | None:
        """What the user asks for in another language; None where the last message makes no such request."""
        if not self._messages or not self._messages[-1]:
            return None
        from role_engine.language.requests.request import request_in  # its patterns are rarely needed

        return request_in(self._messages)

    @cached_property
    def about_code(self) -> int:
        """1 where the user wrote code or identifiers, else 0: then the conversation is about programs."""
        return int(any(_CODE.search(message) for message in self._messages))

    @property
    def _words(self) -> dict[str, _Seen]:
        """Every Latin word of the messages, and its parts, by its key."""
        return self._read.words

    @property
    def _names(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The words with a capital that stand in a row in Russian text, by the keys of each pair of neighbours."""
        return self._read.names

    @cached_property
    def _read(self) -> _Reading:
        reading = _Reading()
        for message in self._messages:
            for line in message.splitlines():
                if _A_LATIN.search(line):
                    reading.read(line)
        return reading


class _Reading:
    """The Latin words and names of a text, gathered line by line."""

    def __init__(self) -> None:
        self.words: dict[str, _Seen] = {}
        self.names: dict[tuple[str, str], tuple[str, ...]] = {}

    def read(self, line: str) -> None:
        russian = _A_CYRILLIC.search(line) is not None
        row: list[str] = []
        end = -1
        for term in TERM.finditer(line):
            if term.start() - end != 1 or not line[end].isspace():
                self._take(row, russian)
                row = []
            row.append(term.group())
            end = term.end()
        self._take(row, russian)

    def _take(self, row: list[str], russian: bool) -> None:
        as_term = russian and len(row) <= LONGEST_TERM
        for word in row:
            parts = _PART.split(word)
            for one in (word, *parts) if len(parts) > 1 else (word,):
                if len(one) > 1:
                    key, capital = _key(one), one[0].isupper() or _TECHNICAL.search(one) is not None
                    seen = self.words.get(key, _Seen())
                    self.words[key] = _Seen(seen.capital or capital, seen.in_russian or as_term)
        if russian and len(row) > 1:
            for capital, name in groupby(row, key=lambda word: word[0].isupper()):
                if capital:
                    words = tuple(islice(name, LONGEST_NAME))
                    self.names.update(((_key(one), _key(two)), words) for one, two in pairwise(words))


def _key(word: str) -> str:
    """The word without case, genitive and plural."""
    return _PLURAL.sub("", _GENITIVE.sub("", word.casefold()))
