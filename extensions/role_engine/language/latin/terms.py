"""The Latin words of a window, one by one and in their rows: which a Russian text may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS
from role_engine.language.latin.context import Context
from role_engine.language.latin.definitions import is_defined_as_name, may_be_defined
from role_engine.language.latin.free_shapes import (
    A_NUMBER_BEFORE,
    ALL_CAPITALS,
    FUNCTIONS,
    IN_FORMULA,
    JOINERS,
    LITERALS,
    TERM,
    UNIT_AFTER_NUMBER,
)
from role_engine.language.latin.introducers import (
    introduces_code,
    introduces_command,
    introduces_literal,
    introduces_name,
    introduces_phrase,
    may_precede_name,
    word_before_name,
)
from role_engine.language.latin.lexicon import is_name, look_up
from role_engine.language.latin.line import Line
from role_engine.language.latin.words import Sort, sort_of

# How far back words are read that those of the window may go on with, in characters.
MEMORY_OF_WORDS = 40
LONGEST_REPEAT, LONGEST_ROW_OF_CAPITALS, LONGEST_NAME_ALONE = 3, 2, 4
# The most words of a command, and of a foreign phrase that is spoken of, without quotes.
LONGEST_COMMAND, LONGEST_PHRASE = 5, 3

# «E = mc²»: as many variables may stand together before an exponent.
LONGEST_FACTORS = 2
_RAISED = ("²", "³")
_JOINTS = ("-", "‐", "‑", "'", "’")
_JOINED_TO_RUSSIAN = regex.compile(rf"[\-‐‑'’]{CYRILLIC}", FLAGS)
_HEADING = re.compile(r"[^\w]*(?:[0-9]{1,3}[.)])?[^\w]*(?P<words>[A-Za-z][^{}<>\n:.!?А-Яа-яЁё]{0,60}?)[\"*_»”]{0,3}:")
_BULLET = re.compile(r"[ \t\u00a0]*(?:[*+\-•–—]|[0-9]{1,3}[.)])[ \t\u00a0]")
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
_CAMEL = re.compile("[a-z][A-Z]|[A-Z]{2}[a-z]")
_YEAR_AFTER = re.compile(r"[»”\"*_]{0,3}[ \u00a0]\((?:1[89]|20)[0-9]{2}\)")
_NUMBER_AFTER = re.compile(r"[ \u00a0][0-9]{1,4}(?:\.[0-9]+)?(?![\w])")
_SPECIES = re.compile("[a-z]{2,}(?:us|um|is|ii|ae|ens|ica|oides|ata|osa|ana|ensis|coli)|coli")
# What stands between the members of a list.
_IN_A_LIST = re.compile(
    r"[»”\"*_]{0,3}(?:,?[ \u00a0](?:и|или|&)[ \u00a0]|,[ \u00a0]|[ \u00a0]?[/>→][ \u00a0]?)[«“\"*_]{0,3}"
)


class Verdict(NamedTuple):
    """Of a window's words: which are `refused`; which `groups` stand or fall together; what a word `relies` on.

    All as (start, end); in `relies`, from the word's start to the end of the text that makes it a name.
    """

    refused: list[tuple[int, int]]
    groups: list[tuple[int, int]]
    relies: list[tuple[int, int]]


_MAY_BE_NAMED = (Sort.NAME, Sort.BOTH, Sort.RARE, Sort.SHAPED)


class _Word:
    """A word of the line; `repeated`: free because the user wrote it; `settled`: nothing about it is to be judged."""

    __slots__ = ("end", "free", "repeated", "settled", "sort", "start", "text")

    def __init__(self, start: int, end: int, text: str, settled: bool) -> None:
        self.start, self.end, self.text, self.settled = start, end, text, settled
        self.sort = sort_of(text)
        self.free = settled
        self.repeated = False


def judge_terms(line: Line, blocks: Sequence[tuple[int, int]], context: Context) -> Verdict:
    """Judge the Latin words of the window that are in none of `blocks`."""
    words = _words(line, blocks)
    if all(word.settled for word in words):
        return Verdict([], [], [])
    judge = _Judge(line, words, context)
    for row in _rows(line.whole, words):
        judge.judge_row(row)
    if any(word.repeated for word in words):
        _limit_repeats(line, words, context)
    offset = line.offset
    refused = [(max(word.start - offset, 0), word.end - offset) for word in words if not word.free]
    return Verdict(refused, judge.groups, judge.relies)


def _words(line: Line, blocks: Sequence[tuple[int, int]]) -> list[_Word]:
    """The words of the window and those shortly before it; a word before it, or in a block, is settled as free."""
    whole, offset = line.whole, line.offset
    words = []
    for match in TERM.of(line.common).finditer(whole, max(0, offset - MEMORY_OF_WORDS)):
        start, end = match.span()
        settled = end <= offset or (
            bool(blocks) and any(at < end - offset and start - offset < until for at, until in blocks)
        )
        words.append(_Word(start, end, match.group(), settled))
    return words


def _rows(whole: str, words: list[_Word]) -> Iterator[list[_Word]]:
    """The words in groups that nothing but single spaces separates."""
    row: list[_Word] = []
    for word in words:
        if row and not _adjacent(whole, row[-1], word):
            yield row
            row = []
        row.append(word)
    if row:
        yield row


def _adjacent(whole: str, one: _Word, two: _Word) -> bool:
    return two.start - one.end == 1 and whole[one.end].isspace()


class _Judge:
    """Judges the rows of one window; `groups` and `relies` are those of the `Verdict`."""

    def __init__(self, line: Line, words: list[_Word], context: Context) -> None:
        self.groups: list[tuple[int, int]] = []
        self.relies: list[tuple[int, int]] = []
        self._line, self._words, self._context = line, words, context
        self._heading = self._heading_end()
        self._alone = self._stands_alone()

    def judge_row(self, row: list[_Word]) -> None:
        new = [word for word in row if not word.settled]
        if not new:
            return
        shouted = _shouted(row)
        for word in new:
            if word.sort is Sort.SMALL:
                word.free = self._small_is_free(word, row)
            elif word in shouted:
                continue
            elif word.sort is Sort.TOOL:
                word.free = self._beside_russian(word)
            else:
                word.free = self._free_by_shape(word) and not (len(row) > 1 and _is_article(word, row))
        if not shouted and any(word.sort.capital for word in new):
            for phrase in _phrases(row):
                self._judge_phrase(phrase)
            self._refuse_beginnings(row)
        if self._context:
            texts = [word.text for word in row]
            for at, word in enumerate(row):
                if not word.free and word.sort is not Sort.FUNCTION and self._context.repeats(texts, at):
                    word.free = word.repeated = True

    def _small_is_free(self, word: _Word, row: list[_Word]) -> bool:
        if word is not row[0] and row[row.index(word) - 1].sort is Sort.NAME and _is_species(word):
            return True
        if self._introduced(row):
            return True
        whole = self._line.whole
        if word.text in FUNCTIONS and (found := IN_FORMULA.match(whole, word.end)):
            return self._leans(word, found.end())
        if word.text in LITERALS and len(row) == 1 and self._is_literal(word):
            return True
        return self._free_by_shape(word) or (len(word.text) == 2 and self._is_index(word))

    def _free_by_shape(self, word: _Word) -> bool:
        whole = self._line.whole
        if word.sort is Sort.SHAPED:
            return True
        if whole[word.end : word.end + 1] in _JOINTS and _JOINED_TO_RUSSIAN.match(whole, word.end):
            return True
        if len(word.text) <= LONGEST_FACTORS and whole[word.end : word.end + 1] in _RAISED:
            return True
        return all(part in UNIT_AFTER_NUMBER for part in word.text.split("/")) and bool(
            A_NUMBER_BEFORE.search(whole, max(0, word.start - 3), word.start)
        )

    def _introduced(self, row: list[_Word]) -> bool:
        """Whether the Russian word before the row says that words of code follow, or words that are spoken of."""
        if len(row) > LONGEST_COMMAND or row[0].settled:
            return False
        before = word_before_name(self._line.whole[: row[0].start])
        if len(row) == 1:
            return introduces_code(before)
        if (row[0].sort is Sort.TOOL and introduces_command(before)) or (
            len(row) <= LONGEST_PHRASE and introduces_phrase(before)
        ):
            self.groups.append((max(row[0].start - self._line.offset, 0), row[-1].end - self._line.offset))
            return True
        return False

    def _is_literal(self, word: _Word) -> bool:
        """«возвращает true или false»."""
        whole, at = self._line.whole, self._words.index(word)
        if introduces_literal(word_before_name(whole[: word.start])):
            return True
        last = self._words[at - 1] if at else None
        if last is None or not last.free or last.text not in LITERALS:
            return False
        return _IN_A_LIST.fullmatch(whole, last.end, word.start) is not None

    def _is_index(self, word: _Word) -> bool:
        """«p1, p2, …, pn»: a variable that counts with a letter."""
        if word.text[1] not in "nmijk":
            return False
        return re.search(rf"\b{re.escape(word.text[0])}_?[0-9]", self._line.whole[: word.start]) is not None

    def _judge_phrase(self, phrase: list[_Word]) -> None:
        """Free the words of a name, which begins and ends with a capital («Bank of America»)."""
        new = [word for word in phrase if not word.settled]
        capitals = [word for word in phrase if word.sort is not Sort.SMALL or not word.settled]
        if not new or all(word.free for word in new):
            return
        names = [word for word in phrase if word.sort in (Sort.NAME, Sort.SHAPED)]
        if new[0].start < self._heading and not names and not self._is_defined(new):
            return
        if len(capitals) == 1:
            if new[0].sort is not Sort.NAME and not self._named_by_place(new[0]):
                return
        elif all(word.sort is Sort.FUNCTION or word.text in JOINERS for word in phrase):
            return
        start, end = new[0].start - self._line.offset, new[-1].end - self._line.offset
        until = 0 if self._alone else self._line.russian_by(start, end)
        if until is None:
            return
        for word in new:
            word.free = True
        self.relies.append((start, until))
        if any(word.text in JOINERS for word in phrase):
            self.groups.append((max(start, 0), end))

    def _named_by_place(self, word: _Word) -> bool:
        """Whether its place says that an English word with a capital is a name."""
        line, whole = self._line, self._line.whole
        if word.sort is Sort.FUNCTION:
            return False
        if self._beside_a_name(word):
            return True
        if year := _YEAR_AFTER.match(whole, word.end):
            return self._leans(word, year.end())
        if self._is_defined([word]):
            return True
        if line.opens_sentence(word.start):
            return False
        if number := _NUMBER_AFTER.match(whole, word.end):
            return self._leans(word, number.end())
        if word.sort in (Sort.RARE, Sort.BOTH):
            return True
        before = word_before_name(whole[: word.start])
        return introduces_name(before) or may_precede_name(before)

    def _is_defined(self, words: list[_Word]) -> bool:
        """Whether the words are one that begins the window's sentence, and the Russian after it says it is a name."""
        line, word = self._line, words[0]
        if len(words) > 1 or not line.after or not may_be_defined(line.text) or not line.opens_sentence(word.start):
            return False
        return is_defined_as_name(word.text, line.after)

    def _beside_a_name(self, word: _Word) -> bool:
        """Whether the word is in a list with a name: «Slack, Zoom и Target»."""
        whole, at = self._line.whole, self._words.index(word)
        if at and (last := self._words[at - 1]).free and (last.sort.capital or _is_a_name(last)):
            between = _IN_A_LIST.fullmatch(whole, last.end, word.start)
            return between is not None and (_is_a_name(last) or between[0].strip() in (">", "→"))
        after = self._words[at + 1] if at + 1 < len(self._words) else None
        if after and _is_a_name(after) and _IN_A_LIST.fullmatch(whole, word.end, after.start):
            return self._leans(word, after.end)
        return False

    def _leans(self, word: _Word, end: int) -> bool:
        """True: the word is free as long as the text up to `end` of the line stands."""
        self.relies.append((word.start - self._line.offset, end - self._line.offset))
        return True

    def _beside_russian(self, word: _Word) -> bool:
        until = self._line.russian_by(word.start - self._line.offset, word.end - self._line.offset)
        if until is not None:
            self.relies.append((word.start - self._line.offset, until))
        return until is not None

    def _refuse_beginnings(self, row: list[_Word]) -> None:
        """A capitalised word that foreign words follow begins a phrase and is no name: «Healthy eating»."""
        for at in range(len(row) - 1, 0, -1):
            word, after = row[at - 1], row[at]
            if after.free or word.settled or not word.sort.capital:
                continue
            if word.sort.english or (after.sort is Sort.SMALL and not is_name(word.text)):
                word.free = False

    def _stands_alone(self) -> bool:
        """Whether the line is one name and nothing else, in a list or as a signature; or a list of names."""
        line = self._line
        if line.begins and line.stop in ("line", "end") and (found := _NAME_ALONE.fullmatch(line.whole)):
            return found["bullet"] is not None or (len(self._words) > 1 and _are_names(self._words))
        if line.stop == "cyrillic" or "," not in line.whole:
            return False
        # Of a long line only its end is remembered.
        listed = line.whole if line.begins else line.whole.partition(", ")[2]
        return _NAMES_ALONE.fullmatch(listed) is not None and _are_names(
            [word for word in self._words if word.end > line.offset]
        )

    def _heading_end(self) -> int:
        """Where a Latin heading or lead-in that begins the line ends («Title: …»), in `whole`; 0 where none is."""
        line = self._line
        found = _HEADING.match(line.whole) if line.begins and ":" in line.whole else None
        return found.end("words") if found else 0


