"""What speaks for a Latin word in Russian text, and what against it: a sum of evidence.

Each observation («authors leave it», «ordinary English», «a verb follows») has a weight, fitted by
`tools/language_data/fit_evidence.py` on words that Russian authors left in their texts and on words that were put in the
place of Russian ones; the weights are logarithms of odds, and they add up. A word stands when the sum reaches the
policy's threshold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LATIN
from role_engine.language.latin.free_shapes import ALL_CAPITALS, JOINERS, LITERALS
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
from role_engine.language.latin.line import Line
from role_engine.language.latin.rows import Row, Word
from role_engine.language.latin.translit import SHORTEST, is_no_name, is_translit, odds_of
from role_engine.language.latin.usage import UNUSED, is_used_pair, usage_of
from role_engine.language.latin.word_table import WordTable
from role_engine.language.latin.words import Sort

# A Russian word is known by its first letters, whatever its ending.
STEM = 5
# So many Russian words before and behind a word say what the text is about.
SUBJECT_BEFORE, SUBJECT_AFTER = 8, 2

_TERMS = WordTable("terms.txt")
_PARTS = regex.compile(r"[\-‐‑./&+_]+")
_ACCENTED = regex.compile(rf"[{LATIN}--[A-Za-z]]", FLAGS)
_ENGLISH_ENDING = regex.compile(r"(?:ing|ed|ly|tion|sion|ment|ness|ful|less|able|ible|ous|ive|ity|ance|ence|ers?|al|ic)$")
_SPECIES = regex.compile("[a-z]{2,}(?:us|um|is|ii|ae|ens|ica|icus|icum|oides|ata|atus|osa|osus|ana|anus|ensis|coli|orum|arum|alis|aris)")
_RUSSIAN_BEFORE = regex.compile(r"([А-Яа-яЁё]+)([^A-Za-zА-Яа-яЁё\n]{0,8})\Z")
_RUSSIAN_AFTER = regex.compile(r"([^A-Za-zА-Яа-яЁё\n]{0,8})([А-Яа-яЁё]+)")
_RUSSIAN_WORD = regex.compile("[А-Яа-яЁё]+")
_THIRD_PERSON = regex.compile(r"(?:[аеяиую]ет|[ие]т|[юу]т|[ая]т|[аеи]тся|[юуая]тся|л[аои]?|л[аои]?с[ья])$")
_NUMBER_AFTER = regex.compile(r"[ \u00a0]v?[0-9]{1,4}(?:\.[0-9]+)*(?![\w])")
_NUMBER_BEFORE = regex.compile(r"[0-9][%+]?[ \u00a0]\Z")
_YEAR_AFTER = regex.compile(r"[»”\"*_]{0,3}[ \u00a0]\((?:1[89]|20)[0-9]{2}\)")
_LISTED = regex.compile(r"[»”\"*_`]{0,3}(?:,?[ \u00a0](?:и|или|а|&)[ \u00a0]|,[ \u00a0]|[ \u00a0]?[/>→|][ \u00a0]?)[«“\"*_`]{0,3}")
# Russian words that say much by themselves where they stand beside a Latin one.
_TELLING = frozenset(
    """
    в во на из с со от для у к ко через по о об при под про между без до после и или как а но не что это очень более
    самый самая самое самые наш ваш мой свой этот эта эти тот такой весь все вся всё его её их который которая которое
    которые был была было были будет есть чтобы если когда где мы вы он она они я ты за над же бы ли то так уже ещё еще
    только можно нужно надо может могут является являются
    """.split()  # noqa: SIM905
)


class Evidence(NamedTuple):
    """One observation and its weight, a natural log-odd: above 0 it speaks for the word."""

    name: str
    weight: float


class Model(NamedTuple):
    """What was fitted, in natural log-odds.

    Attributes:
        weights: by observation.
        threshold: what the evidence must come to, at a tolerance of 0.5.
        stems: how much the beginning of a Russian word says that a text is technical.
    """

    weights: dict[str, float]
    threshold: float
    stems: dict[str, float]


@cache
def load_model() -> Model:
    read = json.loads(files("role_engine.language").joinpath("data/evidence.json").read_text("utf-8"))
    return Model(read["weights"], read["threshold"], read["stems"])


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
        technical: how much the text is about code: 0, 1 or 2.
    """

    line: Line
    words: list[Word]
    row: Row
    alone: bool = False
    heading: int = 0
    defined: bool = False
    wrote: bool = False
    technical: int = 0


