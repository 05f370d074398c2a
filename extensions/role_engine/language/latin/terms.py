"""The Latin words of a window, one by one and in their rows: which a Russian text may hold.

What is no language (acronyms, variables, units) is free for its shape; every other word is weighed (`evidence.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS
from role_engine.language.latin.context import UserContext
from role_engine.language.latin.definitions import is_defined_as_name, may_be_defined
from role_engine.language.latin.evidence import load_model, reaches
from role_engine.language.latin.free_shapes import (
    A_NUMBER_BEFORE,
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
from role_engine.language.latin.line import LineContext
from role_engine.language.latin.observations import Surroundings, technicality
from role_engine.language.latin.phrases import (
    LONGEST_PHRASE,
    MAY_BE_NAMED,
    are_names,
    find_latin_phrases,
    find_shouted,
    is_article,
    is_titled,
    join_names,
    join_phrases,
    names_acronym,
)
from role_engine.language.latin.rows import Row, Word, are_adjacent, read_words, rows_of
from role_engine.language.latin.word_kinds import (
    count_keeping_sources,
    is_english_compound,
    is_keyword,
    is_package,
    is_stranger,
)
from role_engine.language.latin.words import Sort

LONGEST_REPEAT, LONGEST_NAME_ALONE = 3, 4
LONGEST_SHORT_SHAPE = 4
# From here on the Russian round a word is surely about machines, in natural log-odds.
TECHNICAL = 4.0
# So much more is asked for a word where the text falls apart, in natural log-odds.
TORN = 3.0
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
# «<b>A</b>synchronous»: the letter that an acronym has of the word.
_LETTER_IN_TAGS = re.compile(r">[A-Za-z]</[a-z]{1,8}>\Z")
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


class JudgedWord(NamedTuple):
    """A word that was weighed, and what it was weighed by."""

    word: Word
    around: Surroundings


class TermsVerdict(NamedTuple):
    """Of a window's words: which are `refused`; what a word depends on; those that were weighed.

    `refused` and `depends_until` as (start, end); in `depends_until`, from the word's start to the end of the text that
    frees it.
    """

    refused: list[tuple[int, int]]
    depends_until: list[tuple[int, int]]
    judged: list[JudgedWord]


def threshold_of(tolerance: float) -> float:
    """What the evidence for a word must come to, in natural log-odds."""
    return load_model().threshold - (tolerance - 0.5) * TOLERANCE_RANGE


def judge_terms(
    line: LineContext,
    blocks: Sequence[tuple[int, int]],
    context: UserContext,
    tolerance: float = 0.5,
    technical: int = 0,
) -> TermsVerdict:
    """Judge the Latin words of the window that are in none of `blocks`."""
    words = read_words(line, blocks)
    if all(word.settled for word in words):
        return TermsVerdict([], [], [])
    judge = _Judge(line, words, context, threshold_of(tolerance), technical)
    for row in rows_of(line.whole, words):
        judge.judge_row(row)
    if any(word.repeated for word in words):
        _limit_repeats(line, words, context)
    offset = line.offset
    refused = [(max(word.start - offset, 0), word.end - offset) for word in words if not word.free]
    return TermsVerdict(refused, judge.depends_until, judge.judged)


class _Judge:
    """Judges the rows of one window; `depends_until` and `judged` are those of the `TermsVerdict`."""

    def __init__(
        self, line: LineContext, words: list[Word], context: UserContext, threshold: float, technical: int
    ) -> None:
        self.depends_until: list[tuple[int, int]] = []
        self.judged: list[JudgedWord] = []
        self._line, self._words, self._context = line, words, context
        self._threshold, self._technical = threshold, technical
        self._heading = self._heading_end()
        self._listed = False
        self._alone = self._stands_alone()

    def judge_row(self, row: Row) -> None:
        new = [word for word in row if not word.settled]
        if not new:
            return
        torn = [word for word in new if self._line.is_torn(word.start, word.end)]
        barred = find_shouted(row) + [word for word in torn if not _is_known(word)]
        latin = find_latin_phrases(row)
        for word in new:
            if word in barred:
                word.free = False
                continue
            if word in latin:
                word.free = self._beside_russian(word)
            else:
                word.free = self._free_by_shape(word) and not (len(row) > 1 and is_article(word, row))
            if not word.free:
                self._weigh(word, row, word in torn)
        join_names(row)
        join_phrases(row)
        seen = self._line.seen
        self.depends_until += [
            (word.start - self._line.offset, seen) for word in new if word.free and word.sort is not Sort.SHAPED
        ]
        if self._context:
            texts = [word.text for word in row]
            for at, word in enumerate(row):
                if not word.free and word.sort is not Sort.FUNCTION and self._context.repeats(texts, at):
                    word.free = word.repeated = True

    def _weigh(self, word: Word, row: Row, torn: bool) -> None:
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
        self.judged.append(JudgedWord(word, around))
        compound = is_english_compound(word.text) and not self._is_technical(word)
        doubtful = self._carries_grammar(word) or compound or self._is_out_of_nowhere(word)
        threshold = self._threshold + TORN if torn else self._threshold
        stands = not (len(row) == 1 and doubtful) and reaches(word, around, threshold)
        word.free = stands or (not torn and (around.defined or self._is_named_by_place(word, row)))

    def _free_by_shape(self, word: Word) -> bool:
        whole = self._line.whole
        if word.sort is Sort.SHAPED:
            return True
        if whole[word.start - 1 : word.start] == ">" and _LETTER_IN_TAGS.search(
            whole, max(0, word.start - 13), word.start
        ):
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
        return word.text.islower() and is_stranger(word.text) and not self._is_technical(word)

    def _is_technical(self, word: Word) -> bool:
        """Whether the text is about machines: code before or in the line, identifiers near, or the Russian round it."""
        if self._technical or "`" in self._line.whole or any(one.sort is Sort.SHAPED for one in self._words):
            return True
        return technicality(self._line, word, load_model().stems) >= TECHNICAL

    def _carries_grammar(self, word: Word) -> bool:
        """Whether it is «hello», «him», «however», by itself in Russian text: never a name nor a term."""
        if not look_up(word.text).function or is_keyword(word.text):
            return False
        around = self._line.whole[max(word.start - 1, 0) : word.start] + self._line.whole[word.end : word.end + 1]
        return not any(sign in "«»„“”\"'`*_()[]|/=<>" for sign in around)

    def _is_named_by_place(self, word: Word, row: Row) -> bool:
        """Whether its place leaves no doubt: a list of names, a noun that announces it, a keyword beside another."""
        if self._alone and (word.sort is Sort.NAME or (self._listed and word.sort in MAY_BE_NAMED) or is_titled(row)):
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
        if names_acronym(word, row) or self._is_title_inside(row):
            return True
        at = self._words.index(word)
        last = self._words[at - 1] if at else None
        if last is None or not (last.free and is_keyword(last.text) and is_keyword(word.text)):
            return False
        return len(row) == 1 and _LISTED_KEYWORDS.fullmatch(whole, last.end, word.start) is not None

    def _is_title_inside(self, row: Row) -> bool:
        """Whether the row is two or three capitalised words within a Russian sentence: «вёрстка по Pixel Perfect»."""
        if not 1 < len(row) <= LONGEST_PHRASE or any(not one.sort.capital or one.sort is Sort.FUNCTION for one in row):
            return False
        start = row[0].start
        return not self._line.opens_sentence(start) and self._line.russian_by(start - self._line.offset, 0) == 0

    def _beside_russian(self, word: Word) -> bool:
        start, end = word.start - self._line.offset, word.end - self._line.offset
        until = self._line.russian_by(start, end)
        if until is not None:
            self.depends_until.append((start, until))
        return until is not None

    def _leans(self, word: Word, end: int) -> bool:
        """True: the word is free as long as the text up to `end` of the line stands."""
        self.depends_until.append((word.start - self._line.offset, end - self._line.offset))
        return True

    def _stands_alone(self) -> bool:
        """Whether the line is one name and nothing else, in a list or as a signature; or a list of names."""
        line, words = self._line, self._words
        if line.begins and line.stop in ("line", "end") and (found := _NAME_ALONE.fullmatch(line.whole)):
            return found["bullet"] is not None or (len(words) > 1 and are_names(words))
        if line.stop == "cyrillic" or "," not in line.whole:
            return False
        # Of a long line only its end is remembered.
        listed = line.whole if line.begins else line.whole.partition(", ")[2]
        names = [word for word in words if word.end > line.offset]
        self._listed = _NAMES_ALONE.fullmatch(listed) is not None and are_names(names)
        return self._listed

    def _heading_end(self) -> int:
        """Where a Latin heading or lead-in that begins the line ends («Title: …»), in `whole`; 0 where none is."""
        line = self._line
        found = _HEADING.match(line.whole) if line.begins and ":" in line.whole else None
        return found.end("words") if found else 0


def _is_known(word: Word) -> bool:
    """Whether authors leave the word, or it is a short one that is free for its shape: «Docker», «GPT», «H2O»."""
    short = word.sort is Sort.SHAPED and len(word.text) <= LONGEST_SHORT_SHAPE
    return short or count_keeping_sources(word.text) >= 2


def _limit_repeats(line: LineContext, words: list[Word], context: UserContext) -> None:
    """No more than three of the user's words in a row."""
    row = 0
    for at, word in enumerate(words):
        repeated = word.repeated or (word.settled and context.wrote(word.text))
        row = row + 1 if repeated and (not row or are_adjacent(line.whole, words[at - 1], word)) else int(repeated)
        if row > LONGEST_REPEAT and not word.settled:
            word.free = False
