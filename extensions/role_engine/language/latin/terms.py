"""The Latin words of a window, one by one and in their rows: which a Russian text may hold.

What is no language (acronyms, variables, units) is free for its shape; every other word is weighed (`evidence.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS
from role_engine.language.latin.context import Context
from role_engine.language.latin.definitions import is_defined_as_name, may_be_defined
from role_engine.language.latin.evidence import load_model, reaches
from role_engine.language.latin.free_shapes import (
    A_NUMBER_BEFORE,
    ALL_CAPITALS,
    FUNCTIONS,
    IN_FORMULA,
    JOINERS,
    UNIT_AFTER_NUMBER,
)
from role_engine.language.latin.introducers import (
    introduces_code,
    introduces_name,
    introduces_phrase,
    word_before_name,
)
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.line import Line
from role_engine.language.latin.observations import (
    Surroundings,
    is_english_compound,
    is_keyword,
    is_latin,
    is_package,
    is_stranger,
    technicality,
)
from role_engine.language.latin.rows import Row, Word, are_adjacent, read_words, rows_of
from role_engine.language.latin.usage import usage_of
from role_engine.language.latin.words import Sort

_MAY_BE_NAMED = (Sort.NAME, Sort.BOTH, Sort.RARE, Sort.SHAPED)
# A word of Zipf's scale from here on is English first, whatever Latin makes of it.
COMMON_IN_ENGLISH = 4
LATIN_JOINERS = frozenset("in per ad de ex ab sine cum pro et a e sub post".split())  # noqa: SIM905

LONGEST_REPEAT, LONGEST_ROW_OF_CAPITALS, LONGEST_NAME_ALONE, LONGEST_PHRASE = 3, 2, 4, 3
# From here on the Russian round a word is surely about machines, in natural log-odds.
TECHNICAL = 4.0
# How far the threshold moves from one end of `tolerance` to the other, in natural log-odds.
TOLERANCE_RANGE = 10.0

# «E = mc²»: as many variables may stand together before an exponent.
LONGEST_FACTORS = 2
_RAISED = ("²", "³")
_NUMBER_AFTER = re.compile(r"[ \u00a0][0-9]{1,4}(?:\.[0-9]+)?(?![\w])")
# «const, а не let», «for и while».
_LISTED_KEYWORDS = re.compile(r"(?:,? (?:и|или|а не|а|либо) |, ?|/)")
_JOINTS = ("-", "‐", "‑", "'", "’")
_JOINED_TO_RUSSIAN = regex.compile(rf"[\-‐‑'’]{CYRILLIC}", FLAGS)
_HEADING = re.compile(r"[^\w]*(?:[0-9]{1,3}[.)][^\w]*)?(?P<words>[A-Za-z][^{}<>\n:.!?А-Яа-яЁё]{0,60}?)[\"*_»”]{0,3}:")
_NAME = r"\p{Lu}[\p{L}\p{M}\p{N}'’&.+#\-]*"
_SMALL_IN_NAME = "|".join(sorted(JOINERS))
_NAME_ALONE = regex.compile(
    rf"[ \t\u00a0]*(?P<bullet>(?:[*+\-•–—]|[0-9]{{1,3}}[.)])[ \t\u00a0])?[*_]{{0,3}}"
    rf"{_NAME}(?:[ \t\u00a0](?:(?:{_SMALL_IN_NAME})[ \t\u00a0]){{0,2}}{_NAME}){{0,{LONGEST_NAME_ALONE - 1}}}"
    r"[*_]{0,3}(?:[ ]\([0-9]{4}\))?[.,;]?",
    FLAGS,
)
_NAMES_ALONE = regex.compile(
    rf"[ \t\u00a0]*(?:(?:[*+\-•–—]|[0-9]{{1,3}}[.)])[ \t\u00a0])?{_NAME}(?:[ \t\u00a0](?:{_NAME}|[0-9]+))*+"
    rf"(?:,[ \t\u00a0]{_NAME}(?:[ \t\u00a0](?:{_NAME}|[0-9]+))*+)*+(?P<more>,)?\.?",
    FLAGS,
)


class Judged(NamedTuple):
    """A word that was weighed, and what it was weighed by."""

    word: Word
    around: Surroundings


class Verdict(NamedTuple):
    """Of a window's words: which are `refused`; what a word `relies` on; those that were weighed.

    `refused` and `relies` as (start, end); in `relies`, from the word's start to the end of the text that frees it.
    """

    refused: list[tuple[int, int]]
    relies: list[tuple[int, int]]
    judged: list[Judged]


def threshold_of(tolerance: float) -> float:
    """What the evidence for a word must come to, in natural log-odds."""
    return load_model().threshold - (tolerance - 0.5) * TOLERANCE_RANGE


def judge_terms(
    line: Line, blocks: Sequence[tuple[int, int]], context: Context, tolerance: float = 0.5, technical: int = 0
) -> Verdict:
    """Judge the Latin words of the window that are in none of `blocks`."""
    words = read_words(line, blocks)
    if all(word.settled for word in words):
        return Verdict([], [], [])
    judge = _Judge(line, words, context, threshold_of(tolerance), technical)
    for row in rows_of(line.whole, words):
        judge.judge_row(row)
    if any(word.repeated for word in words):
        _limit_repeats(line, words, context)
    offset = line.offset
    refused = [(max(word.start - offset, 0), word.end - offset) for word in words if not word.free]
    return Verdict(refused, judge.relies, judge.judged)


class _Judge:
    """Judges the rows of one window; `relies` and `judged` are those of the `Verdict`."""

    def __init__(self, line: Line, words: list[Word], context: Context, threshold: float, technical: int) -> None:
        self.relies: list[tuple[int, int]] = []
        self.judged: list[Judged] = []
        self._line, self._words, self._context = line, words, context
        self._threshold, self._technical = threshold, technical
        self._heading = self._heading_end()
        self._listed = False
        self._alone = self._stands_alone()

    def judge_row(self, row: Row) -> None:
        new = [word for word in row if not word.settled]
        if not new:
            return
        shouted = _shouted(row)
        latin = _latin_phrases(row)
        for word in new:
            if word in shouted:
                word.free = False
            elif word in latin:
                word.free = self._beside_russian(word)
            else:
                word.free = self._free_by_shape(word) and not (len(row) > 1 and _is_article(word, row))
            if not word.free and word not in shouted:
                self._weigh(word, row)
        _join_names(row)
        _join_phrases(row)
        seen = self._line.seen
        self.relies += [
            (word.start - self._line.offset, seen) for word in new if word.free and word.sort is not Sort.SHAPED
        ]
        if self._context:
            texts = [word.text for word in row]
            for at, word in enumerate(row):
                if not word.free and word.sort is not Sort.FUNCTION and self._context.repeats(texts, at):
                    word.free = word.repeated = True

    def _weigh(self, word: Word, row: Row) -> None:
        around = Surroundings(
            self._line,
            self._words,
            row,
            alone=self._alone,
            heading=self._heading,
            defined=self._is_defined(word, row),
            wrote=self._context.wrote(word.text),
            technical=self._technical,
        )
        self.judged.append(Judged(word, around))
        doubtful = self._carries_grammar(word) or is_english_compound(word.text) or self._is_out_of_nowhere(word)
        stands = not (len(row) == 1 and doubtful) and reaches(word, around, self._threshold)
        word.free = stands or around.defined or self._is_named_by_place(word, row)

    def _free_by_shape(self, word: Word) -> bool:
        whole = self._line.whole
        if word.sort is Sort.SHAPED:
            return True
        if whole[word.end : word.end + 1] in _JOINTS and _JOINED_TO_RUSSIAN.match(whole, word.end):
            return True
        if len(word.text) <= LONGEST_FACTORS and whole[word.end : word.end + 1] in _RAISED:
            return True
        if word.text in FUNCTIONS and (found := IN_FORMULA.match(whole, word.end)):
            return self._leans(word, found.end())
        if len(word.text) == 2 and self._is_index(word):
            return True
        return all(part in UNIT_AFTER_NUMBER for part in word.text.split("/")) and bool(
            A_NUMBER_BEFORE.search(whole, max(0, word.start - 3), word.start)
        )

    def _is_index(self, word: Word) -> bool:
        """«p1, p2, …, pn»: a variable that counts with a letter."""
        if word.text[1] not in "nmijk":
            return False
        return re.search(rf"\b{re.escape(word.text[0])}_?[0-9]", self._line.whole[: word.start]) is not None

    def _is_defined(self, word: Word, row: Row) -> bool:
        """Whether it is one word that begins the window's sentence, and the Russian after it says it is a name."""
        line = self._line
        if len(row) > 1 or not line.after or not may_be_defined(line.text) or not line.opens_sentence(word.start):
            return False
        return is_defined_as_name(word.text, line.after)

    def _is_out_of_nowhere(self, word: Word) -> bool:
        """Whether no table knows a small word, and nothing round it is about machines: «план требует atention»."""
        if self._technical or not word.text.islower() or not is_stranger(word.text) or "`" in self._line.whole:
            return False
        if any(one.sort is Sort.SHAPED for one in self._words):
            return False
        return technicality(self._line, word, load_model().stems) < TECHNICAL

    def _carries_grammar(self, word: Word) -> bool:
        """Whether it is «hello», «him», «however», by itself in Russian text: never a name nor a term."""
        if not look_up(word.text).function or is_keyword(word.text):
            return False
        around = self._line.whole[max(word.start - 1, 0) : word.start] + self._line.whole[word.end : word.end + 1]
        return not any(sign in "«»„“”\"'`*_()[]|/=<>" for sign in around)

    def _is_named_by_place(self, word: Word, row: Row) -> bool:
        """Whether its place leaves no doubt: a list of names, a noun that announces it, a keyword beside another."""
        if self._alone and (word.sort is Sort.NAME or (self._listed and word.sort in _MAY_BE_NAMED) or _is_titled(row)):
            return True
        whole = self._line.whole
        before = word_before_name(whole[: row[0].start]) if not row[0].settled else ""
        if len(row) <= LONGEST_PHRASE and introduces_phrase(before):
            return True
        if len(row) == 1 and is_package(word.text) and self._beside_russian(word):
            return True
        if len(row) == 1 and word.sort is not Sort.FUNCTION:
            capital = word.text[0].isupper() and not self._line.opens_sentence(word.start)
            if introduces_code(before) or (
                capital and (introduces_name(before) or _NUMBER_AFTER.match(whole, word.end))
            ):
                return True
        at = self._words.index(word)
        last = self._words[at - 1] if at else None
        if last is None or not (last.free and is_keyword(last.text) and is_keyword(word.text)):
            return False
        return len(row) == 1 and _LISTED_KEYWORDS.fullmatch(whole, last.end, word.start) is not None

    def _beside_russian(self, word: Word) -> bool:
        start, end = word.start - self._line.offset, word.end - self._line.offset
        until = self._line.russian_by(start, end)
        if until is not None:
            self.relies.append((start, until))
        return until is not None

    def _leans(self, word: Word, end: int) -> bool:
        """True: the word is free as long as the text up to `end` of the line stands."""
        self.relies.append((word.start - self._line.offset, end - self._line.offset))
        return True

    def _stands_alone(self) -> bool:
        """Whether the line is one name and nothing else, in a list or as a signature; or a list of names."""
        line, words = self._line, self._words
        if line.begins and line.stop in ("line", "end") and (found := _NAME_ALONE.fullmatch(line.whole)):
            return found["bullet"] is not None or (len(words) > 1 and _are_names(words))
        if line.stop == "cyrillic" or "," not in line.whole:
            return False
        # Of a long line only its end is remembered.
        listed = line.whole if line.begins else line.whole.partition(", ")[2]
        names = [word for word in words if word.end > line.offset]
        self._listed = _NAMES_ALONE.fullmatch(listed) is not None and _are_names(names)
        return self._listed

    def _heading_end(self) -> int:
        """Where a Latin heading or lead-in that begins the line ends («Title: …»), in `whole`; 0 where none is."""
        line = self._line
        found = _HEADING.match(line.whole) if line.begins and ":" in line.whole else None
        return found.end("words") if found else 0