def weigh(word: Word, around: Surroundings) -> float:
    """The sum of the evidence for `word`."""
    weights = load_model().weights
    return _weight_of_itself(word.text) + sum(weights.get(name, 0.0) for name in observe_place(word, around))


def explain(word: Word, around: Surroundings) -> list[Evidence]:
    """What `weigh` adds up, the strongest first."""
    weights = load_model().weights
    found = [Evidence(name, weights[name]) for name in observe(word, around) if weights.get(name)]
    return sorted(found, key=lambda one: -abs(one.weight))


def observe(word: Word, around: Surroundings) -> list[str]:
    """The names of all that is observed of `word`."""
    return [*observe_word(word.text), *observe_place(word, around)]


@lru_cache(maxsize=4096)
def _weight_of_itself(text: str) -> float:
    weights = load_model().weights
    return weights["bias"] + sum(weights.get(name, 0.0) for name in observe_word(text))


def _case(text: str) -> str:
    if ALL_CAPITALS.fullmatch(text):
        return "CAPITALS"
    return "Capital" if text[0].isupper() else "small"


def _step(number: int, steps: Sequence[int]) -> int:
    """The largest of `steps` that `number` reaches, 0 below the first."""
    return max((step for step in steps if number >= step), default=0)


def observe_word(text: str) -> list[str]:
    """What is observed of a word whatever its place."""
    case, entry, usage = _case(text), look_up(text), usage_of(text)
    own, own_sources = (usage.small, usage.small_sources) if case == "small" else (usage.capital, usage.capital_sources)
    other = usage.capital if case == "small" else usage.small
    terms = _TERMS.find(text.casefold())
    found = [
        case,
        f"{case} kept={own}",
        f"{case} sources={_step(own_sources, (1, 2, 3, 5, 8))}",
        f"{case} other case={_step(other, (1, 3, 5, 7))}",
        f"{case} in Russian={usage.translated}",
        f"{case} English={usage.english}",
        f"{case} kept={_step(own, (1, 2, 3, 5, 7))} English={_step(usage.english, (2, 4, 5, 6))}",
        f"{case} kept={_step(own, (1, 3, 5))} in Russian={'-' if usage.translated is None else _step(usage.translated, (1, 4, 7))}",
        f"{case} letters={_step(len(text), (2, 3, 4, 6, 9, 13))}",
    ]
    found += [f"{case} term={mark}" for mark in terms]
    found += [f"{case} {mark}" for mark in ("ordinary", "common", "function", "name", "name_at_times", "tool") if getattr(entry, mark)]
    known = bool(terms) or usage is not UNUSED or entry.ordinary or entry.name or entry.tool
    if _ACCENTED.search(text):
        found.append(f"{case} accents")
    parts = [part for part in _PARTS.split(text) if len(part) > 1]
    if len(parts) > 1:
        found.append(f"{case} joined")
        if all(look_up(part).ordinary for part in parts):
            found.append(f"{case} joined ordinary")
        if any(_kept(part) for part in parts):
            found.append(f"{case} joined kept")
    elif not known:
        found.append(f"{case} unknown")
        plain = text.casefold()
        if is_translit(text):
            found.append(f"{case} unknown translit")
        elif _ENGLISH_ENDING.search(plain):
            found.append(f"{case} unknown English ending")
        elif _SPECIES.fullmatch(plain):
            found.append(f"{case} unknown Latin ending")
    if len(text) >= SHORTEST:
        found.append(f"{case} translit={_step(odds_of(text) + 200, (140, 180, 200, 220, 260))}")
    if is_no_name(text):
        found.append(f"{case} Russian word")
    if "'" in text or "’" in text:
        found.append(f"{case} apostrophe")
    return found


def _kept(word: str) -> bool:
    usage = usage_of(word)
    return usage.small_sources + usage.capital_sources > 1


