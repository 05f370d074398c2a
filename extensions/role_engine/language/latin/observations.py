"""What is observed of a Latin word in its place: the numbers that the evidence for it is read from.

Every observation has a name that a person can read; `role-engine check -v` shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LATIN
from role_engine.language.latin.free_shapes import LITERALS
from role_engine.language.latin.introducers import (
    introduces_code,
    introduces_command,
    introduces_literal,
    introduces_name,
    introduces_phrase,
    is_called,
    word_before_name,
)
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.line import LineContext
from role_engine.language.latin.rows import Row, Word
from role_engine.language.latin.translit import is_no_name, odds_of
from role_engine.language.latin.usage import UNUSED, is_used_pair, usage_of
from role_engine.language.latin.word_kinds import (
    CLASSES,
    PARTS,
    TERMS,
    case_of,
    class_of,
    count_keeping_sources,
    is_stranger,
)
from role_engine.language.latin.words import Sort

# How code before a window is remembered (`markup/spans.py`).
CODE_BEFORE = "№№"
# A Russian word is known by its first letters, whatever its ending.
STEM = 5
# So many Russian words before and behind a word say what the text is about.
SUBJECT_BEFORE, SUBJECT_AFTER = 8, 2
MARKS = "slkqcmnu"
_ACCENTED = regex.compile(rf"[{LATIN}--[A-Za-z]]", FLAGS)
_ENGLISH_ENDING = regex.compile(
    r"(?:ing|ed|ly|tion|sion|ment|ness|ful|less|able|ible|ous|ive|ity|ance|ence|ers?|al|ic)$"
)
_LATIN_ENDING = regex.compile(
    "[a-z]{2,}(?:us|um|is|ii|ae|ens|ica|icus|icum|oides|ata|atus|osa|osus|ana|anus|ensis|coli|orum|arum|alis|aris)"
)
_RUSSIAN_BEFORE = regex.compile(r"([А-Яа-яЁё]+)([^A-Za-zА-Яа-яЁё\n]{0,8})\Z")
_RUSSIAN_AFTER = regex.compile(r"([^A-Za-zА-Яа-яЁё\n]{0,8})([А-Яа-яЁё]+)")
_RUSSIAN_WORD = regex.compile("[А-Яа-яЁё]+")
_THIRD_PERSON = regex.compile(r"(?:[аеяиую]ет|[ие]т|[юу]т|[ая]т|[аеи]тся|[юуая]тся|л[аои]?|л[аои]?с[ья])$")
_NUMBER_AFTER = regex.compile(r"[ \u00a0]v?[0-9]{1,4}(?:\.[0-9]+)*(?![\w])")
_NUMBER_BEFORE = regex.compile(r"[0-9][%+]?[ \u00a0]\Z")
_YEAR_AFTER = regex.compile(r"[»”\"*_]{0,3}[ \u00a0]\((?:1[89]|20)[0-9]{2}\)")
_LISTED = regex.compile(
    r"[»”\"*_`]{0,3}(?:,?[ \u00a0](?:и|или|а|&)[ \u00a0]|,[ \u00a0]|[ \u00a0]?[/>→|][ \u00a0]?)[«“\"*_`]{0,3}"
)
# «Remove (Удалить)», «baseline — „базовая линия“»; «базовая линия (baseline)».
_GLOSS_BEHIND = regex.compile(
    r"[»”\"*_`]{0,3}[ \u00a0](?:\((?:англ|лат|фр|нем|от|или|т\. ?е)?|[—–-] [«„\"]|[«„])[ \u00a0*_]?[А-Яа-яЁё]"
)
_GLOSS_BEFORE = regex.compile(r"[А-Яа-яЁё]{3}[»”\"*_]{0,3}[ \u00a0]\([«„\"*_]{0,2}\Z")
_JOINED_BEHIND = regex.compile(r"[А-Яа-яЁё][\-‐‑]\Z")
_SIGNS = " ^$().,:;!?«»\"“”„'’/|\\[]{}<>*_-—–=+&@#%~`\n"


class Surroundings(NamedTuple):
    """What a word is weighed by besides itself.

    Attributes:
        line: the line, and the Russian after the window.
        words: the Latin words of the window and shortly before it.
        row: those that the word stands in a row with.
        alone: the line is one name, or a list of names, and nothing else.
        heading: where a Latin heading or lead-in that begins the line ends, in the line's `whole`.
        defined: the Russian behind the word says that it is something that has a name.
        wrote: the user wrote the word.
        technical: how much the text before is about code: 0, 1 or 2.
    """

    line: LineContext
    words: list[Word]
    row: Row
    alone: bool = False
    heading: int = 0
    defined: bool = False
    wrote: bool = False
    technical: int = 0


OF_WORD = (
    "case",
    "authors leave it",
    "sources that leave it",
    "authors leave it in the other case",
    "sources with the other case",
    "authors say it in Russian",
    "common in English",
    "authors write it as code",
    "letters",
    "English word",
    "common English word",
    "function word",
    "known as a name",
    "a name at times",
    "tool",
    "scientific Latin",
    "learned Latin",
    "keyword",
    "keyword of SQL",
    "command or package",
    "product or firm",
    "music, chess, cooking",
    "label or key",
    "Russian letters in threes",
    "Russian word, no name",
    "accents",
    "several parts",
    "parts are English words",
    "parts that authors leave",
    "in no table",
    "English ending",
    "Latin ending",
    "apostrophe",
)
# Observations that are a word, an ending or a sign; what they say is in the model's tables.
TOLD_BY_TABLE = (
    "word before the row",
    "word behind the row",
    "sign before",
    "sign behind",
    "stem before the row",
    "stem behind the row",
    "sign before the row",
    "sign behind the row",
)
OF_PLACE = (
    "opens a sentence",
    "introduced as a name",
    "introduced as code",
    "introduced as a command",
    "introduced as a phrase",
    "introduced by «called»",
    "literal that is returned",
    "behind a number",
    "number behind",
    "year behind",
    "listed behind",
    "listed before",
    "verb behind",
    "Russian in brackets behind",
    "joined to Russian before",
    "stands in brackets",
    "is what is explained",
    "in a Latin heading",
    "line of names",
    "defined as something named",
    "user wrote it",
    "text is about code",
    "text is technical",
    "code in the line",
    "acronyms or identifiers near",
    "no Russian in the line",
    "Russian before",
    "Latin words near",
    "unknown words near",
    "words in the row",
    "place in the row",
    "function words in the row",
    "ordinary words in the row",
    "terms in the row",
    "names in the row",
    "capitals in the row",
    "left neighbour",
    "right neighbour",
    "pair that authors leave",
    "row begins with a command",
    "left neighbour is common in English",
    "right neighbour is common in English",
    "left neighbour is left by authors",
    "right neighbour is left by authors",
)
FEATURES = (*OF_WORD, *TOLD_BY_TABLE, *OF_PLACE)


class WordPlace(NamedTuple):
    """`told`: an entry for each of `TOLD_BY_TABLE`, by case; `numbers`: those of `OF_PLACE`."""

    told: tuple[str, ...]
    numbers: tuple[float, ...]


@lru_cache(maxsize=4096)
def observe_word(text: str) -> tuple[float, ...]:
    """What is observed of a word whatever its place, in the order of `OF_WORD`."""
    case, entry, usage = case_of(text), look_up(text), usage_of(text)
    small, capital = (usage.small, usage.small_sources), (usage.capital, usage.capital_sources)
    (own, own_sources), (other, other_sources) = (capital, small) if case else (small, capital)
    plain = text.casefold()
    terms = TERMS.find(plain)
    parts = [part for part in PARTS.split(text) if len(part) > 1]
    several = len(parts) > 1
    unknown = not (terms or usage is not UNUSED or entry.ordinary or entry.name or entry.tool)
    return (
        case,
        own,
        own_sources,
        other,
        other_sources,
        -1 if usage.translated is None else usage.translated,
        usage.english,
        usage.code,
        len(text),
        entry.ordinary,
        entry.common,
        entry.function,
        entry.name,
        entry.name_at_times,
        entry.tool,
        *(mark in terms for mark in MARKS),
        max(-200, min(200, odds_of(text))),
        is_no_name(text),
        _ACCENTED.search(text) is not None,
        len(parts),
        several and all(look_up(part).ordinary for part in parts),
        several and sum(count_keeping_sources(part) > 1 for part in parts),
        unknown,
        _ENGLISH_ENDING.search(plain) is not None,
        _LATIN_ENDING.fullmatch(plain) is not None,
        "'" in text or "’" in text,
    )


def observe_place(word: Word, around: Surroundings, stems: Mapping[str, float]) -> WordPlace:
    """What is observed of a word's place.

    Args:
        stems: how much a Russian stem says that a text is technical.
    """
    line, row, words = around.line, around.row, around.words
    whole, case = line.whole, case_of(word.text)
    at = _index(row, word)
    begin, end = row[0].start, row[-1].end
    before, between_before = _russian_before(whole, begin)
    after, between_after = _russian_after(whole, end, line)
    opens = line.opens_sentence(word.start)
    introducing = word_before_name(whole[: row[0].start])
    left, right = (row[at - 1] if at else None), (row[at + 1] if at + 1 < len(row) else None)
    classes = [class_of(one.text) for one in row[max(0, at - 8) : at + 9]]
    russian = line.russian_by(word.start - line.offset, word.end - line.offset)
    index = _index(words, word)
    listed_behind = words[index - 1] if index else None
    listed_before = words[index + 1] if index + 1 < len(words) else None
    told = (
        f"{case}{_told(before, between_before)}",
        f"{case}{_told(after, between_after)}",
        f"{case}{_sign(whole[word.start - 1] if word.start else '^')}",
        f"{case}{_sign(whole[word.end] if word.end < len(whole) else '$')}",
        f"{case}{before[:STEM]}" if len(before) >= STEM and not between_before else f"{case}",
        f"{case}{after[:STEM]}" if len(after) >= STEM and not between_after else f"{case}",
        f"{case}{_sign(whole[begin - 1] if begin else '^')}",
        f"{case}{_sign(whole[end] if end < len(whole) else '$')}",
    )
    numbers = (
        opens,
        introduces_name(introducing),
        introduces_code(introducing),
        introduces_command(introducing),
        introduces_phrase(introducing),
        is_called(introducing),
        word.text in LITERALS and introduces_literal(introducing),
        _NUMBER_BEFORE.search(whole, max(0, word.start - 4), word.start) is not None,
        _NUMBER_AFTER.match(whole, word.end) is not None,
        _YEAR_AFTER.match(whole, word.end) is not None,
        _class_if(listed_behind, listed_behind is not None and _are_listed(whole, listed_behind, word)),
        _class_if(listed_before, listed_before is not None and _are_listed(whole, word, listed_before)),
        bool(after) and not between_after and _THIRD_PERSON.search(after) is not None,
        _GLOSS_BEHIND.match(whole[end:] + line.after) is not None,
        _JOINED_BEHIND.search(whole, max(0, word.start - 2), word.start) is not None,
        _GLOSS_BEFORE.search(whole, max(0, begin - 40), begin) is not None,
        between_after in ("—", "–", "-") and after in ("это", "эта", "этот"),
        around.heading > word.start,
        around.alone,
        around.defined,
        around.wrote,
        around.technical,
        technicality(line, word, stems),
        "`" in whole or CODE_BEFORE in whole,
        sum(one.sort is Sort.SHAPED and one is not word for one in words),
        russian is None,
        russian == 0,
        len(words),
        sum(is_stranger(one.text) for one in words),
        len(row),
        at,
        classes.count("function"),
        classes.count("ordinary"),
        classes.count("term"),
        classes.count("Name"),
        sum(one.text[0].isupper() for one in row),
        _class_if(left),
        _class_if(right),
        (left is not None and is_used_pair(left.text, word.text))
        + (right is not None and is_used_pair(word.text, right.text)),
        row[0].sort is Sort.TOOL or "c" in TERMS.find(row[0].text),
        usage_of(left.text).english if left else -1,
        usage_of(right.text).english if right else -1,
        count_keeping_sources(left.text) if left else -1,
        count_keeping_sources(right.text) if right else -1,
    )
    return WordPlace(told, tuple(map(float, numbers)))


def _index(words: list[Word], word: Word) -> int:
    return next(number for number, one in enumerate(words) if one is word)


def _russian_before(whole: str, start: int) -> tuple[str, str]:
    found = _RUSSIAN_BEFORE.search(whole, max(0, start - 40), start)
    return (found[1].lower(), _between(found[2])) if found else ("", "")


def _russian_after(whole: str, end: int, line: LineContext) -> tuple[str, str]:
    found = _RUSSIAN_AFTER.match(whole[end:] + line.after)
    return (found[2].lower(), _between(found[1])) if found else ("", "")


def _between(signs: str) -> str:
    return signs.strip().strip("«»“”„\"'*_()[]")[:2]


def _told(word: str, between: str) -> str:
    """A Russian neighbour: itself where it is short, its ending, or the sign between."""
    if not word:
        return "none"
    if between:
        return f"sign {between}"
    return word if len(word) < STEM else f"-{word[-2:]}"


def _sign(char: str) -> str:
    return "w" if char.isalnum() else char if char in _SIGNS else "?"


def technicality(line: LineContext, word: Word, stems: Mapping[str, float]) -> float:
    """How technical the Russian words round a word are, in log-odds."""
    before = _RUSSIAN_WORD.findall(line.whole[: word.start])[-SUBJECT_BEFORE:]
    after = _RUSSIAN_WORD.findall(line.whole[word.end :] + line.after)[:SUBJECT_AFTER]
    return sum(stems.get(one[:STEM].lower(), 0.0) for one in (*before, *after))


def _are_listed(whole: str, one: Word, two: Word) -> bool:
    return _LISTED.fullmatch(whole, one.end, two.start) is not None


def _class_if(word: Word | None, holds: bool = True) -> int:
    return CLASSES.index(class_of(word.text)) if word is not None and holds else 0