def _is_a_name(word: _Word) -> bool:
    """Whether it is one by itself, of a person, a firm or a product: «Slack», «XGBoost»."""
    return word.sort is Sort.NAME or (word.sort is Sort.SHAPED and _CAMEL.search(word.text) is not None)


def _are_names(words: list[_Word]) -> bool:
    """Whether most of the words, are names, and the others may be («Harry Potter»)."""
    names = sum(word.sort is Sort.NAME for word in words)
    return names * 2 >= len(words) and all(word.sort in _MAY_BE_NAMED for word in words)


def _phrases(row: list[_Word]) -> Iterator[list[_Word]]:
    """The stretches of a row that a name can be: capitals, with small words between them."""
    phrase: list[_Word] = []
    joiners: list[_Word] = []
    for word in row:
        if word.sort.capital or (word.sort is Sort.SHAPED and word.text[0].isupper()):
            phrase += [*joiners, word] if phrase else [word]
            joiners = []
        elif phrase and word.text in JOINERS and len(joiners) < 2:
            joiners.append(word)
        else:
            if phrase:
                yield phrase
            phrase, joiners = [], []
    if phrase:
        yield phrase


def _is_article(word: _Word, row: list[_Word]) -> bool:
    """Whether a single letter is no variable, but a word of the foreign phrase round it: «this is a …», «I see»."""
    if word.text not in ("a", "A", "I"):
        return False
    at = row.index(word)
    return not row[at - 1].free if at else row[1].sort is Sort.SMALL and not row[1].settled


def _is_species(word: _Word) -> bool:
    """«Escherichia coli»: a Latin ending on a word that English does not have."""
    return _SPECIES.fullmatch(word.text) is not None and not look_up(word.text).ordinary


def _shouted(row: list[_Word]) -> list[_Word]:
    """The words of a row that are written in capitals, where they are so many that they are no acronyms."""
    if len(row) <= LONGEST_ROW_OF_CAPITALS:
        return []
    capitals = [word for word in row if ALL_CAPITALS.fullmatch(word.text)]
    return capitals if len(capitals) > LONGEST_ROW_OF_CAPITALS else []


def _limit_repeats(line: Line, words: list[_Word], context: Context) -> None:
    """No more than three of the user's words in a row."""
    row = 0
    for at, word in enumerate(words):
        repeated = word.repeated or (word.settled and context.wrote(word.text))
        row = row + 1 if repeated and (not row or _adjacent(line.whole, words[at - 1], word)) else int(repeated)
        if row > LONGEST_REPEAT and not word.settled:
            word.free = False