def observe_place(word: Word, around: Surroundings) -> Iterator[str]:
    """What is observed of a word's place."""
    line, row = around.line, around.row
    whole, case = line.whole, _case(word.text)
    at = next(number for number, one in enumerate(row) if one is word)
    opens = line.opens_sentence(word.start)
    if opens:
        yield f"{case} opens sentence"
    yield from _before(word, around, case, at, opens)
    yield from _after(word, around, case, at)
    yield from _in_row(word, row, case, at)
    left = whole[word.start - 1] if word.start else "^"
    right = whole[word.end] if word.end < len(whole) else "$"
    left, right = _sign(left), _sign(right)
    yield f"{case} left {left}"
    yield f"{case} right {right}"
    if left not in "w^ " and right not in "w$ ":
        yield f"{case} between {left}{right}"
    if around.heading > word.start:
        yield f"{case} in heading"
    if around.alone:
        yield f"{case} alone"
    if around.defined:
        yield f"{case} defined"
    if around.wrote:
        yield f"{case} user wrote"
    if around.technical:
        yield f"{case} technical={around.technical}"
    russian = line.russian_by(word.start - line.offset, word.end - line.offset)
    yield f"{case} Russian={'none' if russian is None else 'after' if russian else 'before'}"
    words = around.words
    code = "`" in whole
    shape = any(one.sort is Sort.SHAPED and one is not word for one in words)
    if code:
        yield f"{case} near code"
    if shape:
        yield f"{case} near shape"
    subject = "code" if code else _subject(whole, line, word)
    kept, english = _record_of(word.text)
    yield f"{case} about {subject}"
    yield f"{case} about {subject} {kept}"
    yield f"{case} about {subject} {kept} {english}"
    if opens:
        yield f"{case} opens sentence {kept} {english}"
    crowd = _step(len(words), (2, 3, 5, 8, 12))
    yield f"{case} crowd={crowd}"
    strange = _step(sum(is_stranger(one.text) for one in words), (1, 2, 3, 5))
    yield f"{case} strangers={strange}"


def _subject(whole: str, line: Line, word: Word) -> str:
    """What the text round a word is about, by the Russian words there."""
    stems = load_model().stems
    before = _RUSSIAN_WORD.findall(whole[: word.start])[-SUBJECT_BEFORE:]
    after = _RUSSIAN_WORD.findall(whole[word.end :] + line.after)[:SUBJECT_AFTER]
    said = sum(stems.get(one[:STEM].lower(), 0.0) for one in (*before, *after))
    return "technical" if said >= 2 else "plain" if said <= -2 else "any"


@lru_cache(maxsize=4096)
def _record_of(text: str) -> tuple[str, str]:
    """How much authors keep a word, and how common it is in English, in a few steps."""
    usage = usage_of(text)
    own = usage.small if text[0].islower() else usage.capital
    return f"kept={_step(own, (1, 3, 5))}", f"English={_step(usage.english, (2, 4, 5))}"


def _sign(char: str) -> str:
    if char.isalnum():
        return "w"
    return char if char in " ^$().,:;!?«»\"“”„'’/|\\[]{}<>*_-—–=+&@#%~`\n\ufffc" else "?"


@lru_cache(maxsize=4096)
def is_stranger(text: str) -> bool:
    """Whether no table knows the word, nor its parts."""
    if len(text) < 3 or any(char.isdigit() for char in text):
        return False
    entry = look_up(text)
    if entry.ordinary or entry.name or entry.tool or usage_of(text) is not UNUSED or _TERMS.find(text.casefold()):
        return False
    parts = [part for part in _PARTS.split(text) if part]
    return len(parts) < 2 or any(len(part) > 2 and is_stranger(part) for part in parts)