def _is_titled(row: Row) -> bool:
    """Whether the row is two capitalised words or more, with small ones between them: «Academy of Art University»."""
    capitals = sum(word.text[0].isupper() for word in row)
    return capitals > 1 and all(word.text[0].isupper() or word.text in JOINERS for word in row)


def _are_names(words: list[Word]) -> bool:
    """Whether most of the words are names, and the others may be («Harry Potter»)."""
    names = sum(word.sort is Sort.NAME for word in words)
    return names * 2 >= len(words) and all(word.sort in _MAY_BE_NAMED for word in words)


def _latin_phrases(row: Row) -> list[Word]:
    """The words of a row that are Latin beside each other: «Rosa canina», «Musculus biceps brachii»."""
    if len(row) < 2:
        return []
    found: list[Word] = []
    phrase: list[Word] = []
    for word, following in zip_longest([*row, None], row[1:]):
        named = word is not None and following is not None and _may_be_genus(word.text) and is_latin(following.text)
        if word is not None and (named or is_latin(word.text) or (phrase and word.text in LATIN_JOINERS)):
            phrase.append(word)
            continue
        while phrase and phrase[-1].text in LATIN_JOINERS:
            phrase.pop()
        rare = sum(usage_of(one.text).english < COMMON_IN_ENGLISH for one in phrase)
        if len(phrase) > 1 and rare * 2 >= len(phrase):
            found += phrase
        phrase = []
    return found


