"""Latin words one by one: which a Russian text may hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LATIN, SPACE_IN_LINE
from role_engine.language.free_shapes import (
    A_NUMBER_BEFORE,
    ALL_CAPITALS,
    CAPITALISED,
    JOINERS,
    SHAPED,
    TERM,
    UNIT_AFTER_NUMBER,
)
from role_engine.language.window import MEMORY, Stop

# How far back words are read that those of the unit may go on with, in characters.
MEMORY_OF_WORDS = 40
LONGEST_REPEAT, LONGEST_ROW_OF_CAPITALS, LONGEST_NAME_ALONE = 3, 2, 4

_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_JOINED_TO_RUSSIAN = regex.compile(rf"[\-‐‑'’]{CYRILLIC}", FLAGS)
_ONE_SPACE = regex.compile(SPACE_IN_LINE, FLAGS)
_WORDS = rf"{LATIN}[^{{}}<>\n:.!?{CYRILLIC}]{{0,60}}?"
_HEADING = regex.compile(rf"[^\p{{L}}\p{{N}}]*(?P<words>{_WORDS})[\"*_»”]{{0,3}}:", FLAGS)
_BULLET = regex.compile(rf"{SPACE_IN_LINE}*(?:[*+\-•–—]|[0-9]{{1,3}}[.)]){SPACE_IN_LINE}", FLAGS)
_NAME = r"\p{Lu}[\p{L}\p{M}\p{N}'’&.\-]*"
_NAME_ALONE = regex.compile(
    rf"{_BULLET.pattern}[*_]{{0,3}}{_NAME}(?:{SPACE_IN_LINE}{_NAME}){{0,{LONGEST_NAME_ALONE - 1}}}[*_]{{0,3}}[.,;]?",
    FLAGS,
)
_ROW_OF_CAPITALS = regex.compile(rf"\b\p{{Lu}}{{2,}}(?:[ ]\p{{Lu}}{{2,}}){{{LONGEST_ROW_OF_CAPITALS},}}\b", FLAGS)
_TECHNICAL = regex.compile(r"[0-9_./\-\p{Lu}]", FLAGS)


class Context:
    """The Latin words of the user's messages, gathered when the first is asked for."""

    def __init__(self, messages: Sequence[str]) -> None:
        self._messages = tuple(messages)

    def __contains__(self, word: str) -> bool:
        return bool(self._messages) and word.casefold() in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(term.group().casefold() for text in self._messages for term in TERM.finditer(text))


class Line:
    """A window in its line. Offsets are the window's; `whole` begins `offset` characters earlier.

    Attributes:
        russian_before: whether a Cyrillic letter stands before the window in the line.
        russian_after: the offset behind the first Cyrillic letter known to follow the window, 0 if none is.
        begins: whether `whole` begins where the line does (a longer line is not remembered whole).
    """

    def __init__(self, before: str, text: str, stop: Stop, relies: int) -> None:
        self.text, self.offset, self.whole, self.stop = text, len(before), before + text, stop
        self.russian_before = _A_CYRILLIC.search(before) is not None
        self.russian_after = relies if stop == "cyrillic" else 0
        self.begins = len(before) < MEMORY

    def russian_by(self, start: int, end: int) -> int | None:
        """What makes the line Russian for its stretch [start, end): 0, Cyrillic letters before it; else the offset
        behind the first one after it; None where there is none."""
        if self.russian_before or _A_CYRILLIC.search(self.text, 0, max(start, 0)):
            return 0
        after = _A_CYRILLIC.search(self.text, end)
        return after.end() if after else self.russian_after or None


class Verdict(NamedTuple):
    """Of a window's words: which are `refused`; which `groups` stand or fall together; what a word `relies` on.

    All as (start, end); in `relies`, from the word's start to the end of the text that makes it a name.
    """

    refused: list[tuple[int, int]]
    groups: list[tuple[int, int]]
    relies: list[tuple[int, int]]


class _Word(NamedTuple):
    """A word of the line; `name`: free only as a name; `repeated`: free because the user wrote it."""

    start: int
    end: int
    text: str
    free: bool
    name: bool = False
    repeated: bool = False