def _before(word: Word, around: Surroundings, case: str, at: int, opens: bool) -> Iterator[str]:
    whole = around.line.whole
    row = around.row
    first = row[0]
    introducing = word_before_name(whole[: first.start])
    if introducing:
        where = "" if at == 0 else " first"
        if introduces_name(introducing):
            yield f"{case} introduced as name{where}"
        if introduces_code(introducing):
            yield f"{case} introduced as code{where}"
        if introduces_command(introducing):
            yield f"{case} introduced as command{where}"
        if introduces_phrase(introducing):
            yield f"{case} introduced as phrase{where}"
        if is_called(introducing):
            yield f"{case} called{where}"
        if introduces_literal(introducing) and word.text in LITERALS:
            yield "literal introduced"
    if at == 0:
        if found := _RUSSIAN_BEFORE.search(whole, max(0, word.start - 40), word.start):
            before, between = found[1].lower(), found[2].strip()
            if not between or between in "«“„\"'*_(":
                yield f"{case} behind {before}" if before in _TELLING else f"{case} behind -{before[-2:]}"
                if len(before) >= STEM:
                    yield f"{case} behind ~{before[:STEM]}"
            else:
                yield f"{case} behind sign {between[:2]}"
        elif not opens:
            yield f"{case} behind no Russian"
        if _NUMBER_BEFORE.search(whole, max(0, word.start - 4), word.start):
            yield f"{case} behind number"
    words = around.words
    index = next(number for number, one in enumerate(words) if one is word)
    if index and _LISTED.fullmatch(whole, words[index - 1].end, word.start):
        yield f"{case} listed behind {_class_of(words[index - 1].text)}"
    if index + 1 < len(words) and _LISTED.fullmatch(whole, word.end, words[index + 1].start):
        yield f"{case} listed before {_class_of(words[index + 1].text)}"


def _after(word: Word, around: Surroundings, case: str, at: int) -> Iterator[str]:
    line, row = around.line, around.row
    whole = line.whole
    if _YEAR_AFTER.match(whole, word.end):
        yield f"{case} year behind"
    elif _NUMBER_AFTER.match(whole, word.end):
        yield f"{case} number behind"
    if at + 1 < len(row):
        return
    text = whole[word.end :] + line.after
    if found := _RUSSIAN_AFTER.match(text):
        between, after = found[1].strip(), found[2].lower()
        if not between or between in "»”\"'*_)":
            yield f"{case} before {after}" if after in _TELLING else f"{case} before -{after[-2:]}"
            if len(after) >= STEM:
                yield f"{case} before ~{after[:STEM]}"
            if case != "small" and _THIRD_PERSON.search(after):
                yield f"{case} before verb" + (" opens" if line.opens_sentence(row[0].start) else "")
        else:
            yield f"{case} before sign {between[:2]}"
            if between in ("—", "–", "-") and after in ("это", "эта", "этот"):
                yield f"{case} is what is explained"
    else:
        yield f"{case} before no Russian"


@lru_cache(maxsize=4096)
def _class_of(text: str) -> str:
    """A few classes of words, for what stands beside."""
    entry, usage = look_up(text), usage_of(text)
    if text.casefold() in JOINERS or entry.function:
        return "function"
    case = _case(text)
    if any(char.isdigit() or char == "_" for char in text) or Word(0, 1, text, False).sort is Sort.SHAPED:
        return "shape"
    kept = usage.small_sources if case == "small" else usage.capital_sources
    if case != "small":
        return "Name" if entry.name or not entry.ordinary else "Word"
    if kept >= 2 and (usage.english < 5 or (usage.translated or 0) < 3):
        return "term"
    return "ordinary" if entry.ordinary else "other"


def _in_row(word: Word, row: Row, case: str, at: int) -> Iterator[str]:
    size = len(row)
    yield f"{case} row={_step(size, (1, 2, 3, 4, 6, 9))}"
    if size == 1:
        return
    classes = [_class_of(one.text) for one in row[max(0, at - 8) : at + 9]]
    yield f"{case} row function={_step(classes.count('function'), (1, 2, 3))}"
    yield f"{case} row ordinary={_step(classes.count('ordinary'), (1, 2, 3, 5))}"
    yield f"{case} row terms={_step(classes.count('term'), (1, 2, 3))}"
    yield f"{case} row Names={_step(classes.count('Name'), (1, 2, 3))}"
    yield f"{case} row Words={_step(classes.count('Word'), (1, 2, 3))}"
    left = _class_of(row[at - 1].text) if at else "^"
    right = _class_of(row[at + 1].text) if at + 1 < size else "$"
    yield f"{case} after {left}"
    yield f"{case} beside {left} {right}"
    if at and is_used_pair(row[at - 1].text, word.text):
        yield f"{case} pair"
    if at + 1 < size and is_used_pair(word.text, row[at + 1].text):
        yield f"{case} pair"
    if at and row[at - 1].sort is Sort.NAME and _SPECIES.fullmatch(word.text):
        yield f"{case} species"
    if row[0].sort is Sort.TOOL or "c" in _TERMS.find(row[0].text):
        yield f"{case} row begins with tool"