def _may_be_genus(text: str) -> bool:
    """Whether a capitalised word is none that English has often: «Staphylococcus» before «aureus»."""
    return (
        text[0].isupper() and text.isalpha() and usage_of(text).english < COMMON_IN_ENGLISH and not look_up(text).common
    )


def _join_names(row: Row) -> None:
    """The small words inside of a name are of it: «Bank of America», «The Dark Side of the Moon»."""
    for at, word in enumerate(row):
        if word.free or word.text not in JOINERS:
            continue
        before = next((one for one in reversed(row[max(at - 2, 0) : at]) if one.text not in JOINERS), None)
        after = next((one for one in row[at + 1 : at + 3] if one.text not in JOINERS), None)
        if before and after and before.free and after.free and before.text[0].isupper() and after.text[0].isupper():
            word.free = True


def _join_phrases(row: Row) -> None:
    """Words of one foreign phrase go together.

    Such are what stands between two refused words of a row, and what carries grammar, or is an ordinary small word,
    beside one.
    """
    refused = [at for at, word in enumerate(row) if not word.free]
    for at, word in enumerate(row if refused else ()):
        if word.settled or not word.free or word.sort is Sort.SHAPED:
            continue
        entry = look_up(word.text)
        inside = refused[0] < at < refused[-1] and word.sort not in (Sort.NAME, Sort.TOOL)
        beside = any(not one.free for one in row[max(at - 1, 0) : at + 2])
        if inside or (beside and (entry.function or (word.sort is Sort.SMALL and entry.ordinary))):
            word.free = False


