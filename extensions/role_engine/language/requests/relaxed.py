"""What a request for another language lets through: text in that language, where it stands as text of its own.

Such a stretch begins at the start of a line, at an opening quotation mark or bracket, behind a colon, or behind the
dash of a short list item («яблоко — apple»), and nowhere else: running Russian text is checked as always. It is opened
by looking at most `LOOK_AHEAD` characters on, so that a single foreign word which Russian text goes on with opens none;
once open, its words are free to the line's end, the closing mark, or the Russian that follows.

Languages with the same letters cannot be told apart: a request for English lets German stand too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from role_engine.language import balanced
from role_engine.language.alphabets import (
    CJK,
    CYRILLIC,
    FLAGS,
    GREEK,
    LATIN,
    LINE_END,
    LOOK_AHEAD,
    MARK,
    OTHER_CYRILLIC,
    SPACE,
    SPACE_IN_LINE,
    run_end,
)
from role_engine.language.decision import Decision
from role_engine.language.latin.context import Context
from role_engine.language.letters.exact import Span
from role_engine.language.policy import LanguagePolicy
from role_engine.language.requests.languages import BY_CODE, Script
from role_engine.language.requests.stretch import Stretch
from role_engine.language.state import State
from role_engine.language.window import MEMORY, gather

# A single word that Russian goes on with is no text of its own; this many are.
ENOUGH_WORDS = 4
# The words before the dash in an item of a word list.
LONGEST_ENTRY = 4

# Han, kana and hangul come with the punctuation and the full-width forms of their texts.
_EAST_ASIAN = rf"[{CJK}--[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}\p{{Hangul}}\p{{Bopomofo}}]]"
_LETTERS: dict[Script, str] = {
    "latin": LATIN,
    "han": rf"[\p{{Han}}\p{{Bopomofo}}{_EAST_ASIAN}]",
    "kana": rf"[\p{{Hiragana}}\p{{Katakana}}{_EAST_ASIAN}]",
    "hangul": rf"[\p{{Hangul}}{_EAST_ASIAN}]",
    "arabic": r"[\p{Arabic}\u200c]",
    "hebrew": r"\p{Hebrew}",
    "greek": rf"[{GREEK}\p{{Greek}}]",
    "georgian": r"\p{Georgian}",
    "armenian": r"\p{Armenian}",
    "devanagari": r"[\p{Devanagari}\u200c\u200d]",
    "bengali": r"[\p{Bengali}\u200c\u200d]",
    "tamil": r"\p{Tamil}",
    "thai": r"\p{Thai}",
}
_ANY_LETTER = rf"[\p{{L}}{MARK}]"

_CLOSERS = {"«": "»", "“": "”", "„": "“”", '"': '"', "「": "」", "『": "』", "(": ")", "[": "]", "|": "|"}

_BLANK = regex.compile(f"{SPACE}{{0,{LOOK_AHEAD}}}", FLAGS)
_A_LINE_END = regex.compile(LINE_END, FLAGS)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
# What may stand before a line's own text: markup, a number, the «а)» of a list.
_MARKUP = regex.compile(rf"(?:<[^<>{SPACE}]{{0,40}}>|(?<!\p{{L}})[{CYRILLIC}]\)|[^{CYRILLIC}])*+", FLAGS)
_AFTER_COLON = regex.compile(r":[^\p{L}\p{N}]{0,8}\Z", FLAGS)
_ENTRY = regex.compile(
    rf"(?:\A|[;•·|])[^\p{{L}};•·|]*(?:[\p{{L}}\p{{M}}’'\-]+[^\p{{L}};.•|]{{1,4}}){{1,{LONGEST_ENTRY}}}"
    rf"(?<={SPACE_IN_LINE}|[»”\")*_])(?:[—–\-−=→/]|->){SPACE_IN_LINE}[^\p{{L}}\p{{N}}]{{0,8}}\Z",
    FLAGS,
)
_OPENING = regex.compile(
    rf"(?:(?P<mark>[«“„「『(\[|])|(?<![^{SPACE}(\[{{*_|:=—–\-])(?P<mark>\"))[*_¿¡{SPACE_IN_LINE}]{{0,4}}\Z", FLAGS
)
# Between a foreign word and Russian: a sign that the one has ended before the other begins.
_BREAK = regex.compile(rf"[.!?…:;—–=|/()\[\]«»„“”\"→*_\t~#。！？]|{SPACE_IN_LINE}-{SPACE_IN_LINE}", FLAGS)
_WORD = regex.compile(rf"{_ANY_LETTER}+", FLAGS)
_IN_LATIN = regex.compile(f"(?:{LATIN}|{MARK})+", FLAGS)
_AN_OTHER_CYRILLIC = regex.compile(OTHER_CYRILLIC, FLAGS)
_BEFORE_TRANSCRIPTION = regex.compile(
    rf"(?P<letter>\p{{L}})\p{{M}}*[»”\"」』*_]{{0,4}}{SPACE_IN_LINE}?(?P<mark>[(\[]){SPACE_IN_LINE}?\Z", FLAGS
)
_LETTER_OF = {script: regex.compile(letters, FLAGS) for script, letters in _LETTERS.items()}
_NOTHING = r"[[a]--[a]]"
# Takes the place of a letter that was let through: a sign that no rule of words or alphabets looks at.
_STAND_IN = "№"
# What only a window can be weighed by.
_TO_WEIGH = regex.compile(rf"[{LATIN}{GREEK}`$\\]|<[!/]", FLAGS)


class Reading(NamedTuple):
    """What was read of a text.

    Attributes:
        foreign: the words let through, as (start, end).
        stretch: what is open where the reading ended.
        relies: how far the text was looked at, for a stretch that was opened.
        looked: whether any text behind the words themselves was looked at.
    """

    foreign: list[tuple[int, int]]
    stretch: Stretch | None
    relies: int
    looked: bool


class Relaxation:
    """The foreign text that one request lets through.

    Args:
        codes: the languages asked for, one at least.

    Attributes:
        cyrillic: the first of them that is written in Cyrillic letters: a sentence found not to be Russian is taken to
            be in it.
    """

    def __init__(self, codes: tuple[str, ...]) -> None:
        languages = [BY_CODE[code] for code in codes]
        self.cyrillic = next((language.code for language in languages if language.cyrillic is not None), None)
        self._scripts: dict[Script, str] = {}
        self._alphabets: dict[str, str] = {}
        for language in languages:
            for script in language.scripts:
                self._scripts.setdefault(script, language.code)
            for letter in language.cyrillic or "":
                self._alphabets.setdefault(letter, language.code)
                self._alphabets.setdefault(letter.upper(), language.code)
        letters = "".join(_LETTERS[script] for script in self._scripts)
        self._in_latin = "latin" in self._scripts
        self._token = _tokens(f"[{letters}]" if letters else _NOTHING)
        self._concern = regex.compile(f"[{letters}{LATIN}{OTHER_CYRILLIC}]", FLAGS)

    def concerns(self, text: str, start: int, end: int) -> bool:
        """Whether text[start:end) holds anything that may be let through."""
        return self._concern.search(text, start, end) is not None

    def read(self, text: str, start: int, end: int, before: str, stretch: Stretch | None) -> Reading:
        """Read text[start:end), which follows on `before`, with `stretch` open where it begins.

        A stretch is opened by what stands in `text` up to `LOOK_AHEAD` characters behind the first one that is no
        white space; that much must be known, or the end of the line, or a Cyrillic letter before it.
        """
        shift = start - len(before)
        limit = run_end(_BLANK, text, start) + LOOK_AHEAD
        whole = before + text[start : max(end, limit)]
        limit -= shift
        foreign: list[tuple[int, int]] = []
        relies, looked = 0, False
        for token in self._token.finditer(whole, len(before), end - shift):
            kind, at, word = token.lastgroup, token.start(), token.group()
            if kind == "line":
                stretch = None
            elif kind == "mark":
                stretch = _at_mark(stretch, word)
            elif kind == "foreign" or (not self._in_latin and _IN_LATIN.fullmatch(word)):
                romanised = kind != "foreign"
                if stretch is None:
                    looked = True
                    opened = self._transcription(whole, at, limit) if romanised else _open(whole, at, limit)
                    if opened is not None:
                        stretch, relies = opened[0], max(relies, opened[1] + shift)
                if stretch is not None and (not romanised or stretch.romanised or stretch.inset):
                    foreign.append((at + shift, token.end() + shift))
            elif stretch is not None and not stretch.inset and _A_CYRILLIC.match(word):
                stretch = None
        return Reading(foreign, stretch, relies, looked)

    def decide(
        self, text: str, start: int, end: int, finished: bool, state: State, policy: LanguagePolicy, context: Context
    ) -> Decision | None:
        """Judge the unit text[start:end) with what is let through taken out of it; None where more must be known.

        Offsets of the decision are relative to the unit's chunk.
        """
        chunk = run_end(_BLANK, text, start)
        before = (state.before + text[start:chunk])[-MEMORY:]
        if state.stretch is not None:
            reading = self.read(text, start, end, state.before, state.stretch)
            shown = _masked(text[chunk:end], reading.foreign, chunk)
            if not (reading.looked or _TO_WEIGH.search(shown)):
                return self._without_asked_for(balanced.decide_letters(shown, before, policy), text, chunk)
        window = gather(text, chunk, end, before, finished)
        if window is None:
            return None
        reading = self.read(text, start, chunk + len(window.text), state.before, state.stretch)
        shown = _masked(window.text, reading.foreign, chunk)
        if _TO_WEIGH.search(shown, 0, window.chunk):
            decision = balanced.decide(window._replace(text=shown), policy, context)
        else:
            decision = balanced.decide_letters(shown[: window.chunk], before, policy)
        decision = decision._replace(relies=max(decision.relies, reading.relies - chunk))
        return self._without_asked_for(decision, text, chunk)

    def follow(
        self, text: str, start: int, end: int, refused: Sequence[Span], state: State, loose: bool
    ) -> tuple[Stretch | None, str | None]:
        """The stretch that is open behind text[start:end), and the language that was let through in it, if any was."""
        if loose or state.loose:
            return state.stretch, None
        if state.stretch is None and not self.concerns(text, start, end):
            return None, None
        reading = self.read(text, start, end, state.before, state.stretch)
        for at, _ in reading.foreign:
            for script, code in self._scripts.items():
                if _LETTER_OF[script].match(text, at):
                    return reading.stretch, code
        for found in _AN_OTHER_CYRILLIC.finditer(text, start, end):
            if not any(span.start <= found.start() < span.end for span in refused):
                return reading.stretch, self._alphabets.get(found.group())
        return reading.stretch, None

    def _without_asked_for(self, decision: Decision, text: str, offset: int) -> Decision:
        """The decision without what it refuses for letters of an alphabet that was asked for."""
        if not self._alphabets:
            return decision
        refused = [
            span
            for span in decision.refused
            if span.kind != "cyrillic"
            or any(
                letter not in self._alphabets
                for letter in _AN_OTHER_CYRILLIC.findall(text, offset + span.start, offset + span.end)
            )
        ]
        return decision._replace(refused=refused)

    def _transcription(self, text: str, at: int, limit: int) -> tuple[Stretch, int] | None:
        """A transcription in brackets right behind a word in the language: «你好» (nǐ hǎo)."""
        found = _BEFORE_TRANSCRIPTION.search(text, max(at - MEMORY, 0), at)
        if found is None or not any(_LETTER_OF[script].match(found["letter"]) for script in self._scripts):
            return None
        closers = _CLOSERS[found["mark"]]
        end = _look(text, at, limit, closers)
        return (Stretch(closers, romanised=True), end.end()) if end is not None and end.lastgroup == "close" else None


def _masked(text: str, foreign: list[tuple[int, int]], offset: int) -> str:
    """`text`, which begins at `offset`, with stand-ins for what was let through."""
    for start, end in foreign:
        start, end = max(start - offset, 0), end - offset
        text = text[:start] + _STAND_IN * (end - start) + text[end:]
    return text


def _tokens(letters: str) -> regex.Pattern[str]:
    """One token: a run of foreign letters, any other run of letters, a line end, a mark that opens or closes."""
    return regex.compile(
        rf"(?P<foreign>(?<![{_ANY_LETTER}--{letters}]){letters}(?:{letters}|{MARK})*(?!{_ANY_LETTER}))"
        rf"|(?P<word>{_ANY_LETTER}+)|(?P<line>{LINE_END})|(?P<mark>[«»“”„\"「」『』()\[\]])",
        FLAGS,
    )


def _at_mark(stretch: Stretch | None, mark: str) -> Stretch | None:
    if stretch is None or mark in stretch.closers:
        return None
    if stretch.inset:
        return stretch._replace(inset="") if mark in stretch.inset else stretch
    return stretch._replace(inset=_CLOSERS.get(mark, ""))


def _open(text: str, at: int, limit: int) -> tuple[Stretch, int] | None:
    """The stretch that the foreign word at `at` opens, and how far the text was looked at for it."""
    before = text[max(at - MEMORY, 0) : at]
    line = _A_LINE_END.split(before)[-1]
    begins = len(line) < len(before) or len(before) < MEMORY
    own_line = begins and _MARKUP.fullmatch(line) is not None
    opening = None if own_line else _OPENING.search(line)
    if not (own_line or opening or _AFTER_COLON.search(line) or (begins and _ENTRY.search(line))):
        return None
    closers = _CLOSERS[opening["mark"]] if opening else ""
    end = _look(text, at, limit, closers)
    if end is not None and end.lastgroup == "russian":
        words = [word.end() for word in _WORD.finditer(text, at, end.start())]
        ended = _BREAK.search(text, words[-1] if words else at, end.start()) is not None
        if closers or not (ended or (own_line and len(words) >= ENOUGH_WORDS)):
            return None
    elif opening and opening["mark"] in "([" and (end is None or end.lastgroup != "close"):
        return None
    return Stretch(closers), min(end.end() if end is not None else limit, len(text))


def _look(text: str, at: int, limit: int, closers: str) -> regex.Match[str] | None:
    """The first thing behind `at` that ends a stretch; None where `limit`, or the text's end, comes before it."""
    return _ends(closers).search(text, at, limit)


@lru_cache(maxsize=16)
def _ends(closers: str) -> regex.Pattern[str]:
    close = f"|(?P<close>[{regex.escape(closers)}])" if closers else ""
    return regex.compile(rf"(?P<line>{LINE_END})|(?P<russian>(?<!{_ANY_LETTER}){CYRILLIC}){close}", FLAGS)
