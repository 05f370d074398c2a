"""The kinds that letters and code points decide alone: `cjk`, `script`, `cyrillic`, `mixed`, `garbage`.

One chunk of text without white space is looked at, left to right. What is Latin or Greek and nothing else is handed
back for the rules that weigh words (`balanced.py`, `strict.py`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

import regex

from role_engine.language.alphabets import (
    CJK,
    CYRILLIC,
    EMOJI,
    EMOJI_STYLE,
    FLAGS,
    GARBAGE,
    GREEK,
    JOINER,
    KEYCAP,
    LATIN,
    MARK,
    OTHER_CYRILLIC,
    OTHER_SCRIPT,
    PLAIN_CHARACTERS,
    RUSSIAN_VOWELS,
    SKIN,
    SOFT_HYPHEN,
    TEXT_STYLE,
)
from role_engine.language.letters.sign_loops import sign_loops
from role_engine.language.verdict import Kind

# Latin words in disguise: «ⓗⓔⓛⓛⓞ», «🅗🅔🅛🅛🅞», «🇭🇪🇱🇱🇴». One or two letters in circles or squares are a mark («пункт ⓐ»,
# «🅿», «🆎»), and two regional letters a flag. Three letters in a row spell, and so do regional letters of which a pair
# is no flag.
FEWEST = 3
_ENCLOSED = "[\u249c-\u24e9\U0001f110-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]"
_REGIONAL = "[\U0001f1e6-\U0001f1ff]"
_ENCLOSED_RUN = re.compile(
    f"(?<!{_ENCLOSED})(?:{_ENCLOSED}[\ufe0e\ufe0f]?){{{FEWEST},}}|(?<!{_REGIONAL}){_REGIONAL}{{{FEWEST},}}"
)
_A_FIRST = "\U0001f1e6"
# The regions that have a flag: a first letter, and those that may follow it.
_BY_FIRST = """
A:CDEFGILMOQRSTUWXZ B:ABDEFGHIJLMNOQRSTVWYZ C:ACDFGHIKLMNOPQRUVWXYZ D:EGJKMOZ E:ACEGHRSTU F:IJKMOR G:ABDEFGHILMNPQRSTUWY
H:KMNRTU I:CDELMNOQRST J:EMOP K:EGHIMNPRWYZ L:ABCIKRSTUVY M:ACDEFGHKLMNOPQRSTUVWXYZ N:ACEFGILOPRUZ O:M P:AEFGHKLMNRSTWY
Q:A R:EOSUW S:ABCDEGHIJKLMNORSTVXYZ T:ACDFGHJKLMNORTVWZ U:AGMNSYZ V:ACEGINU W:FS X:K Y:ET Z:AMW
"""
_REGIONS = frozenset(entry[0] + second for entry in _BY_FIRST.split() for second in entry[2:])


def find_enclosed_words(text: str, before: str = "") -> list[tuple[int, int]]:
    """(start, end) of such words in `text`, which follows on `before`; one that began there starts at 0."""
    if text.isascii():
        return []
    whole, offset = before + text, len(before)
    return [
        (max(found.start() - offset, 0), found.end() - offset)
        for found in _ENCLOSED_RUN.finditer(whole)
        if found.end() > offset and not _are_flags(found.group())
    ]


def _are_flags(run: str) -> bool:
    if run[0] < _A_FIRST or run[0] > "\U0001f1ff":
        return False
    letters = "".join(chr(ord(char) - ord(_A_FIRST) + ord("A")) for char in run)
    return all(letters[at : at + 2] in _REGIONS for at in range(0, len(letters) - 1, 2))


class RefusedLetters(NamedTuple):
    """A refused stretch of the text being looked at, offsets relative to it."""

    kind: Kind
    start: int
    end: int


@dataclass(slots=True)
class Findings:
    """What `examine` found in a chunk.

    Attributes:
        refused: spans of the exact kinds, in order.
        words: (start, end) of the letter runs in Latin or Greek that the exact rules let through.
        other_cyrillic: words of another Cyrillic alphabet that a name may be, as spans; the caller decides.
    """

    refused: list[RefusedLetters] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)
    other_cyrillic: list[RefusedLetters] = field(default_factory=list)


LETTER = f"[{LATIN}{CYRILLIC}{GREEK}]"
_PIECE = f"{EMOJI}{SKIN}?{EMOJI_STYLE}?"
_TOKEN = regex.compile(
    rf"""
      (?P<word>   {LETTER} (?: {LETTER} | {MARK} | {SOFT_HYPHEN}(?={LETTER}) )* )
    | (?P<escape> \\[nrtbf] (?={CYRILLIC}) )
    | (?P<emoji>  \U0001F3F4[\U000E0030-\U000E0039\U000E0061-\U000E007A]{{1,6}}\U000E007F
                | \p{{Regional_Indicator}}{{1,2}}
                | [0-9\#*] {EMOJI_STYLE}? {KEYCAP}
                | {_PIECE} (?: {JOINER} {_PIECE} )* {TEXT_STYLE}? )
    | (?P<cjk>    {CJK} (?: {CJK} | {MARK} )* )
    | (?P<script> {OTHER_SCRIPT} (?: {OTHER_SCRIPT} | {MARK} | [\u200c\u200d] )* )
    | (?P<styled> (?!{GARBAGE}) [\p{{S}}\p{{N}}\p{{P}}] [{TEXT_STYLE}{EMOJI_STYLE}] )
    | (?P<struck> \p{{Sm}} \u0338 )
    | (?P<mark>   {MARK}+ )
    | (?P<garbage> {GARBAGE} (?: {GARBAGE} | {MARK} )* )
    """,
    FLAGS | regex.VERBOSE,
)
_PICTURE = regex.compile(rf"{_PIECE}(?:{JOINER}{_PIECE})*{TEXT_STYLE}?", FLAGS)
_GOES_ON = regex.compile(rf"[{SKIN}{TEXT_STYLE}{EMOJI_STYLE}{JOINER}]", FLAGS)
_WORD_END = regex.compile(rf"{LETTER}(?:{LETTER}|{MARK}|{SOFT_HYPHEN}){{0,63}}\Z", FLAGS)
_REFUSED: dict[str | None, Kind] = {"cjk": "cjk", "script": "script", "garbage": "garbage"}
_IN_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_IN_LATIN = regex.compile(LATIN, FLAGS)
_IN_GREEK = regex.compile(GREEK, FLAGS)
_IN_OTHER_CYRILLIC = regex.compile(OTHER_CYRILLIC, FLAGS)
_MARKED = regex.compile(rf"(?P<base>[^\p{{M}}])?(?P<marks>{MARK}+)", FLAGS)
_INVISIBLE = regex.compile(rf"[\p{{Default_Ignorable_Code_Point}}{KEYCAP}]")
_STRESS = "\u0301\u0300"
# A chunk that is refused whatever stands around it.
MIXED_WORD = re.compile(r"(?=[А-Яа-яЁё]*[A-Za-z])(?=[A-Za-z]*[А-Яа-яЁё])[A-Za-zА-Яа-яЁё]+(?:[!?…]|[.,;:](?!\w))*[»”)]*")
# Text in which nothing but a word out of two alphabets can be wrong, for the patterns of `re`, which are much faster.
_USUAL = re.compile(f"[{PLAIN_CHARACTERS} -~]*")
_ASCII_LETTER = re.compile("[A-Za-z]")
_USUAL_WORD = re.compile(r"(?:\\[nrtbf](?=[А-Яа-яЁё]))|([A-Za-zА-Яа-яЁё]+)")


def word_before(text: str) -> str:
    """The letters that end `text` and that a following letter would go on with."""
    if not text or ("!" <= text[-1] <= "@") or text[-1] in " \n":
        return ""
    found = _WORD_END.search(text, max(0, len(text) - 64))
    return found.group() if found else ""


def examine(chunk: str, before: str = "", *, emoji: bool = True) -> Findings:
    """Look at `chunk` (no white space in it), which follows directly on `before`.

    A word that began in `before` is judged whole; its span starts with the chunk. Never raises on any code point.
    """
    found = _examine_letters(chunk, before, emoji)
    if spelt := find_enclosed_words(chunk, before):
        found.refused = [span for span in found.refused if not any(at <= span.start < end for at, end in spelt)]
        found.refused = sorted(found.refused + [RefusedLetters("garbage", *word) for word in spelt], key=itemgetter(1))
    if loops := sign_loops(chunk, before):
        found.refused = [span for span in found.refused if not any(at <= span.start < end for at, end in loops)]
        found.refused = sorted(found.refused + [RefusedLetters("garbage", *loop) for loop in loops], key=itemgetter(1))
    return found


def _examine_letters(chunk: str, before: str, emoji: bool) -> Findings:  # noqa: C901 - a branch for each kind of word; runs for every one of them
    found = Findings()
    prefix = word_before(before)
    if _USUAL.fullmatch(chunk):
        for usual in _USUAL_WORD.finditer(chunk):
            start, end = usual.span(1)
            if start == 0 and prefix:
                _judge_word(found, usual[1], 0, prefix)
            elif start >= 0 and usual[1].isascii():
                found.words.append((start, end))
            elif start >= 0 and _ASCII_LETTER.search(usual[1]):
                found.refused.append(RefusedLetters("mixed", start, end))
        return found
    start = _rest_of_picture(chunk, before)
    for token in _TOKEN.finditer(chunk, start):
        kind = token.lastgroup
        if kind == "word":
            _judge_word(found, token.group(), token.start(), prefix if token.start() == 0 else "")
        elif kind == "mark":
            if prefix and token.start() == 0:
                _judge_word(found, token.group(), 0, prefix)
            else:
                found.refused.append(RefusedLetters("garbage", *token.span()))
        elif kind == "emoji":
            if not emoji:
                found.refused.append(RefusedLetters("garbage", *token.span()))
        elif kind in _REFUSED:
            found.refused.append(RefusedLetters(_REFUSED[kind], *token.span()))
    return found


def _rest_of_picture(chunk: str, before: str) -> int:
    """How much of `chunk` belongs to the emoji that `before` ends in."""
    if not before or not _GOES_ON.match(chunk):
        return 0
    whole, size = before[-8:] + chunk, len(before[-8:])
    ends = (picture.end() for at in range(size) if (picture := _PICTURE.match(whole, at)))
    return max(next((end - size for end in ends if end > size), 0), 0)


def _judge_word(found: Findings, word: str, start: int, prefix: str) -> None:
    whole = prefix + word
    if whole.isascii():
        found.words.append((start, start + len(word)))
        return
    cyrillic = _IN_CYRILLIC.search(whole)
    latin = _IN_LATIN.search(whole)
    greek = _IN_GREEK.search(whole)
    end = start + len(word)
    if cyrillic and (latin or greek):
        found.refused.append(RefusedLetters("mixed", start, end))
        return
    if cyrillic and (_IN_OTHER_CYRILLIC.search(whole) or _composes_to_other(whole)):
        found.other_cyrillic.append(RefusedLetters("cyrillic", start, end))
        return
    refused = [
        RefusedLetters("garbage", max(start, at), until)
        for at, until in _stray_marks(whole, start - len(prefix))
        if until > start
    ]
    if refused:
        found.refused.extend(refused)
    elif latin or greek:
        found.words.append((start, end))


def _composes_to_other(word: str) -> bool:
    """Whether a letter and its mark are, put together, a letter of another Cyrillic alphabet (у + ̆ = ў)."""
    if word.isalpha():
        return False
    for pair in _MARKED.finditer(word):
        base, mark = pair["base"] or "", pair["marks"][0]
        if base in RUSSIAN_VOWELS and mark in _STRESS:
            continue
        whole = unicodedata.normalize("NFC", base + mark)
        if len(whole) == 1 and _IN_OTHER_CYRILLIC.match(whole):
            return True
    return False


def _stray_marks(word: str, offset: int) -> list[tuple[int, int]]:
    """The combining marks of `word` that no spelling has: on the wrong letter, or too many on one."""
    if word.isalpha():
        return []
    stray = []
    for pair in _MARKED.finditer(word):
        base, marks = pair["base"] or "", pair["marks"]
        if not base or not _may_carry(base, marks):
            stray.append((offset + pair.start("marks"), offset + pair.end("marks")))
    return stray


def _may_carry(base: str, marks: str) -> bool:
    if len(marks) > 2 or _INVISIBLE.search(marks):
        return False
    if not _IN_CYRILLIC.match(base):
        return base != SOFT_HYPHEN
    if (base in "иИ" and marks[0] == "\u0306") or (base in "еЕ" and marks[0] == "\u0308"):
        marks = marks[1:]
    return not marks or (len(marks) == 1 and base in RUSSIAN_VOWELS and marks in _STRESS)
