"""What a request for another language lets through: text in that language, where it stands as text of its own.

Where that is, `places` knows. Where foreign words are what the request is about, they stand in Russian sentences too
(`mentions`).

Languages with the same letters cannot be told apart: a request for English lets German stand too.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from role_engine.language.latin.context import UserContext
from role_engine.language.letters.exact import RefusedLetters
from role_engine.language.policy import LanguagePolicy
from role_engine.language.requests.foreign_words import function_words_of
from role_engine.language.requests.languages import BY_CODE, Script
from role_engine.language.requests.mentions import foreign_mention_end, is_transcription, mention_end
from role_engine.language.requests.places import ANY_LETTER, CLOSERS, look, open_stretch, pass_mark
from role_engine.language.requests.request import LanguageRequest
from role_engine.language.requests.stretch import Stretch
from role_engine.language.state import State
from role_engine.language.window import MEMORY, gather

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
# Letters of transcriptions: /θruː/.
_PHONETIC = r"\u0250-\u02ffθβχ"
_BLANK = regex.compile(f"{SPACE}{{0,{LOOK_AHEAD}}}", FLAGS)
_A_LINE_END = regex.compile(LINE_END, FLAGS)
_IN_LATIN = regex.compile(f"(?:{LATIN}|{MARK})+", FLAGS)
_AN_OTHER_CYRILLIC = regex.compile(OTHER_CYRILLIC, FLAGS)
_BEFORE_TRANSCRIPTION = regex.compile(
    rf"(?P<letter>\p{{L}})\p{{M}}*[»”\"」』*_]{{0,4}}{SPACE_IN_LINE}?(?P<mark>[(\[]){SPACE_IN_LINE}?\Z", FLAGS
)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_LETTER_OF = {script: regex.compile(letters, FLAGS) for script, letters in _LETTERS.items()}
_NOTHING = r"[[a]--[a]]"
# Takes the place of a letter that was let through: a sign that no rule of words or alphabets looks at.
_STAND_IN = "№"
# What only a window can be weighed by.
_TO_WEIGH = regex.compile(rf"[{LATIN}{GREEK}`$\\]|<[!/]", FLAGS)


class TextReading(NamedTuple):
    """What was read of a text.

    Attributes:
        foreign: the words let through, as (start, end).
        stretch: what is open where the reading ended.
        depends_until: how far the text was looked at, for a stretch that was opened.
        looked: whether any text behind the words themselves was looked at.
    """

    foreign: list[tuple[int, int]]
    stretch: Stretch | None
    depends_until: int
    looked: bool


class Relaxation:
    """The foreign text that one request lets through.

    Attributes:
        cyrillic: the first of them that is written in Cyrillic letters: a sentence found not to be Russian is taken to
            be in it.
    """

    def __init__(self, request: LanguageRequest) -> None:
        languages = [BY_CODE[code] for code in request.codes]
        self._about_words = request.about_words
        # What the user named, and what carries grammar, is spoken of wherever it stands.
        self._named = request.named | function_words_of(request.codes)
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
        if self._in_latin and self._about_words:
            letters += _PHONETIC
        self._token = _tokens(f"[{letters}]" if letters else _NOTHING)
        self._concern = regex.compile(f"[{letters}{LATIN}{OTHER_CYRILLIC}]", FLAGS)

    def concerns(self, text: str, start: int, end: int) -> bool:
        """Whether text[start:end) holds anything that may be let through."""
        return self._concern.search(text, start, end) is not None

    def read(self, text: str, start: int, end: int, before: str, stretch: Stretch | None) -> TextReading:
        """Read text[start:end), which follows on `before`, with `stretch` open where it begins.

        A stretch is opened by what stands in `text` up to `LOOK_AHEAD` characters behind the first one that is no
        white space; that much must be known, or the end of the line, or a Cyrillic letter before it.
        """
        shift = start - len(before)
        limit = run_end(_BLANK, text, start) + LOOK_AHEAD
        whole = before + text[start : max(end, limit)]
        limit -= shift
        foreign: list[tuple[int, int]] = []
        depends_until, looked = 0, False
        for token in self._token.finditer(whole, len(before), end - shift):
            kind, at, word = token.lastgroup, token.start(), token.group()
            if kind == "line":
                stretch = None
            elif kind == "mark":
                stretch = pass_mark(stretch, word)
            elif kind == "foreign" or (not self._in_latin and _IN_LATIN.fullmatch(word)):
                romanised = kind != "foreign"
                if stretch is None:
                    looked = True
                    opened = self._opened(whole, at, limit, word, romanised=romanised)
                    if opened is not None:
                        stretch, depends_until = opened[0], max(depends_until, opened[1] + shift)
                if stretch is not None and (not romanised or stretch.romanised or stretch.inset):
                    foreign.append((at + shift, token.end() + shift))
            elif stretch is not None and not stretch.inset and _A_CYRILLIC.match(word):
                stretch = None
        return TextReading(foreign, stretch, depends_until, looked)

    def _opened(self, text: str, at: int, limit: int, word: str, *, romanised: bool) -> tuple[Stretch, int] | None:
        """The stretch that the foreign word at `at` opens, and how far the text was looked at for it."""
        opened = self._transcription(text, at, limit) if romanised else open_stretch(text, at, limit)
        if opened is not None or not self._about_words:
            return opened
        if romanised:
            return (Stretch(romanised=True), at + len(word)) if is_transcription(word) else None
        if _IN_LATIN.match(word):
            end = mention_end(text, at, limit, self._named)
        else:
            end = foreign_mention_end(text, at, limit)
        return (Stretch(), end) if end else None

    def decide(
        self,
        text: str,
        start: int,
        end: int,
        finished: bool,
        state: State,
        policy: LanguagePolicy,
        context: UserContext,
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
        if window is None or not (finished or self._knows_enough(text, chunk)):
            return None
        reading = self.read(text, start, chunk + len(window.text), state.before, state.stretch)
        shown = _masked(window.text, reading.foreign, chunk)
        if _TO_WEIGH.search(shown, 0, window.chunk):
            decision = balanced.decide(window._replace(text=shown), policy, context)
        else:
            decision = balanced.decide_letters(shown[: window.chunk], before, policy)
        decision = decision._replace(depends_until=max(decision.depends_until, reading.depends_until - chunk))
        return self._without_asked_for(decision, text, chunk)

    def _knows_enough(self, text: str, chunk: int) -> bool:
        """Whether a word in a Russian sentence can be judged: the look-ahead is full, or the line ends."""
        limit = chunk + LOOK_AHEAD
        return not self._about_words or len(text) >= limit or _A_LINE_END.search(text, chunk, limit) is not None

    def follow(
        self, text: str, start: int, end: int, refused: Sequence[RefusedLetters], state: State, in_free_token: bool
    ) -> tuple[Stretch | None, str | None]:
        """The stretch that is open behind text[start:end), and the language that was let through in it, if any was."""
        if in_free_token or state.in_free_token:
            return state.stretch, None
        if state.stretch is None and not self.concerns(text, start, end):
            return None, None
        reading = self.read(text, start, end, state.before, state.stretch)
        for word in reading.foreign:
            for script, code in self._scripts.items():
                if _LETTER_OF[script].search(text, *word):
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
        closers = CLOSERS[found["mark"]]
        end = look(text, at, limit, closers)
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
        rf"(?P<foreign>(?<![{ANY_LETTER}--{letters}]){letters}(?:{letters}|{MARK})*(?!{ANY_LETTER}))"
        rf"|(?P<word>{ANY_LETTER}+)|(?P<line>{LINE_END})|(?P<mark>[«»“”„\"「」『』()\[\]])",
        FLAGS,
    )