def _is_article(word: Word, row: Row) -> bool:
    """Whether a single letter is no variable, but a word of the foreign phrase round it: «this is a …», «I see»."""
    if word.text not in ("a", "A", "I"):
        return False
    at = row.index(word)
    return not row[at - 1].free if at else row[1].sort is Sort.SMALL and not row[1].settled


def _shouted(row: Row) -> list[Word]:
    """The words of a row that are written in capitals, where they are so many that they are no acronyms.

    A statement of a query language is no shouting, nor are acronyms: «CREATE OR REPLACE PROCEDURE», «HTTP REST API».
    """
    if len(row) <= LONGEST_ROW_OF_CAPITALS:
        return []
    capitals = [word for word in row if ALL_CAPITALS.fullmatch(word.text)]
    if len(capitals) <= LONGEST_ROW_OF_CAPITALS:
        return []
    if all(is_keyword(word.text) or not look_up(word.text).ordinary for word in capitals):
        return []
    return capitals


def _limit_repeats(line: Line, words: list[Word], context: Context) -> None:
    """No more than three of the user's words in a row."""
    row = 0
    for at, word in enumerate(words):
        repeated = word.repeated or (word.settled and context.wrote(word.text))
        row = row + 1 if repeated and (not row or are_adjacent(line.whole, words[at - 1], word)) else int(repeated)
        if row > LONGEST_REPEAT and not word.settled:
            word.free = False