def judge_terms(line: Line, end: int, blocks: Sequence[tuple[int, int]], context: Context) -> Verdict:
    """Judge the Latin words of the window up to `end` that are in none of `blocks`, and those that follow in a row."""
    whole, offset, limit = line.whole, line.offset, line.offset + end
    covered = [(start + offset, until + offset) for start, until in blocks]
    heading, alone = _heading(line), _stands_alone(line)
    words: list[_Word] = []
    relies: list[tuple[int, int]] = []
    for match in TERM.finditer(whole, max(0, offset - MEMORY_OF_WORDS)):
        start, stop = match.span()
        if start >= limit and (not words or not _in_a_row(whole, words[-1], start, limit)):
            break
        text = match.group()
        word = _Word(start, stop, text, True)
        if stop <= offset:
            repeated = text in context and line.russian_by(0, 0) is None
            word = word._replace(name=CAPITALISED.fullmatch(text) is not None, repeated=repeated)
        elif any(at < stop and start < until for at, until in covered):
            pass
        elif _in_row_of_capitals(whole, start, stop) or _is_article(whole, words, word):
            word = word._replace(free=False)
        elif not _is_shaped(whole, start, stop):
            named = CAPITALISED.fullmatch(text) is not None and start >= heading
            until = 0 if named and alone else line.russian_by(start - offset, stop - offset) if named else None
            if until is not None:
                word = word._replace(name=True)
                relies.append((start - offset, until))
            else:
                repeated = text in context and _TECHNICAL.search(text) is not None
                word = word._replace(free=repeated, name=repeated, repeated=repeated)
        words.append(word)
    groups = _join_names(line, words)
    _refuse_phrases(whole, words)
    _limit_repeats(whole, words)
    refused = [
        (max(word.start - offset, 0), word.end - offset) for word in words if not word.free and word.end > offset
    ]
    return Verdict(refused, groups, relies)


def _in_a_row(whole: str, last: _Word, start: int, limit: int) -> bool:
    """Whether a word behind the unit still bears on it: `last` is refused, or in the unit and right before."""
    if last.free:
        return last.start < limit and start - last.end == 1
    return start - last.end <= 4


def _in_row_of_capitals(whole: str, start: int, end: int) -> bool:
    """Whether the word is one of several in capitals: a phrase and not an acronym."""
    if not ALL_CAPITALS.fullmatch(whole, start, end):
        return False
    return any(row.start() <= start and end <= row.end() for row in _ROW_OF_CAPITALS.finditer(whole))


def _is_shaped(whole: str, start: int, end: int) -> bool:
    word = whole[start:end]
    if SHAPED.fullmatch(word) or _JOINED_TO_RUSSIAN.match(whole, end):
        return True
    return bool(UNIT_AFTER_NUMBER.fullmatch(word) and A_NUMBER_BEFORE.search(whole, max(0, start - 3), start))


def _is_article(whole: str, words: list[_Word], word: _Word) -> bool:
    """Whether a single letter is no variable, but a word of the foreign phrase before it: «this is a …»."""
    return word.text in ("a", "A", "I") and bool(words) and not words[-1].free and _adjacent(whole, words[-1], word)


def _heading(line: Line) -> int:
    """Where a Latin heading or lead-in that begins the line ends («Title: …»), in `whole`; 0 where there is none."""
    found = _HEADING.match(line.whole) if line.begins and ":" in line.whole else None
    return found.end("words") if found and not _BULLET.match(line.whole) else 0


def _stands_alone(line: Line) -> bool:
    """Whether the line is a list item that holds one name and nothing else."""
    return line.begins and line.stop in ("line", "end") and _NAME_ALONE.fullmatch(line.whole) is not None


def _join_names(line: Line, words: list[_Word]) -> list[tuple[int, int]]:
    """Free the small words inside a name («Bank of America»); the stretches that became one."""
    groups = []
    for at, word in enumerate(words):
        if word.free or word.text not in JOINERS:
            continue
        after = next((later for later in words[at + 1 : at + 3] if later.text not in JOINERS), None)
        linked = [words[at - 1], word, *words[at + 1 : at + 3]] if at else []
        if not after or not linked or not (words[at - 1].free and after.name):
            continue
        linked = linked[: linked.index(after) + 1]
        if all(_adjacent(line.whole, one, two) for one, two in pairwise(linked)):
            words[at] = word._replace(free=True, name=True)
            groups.append((max(word.start - line.offset, 0), after.end - line.offset))
    return groups


def _adjacent(whole: str, one: _Word, two: _Word) -> bool:
    return two.start - one.end == 1 and _ONE_SPACE.match(whole, one.end) is not None


def _refuse_phrases(whole: str, words: list[_Word]) -> None:
    """A capitalised word that foreign words follow begins a phrase and is no name: «Healthy eating»."""
    for at in range(len(words) - 1, 0, -1):
        name, word = words[at - 1], words[at]
        if name.name and not word.free and word.text[0].islower() and _adjacent(whole, name, word):
            words[at - 1] = name._replace(free=False)


def _limit_repeats(whole: str, words: list[_Word]) -> None:
    """No more than three of the user's words in a row."""
    row = 0
    for at, word in enumerate(words):
        row = row + 1 if word.repeated and (not row or _adjacent(whole, words[at - 1], word)) else int(word.repeated)
        if row > LONGEST_REPEAT:
            words[at] = word._replace(free=False)
