"""Sentences: where they end, and which of them are not Russian.

Text is read as it is decided. What is put together for one judgement is a *unit*: a sentence of 40 letters or more, or
several shorter ones of one line that come to as many, or a stretch of 200 characters of a sentence that is longer. A
unit in which something was refused already is not judged a second time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LATIN, LOOK_AHEAD, SPACES
from role_engine.language.latin.translit import LATIN_WORD, is_no_name, is_translit, is_translit_run
from role_engine.language.sentences.identify import is_russian, plain_letters
from role_engine.language.verdict import Kind

# In letters: less does not show what language it is in.
SHORTEST = 40
# In characters: a longer sentence is judged in stretches that end at the first white space after so many.
LONGEST = 200
# Words in quotation marks, at most so many, are a title and may be in any language.
LONGEST_TITLE = 8
# Latin words that pass one by one may be Russian together where so many or more stand in a row.
FEWEST_TRANSLIT = 3

# In `re`, which looks for one of a few characters much faster.
_STOP = re.compile("[.!?…\n\r\u2028\u2029]")
_LINE_ENDS = frozenset("\n\r\u2028\u2029")
_CLOSERS = re.compile("[»”“\"')\\]*_]{0,6}")
# What of an end may have been read before the rest of it is.
_END_BEGUN = 8
# «т. е.», «А. С. Пушкин», «г. Москва», «стр. 5»: the full stop ends no sentence.
_ABBREVIATION = re.compile(
    r"(?<![а-яёА-ЯЁa-zA-Z])(?:[а-яёА-ЯЁa-zA-Z]|гг|вв|ул|пр|пл|им|др|см|ср|тж|ст|стр|рис|табл|гл|напр|руб|коп|тыс|млн"
    r"|млрд|проф|акад|доц|обл|корп|кв|англ|нем|фр|лат|греч|рус|исп|итал|яп|кит|род|ум|изд|ред|сост|пер|см|св|мин|сек"
    r"|Св|Проф|Акад|Рис|Табл|Гл|Ср|См|Ул|Пр|Им)\Z"
)
_NO_RUSSIAN = re.compile("[^А-Яа-яЁё]+")
_A_LATIN = regex.compile(LATIN, FLAGS)
_ASIDE = regex.compile(r"`[^`\n]+`|«[^«»\n]+»|“[^“”\n]+”|„[^„“”\n]+[“”]|\"[^\"\n]+\"", FLAGS)
# Nothing in it to leave out.
_PLAIN_SENTENCE = re.compile("[А-Яа-яЁё0-9 ,.!?…:;()—–-]*")
_WORD = re.compile(r"[^\W\d_]+")


class UnjudgedText(NamedTuple):
    """Text that no judgement was made of yet.

    Attributes:
        text: the unit so far.
        current: where in it the present sentence begins; what stands before are short ones.
        spoiled: something in it was refused.
        shown: the text with stand-ins for the code in it, where there is any; else "".
    """

    text: str = ""
    current: int = 0
    spoiled: bool = False
    shown: str = ""


class Finding(NamedTuple):
    """Why [start, end) is not clean; offsets are relative to the text just read, and may be negative."""

    kind: Kind
    start: int
    end: int
    text: str


class UnitEnd(NamedTuple):
    """A unit ends at `end`, which is relative to the text just read and never negative.

    Attributes:
        unread: the unit, for one who goes on from its end with other text than was seen to follow there.
    """

    end: int
    finding: Finding | None
    unread: UnjudgedText


def read(
    unread: UnjudgedText,
    piece: str,
    peek: str,
    refused: Sequence[tuple[int, int]] = (),
    *,
    last: bool = False,
    shown: str = "",
) -> tuple[UnjudgedText, list[UnitEnd]]:
    """Read `piece`, which follows on what is unread: what is unread now, and the units that ended.

    Args:
        peek: the character after it, "" where none is known yet.
        refused: (start, end) in it of what is not clean.
        last: nothing that belongs to it follows.
        shown: the piece with stand-ins for what is no language in it; as long as the piece.
    """
    size = len(unread.text)
    text = unread.text + piece
    hides = bool(unread.shown or shown)
    seen = (unread.shown or unread.text) + (shown or piece) if hides else text
    view = seen + peek
    begin, current, spoiled = 0, unread.current, unread.spoiled
    search = max(current, size - _END_BEGUN)
    ended: list[UnitEnd] = []
    while True:
        end, is_line = _next_end(view, begin, current, max(search, begin), size)
        limit = _limit(view, begin, len(text))
        if limit is not None and (end is None or limit < end):
            end, is_line = max(limit, size), True
        if end is None:
            if not last or begin == len(text):
                break
            end, is_line = len(text), True
        foul = spoiled or any(start + size < end and begin < until + size for start, until in refused)
        start, enough = current, _has_letters(view[current:end])
        if not enough and begin < current:
            start, enough = begin, _has_letters(view[begin:end])
        if not is_line and not enough:
            current, search = end, end
            continue
        finding = None if foul else _judge(view, start, end, enough)
        if finding is not None:
            said = text[finding.start : finding.end]
            finding = finding._replace(start=finding.start - size, end=finding.end - size, text=said)
        unit = text[begin:end]
        hid = _unlike(seen[begin:end], unit) if hides else ""
        ended.append(UnitEnd(end - size, finding, UnjudgedText(unit, current - begin, foul, hid)))
        begin, current, search, spoiled = end, end, end, False
    spoiled = spoiled or any(start + size < len(text) and begin < until + size for start, until in refused)
    rest = text[begin:]
    return UnjudgedText(rest, current - begin, spoiled, _unlike(seen[begin:], rest) if hides else ""), ended


def _unlike(shown: str, text: str) -> str:
    return "" if shown == text else shown


def any_foreign(text: str) -> bool:
    """Whether a text that holds nothing but plain Russian letters and marks has a sentence that is not Russian.

    To be asked only where sentences are judged (`judges_sentences`).
    """
    stop = _STOP.search(text)
    if len(text) <= LONGEST and (stop is None or (stop.end() == len(text) and stop.group() not in _LINE_ENDS)):
        return _judge(text, 0, len(text), _has_letters(text)) is not None  # one sentence, as most
    return any(unit.finding for unit in read(UnjudgedText(), text, "", last=True)[1])


def _next_end(view: str, begin: int, current: int, search: int, known: int) -> tuple[int | None, bool]:
    """Where the present sentence ends, and whether its line does there; what ended before `known` was seen before."""
    for found in _STOP.finditer(view, search, begin + LONGEST + LOOK_AHEAD + 1):  # a longer one is cut before
        at = found.start()
        if view[at] in _LINE_ENDS:
            if at > begin and at >= known:
                return at, True
            continue
        closers = _CLOSERS.match(view, at + 1)
        end = closers.end() if closers else at + 1
        if end < max(known, current + 1) or view[end : end + 1] not in SPACES:
            continue
        if view[at] != "." or not _ABBREVIATION.search(view, max(begin, at - _END_BEGUN), at):
            return end, False
    return None, False


def _limit(view: str, begin: int, size: int) -> int | None:
    """Where a unit that does not end is cut, None where it is not that long."""
    furthest = begin + LONGEST + LOOK_AHEAD
    if len(view) <= begin + LONGEST:
        return None
    space = next((at for at in range(begin + LONGEST, min(furthest, len(view))) if view[at] in SPACES), None)
    return furthest if space is None and size >= furthest else space


def _has_letters(text: str) -> bool:
    return len(text) >= SHORTEST and len(_NO_RUSSIAN.sub("", text)) >= SHORTEST


def _judge(view: str, start: int, end: int, enough: bool) -> Finding | None:
    """Why a unit is not clean; `enough`: there are letters enough to judge its language by."""
    text = view[start:end]
    sentence = text.lstrip()
    start += len(text) - len(sentence)
    if not _PLAIN_SENTENCE.fullmatch(sentence):
        sentence = _ASIDE.sub(_without_title, sentence)
        if _A_LATIN.search(sentence) and (row := _translit_in(sentence)) is not None:
            begin, until = start + row.start(), start + row.end()
            return Finding("translit", begin, until, view[begin:until])
        sentence = plain_letters(sentence)
        enough = _has_letters(sentence)
    if not enough or is_russian(sentence):
        return None
    return Finding("language", start, end, view[start:end])


def _without_title(aside: regex.Match[str]) -> str:
    """Code and titles may be in any language; a longer quotation may not."""
    quoted = aside.group()
    return "|" * len(quoted) if quoted[0] == "`" or len(_WORD.findall(quoted)) <= LONGEST_TITLE else quoted


@cache
def _latin_row() -> regex.Pattern[str]:
    """Words and what separates them in running text; no addresses, no identifiers."""
    word = rf"(?<![\w@./\\<-])(?>{LATIN_WORD.pattern})(?![\w@/\\>(=-]|\.\w)"
    return regex.compile(rf"{word}(?:[,;:!?.…]?[ —–-]{{1,3}}{word}){{{FEWEST_TRANSLIT - 1},}}", FLAGS)


def _translit_in(sentence: str) -> regex.Match[str] | None:
    """Latin words in a row which pass one by one and are Russian together; a row of names is not."""
    for row in _latin_row().finditer(sentence):
        words = [found.group() for found in LATIN_WORD.finditer(row.group())]
        told = any(is_no_name(word) or (word[0].islower() and is_translit(word)) for word in words)
        if told and is_translit_run(words):
            return row
    return None
