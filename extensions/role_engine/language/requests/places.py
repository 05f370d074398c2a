"""The places where text in another language stands as text of its own.

Such a stretch begins at the start of a line, at an opening quotation mark or bracket, behind a colon, or behind the
dash of a short list item («яблоко — apple»), and nowhere else: running Russian text is checked as always. It is opened
by looking at most `LOOK_AHEAD` characters on, so that a single foreign word which Russian text goes on with opens none;
once open, its words are free to the line's end, the closing mark, or the Russian that follows.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LINE_END, MARK, SPACE, SPACE_IN_LINE
from role_engine.language.requests.stretch import Stretch
from role_engine.language.window import MEMORY

# A single word that Russian goes on with is no text of its own; this many are.
ENOUGH_WORDS = 4
# The words before the dash in an item of a word list.
LONGEST_ENTRY = 4

ANY_LETTER = rf"[\p{{L}}{MARK}]"

CLOSERS = {"«": "»", "“": "”", "„": "“”", '"': '"', "「": "」", "『": "』", "(": ")", "[": "]", "|": "|"}

A_LINE_END = regex.compile(LINE_END, FLAGS)
# What may stand before a line's own text: markup, a number, the «а)» of a list.
_MARKUP = regex.compile(rf"(?:<[^<>{SPACE}]{{0,40}}>|(?<!\p{{L}})[{CYRILLIC}]\)|[^{CYRILLIC}])*+", FLAGS)
_AFTER_COLON = regex.compile(r":[^\p{L}\p{N}]{0,8}\Z", FLAGS)
_ENTRY = regex.compile(
    rf"(?:\A|[;•·|])[^\p{{L}};•·|]*(?:\p{{L}}[\p{{L}}\p{{M}}’'\-]*+[^\p{{L}};.•|]{{1,4}}){{1,{LONGEST_ENTRY}}}"
    rf"(?<={SPACE_IN_LINE}|[»”\")*_])(?:[—–\-−=→/]|->){SPACE_IN_LINE}[^\p{{L}}\p{{N}}]{{0,8}}\Z",
    FLAGS,
)
_OPENING = regex.compile(
    rf"(?:(?P<mark>[«“„「『(\[|])|(?<![^{SPACE}(\[{{*_|:=—–\-])(?P<mark>\"))[*_¿¡{SPACE_IN_LINE}]{{0,4}}\Z", FLAGS
)
# Between a foreign word and Russian: a sign that the one has ended before the other begins.
_BREAK = regex.compile(rf"[.!?…:;—–=|/()\[\]«»„“”\"→*_\t~#。！？]|{SPACE_IN_LINE}-{SPACE_IN_LINE}", FLAGS)
_WORD = regex.compile(rf"{ANY_LETTER}+", FLAGS)


def pass_mark(stretch: Stretch | None, mark: str) -> Stretch | None:
    if stretch is None or mark in stretch.closers:
        return None
    if stretch.inset:
        return stretch._replace(inset="") if mark in stretch.inset else stretch
    return stretch._replace(inset=CLOSERS.get(mark, ""))


def open_stretch(text: str, at: int, limit: int) -> tuple[Stretch, int] | None:
    """The stretch that the foreign word at `at` opens, and how far the text was looked at for it."""
    before = text[max(at - MEMORY, 0) : at]
    line = A_LINE_END.split(before)[-1]
    begins = len(line) < len(before) or len(before) < MEMORY
    own_line = begins and _MARKUP.fullmatch(line) is not None
    opening = None if own_line else _OPENING.search(line)
    if not (own_line or opening or _AFTER_COLON.search(line) or (begins and _ENTRY.search(line))):
        return None
    closers = CLOSERS[opening["mark"]] if opening else ""
    end = look(text, at, limit, closers)
    if end is not None and end.lastgroup == "russian":
        words = [word.end() for word in _WORD.finditer(text, at, end.start())]
        ended = _BREAK.search(text, words[-1] if words else at, end.start()) is not None
        if closers or not (ended or (own_line and len(words) >= ENOUGH_WORDS)):
            return None
    elif opening and opening["mark"] in "([" and (end is None or end.lastgroup != "close"):
        return None
    return Stretch(closers), min(end.end() if end is not None else limit, len(text))


def look(text: str, at: int, limit: int, closers: str) -> regex.Match[str] | None:
    """The first thing behind `at` that ends a stretch; None where `limit`, or the text's end, comes before it."""
    return _ends(closers).search(text, at, limit)


@lru_cache(maxsize=16)
def _ends(closers: str) -> regex.Pattern[str]:
    close = f"|(?P<close>[{regex.escape(closers)}])" if closers else ""
    return regex.compile(rf"(?P<line>{LINE_END})|(?P<russian>(?<!{ANY_LETTER}){CYRILLIC}){close}", FLAGS)
