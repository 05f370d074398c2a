"""Letters that no reply may hold, but for those that `balanced` lets stand in their place.

Russian as it was written before 1918 («Мѣсто, гдѣ жилъ Ѳёдоръ») may be quoted, and not be written: four letters more
(ѣ, і, ѳ, ѵ) and a hard sign at the end of a word. «і» alone proves nothing, since Ukrainian and Belarusian have it too;
it counts before a vowel, in a quotation that has shown its age otherwise. Moves of chess have Russian letters and Latin
ones in a word.
"""

from __future__ import annotations

import re
from operator import attrgetter

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LINE_END, RUSSIAN, SPACE
from role_engine.language.letters.exact import Findings, RefusedLetters, word_before
from role_engine.language.policy import LanguagePolicy

_WORD = regex.compile(rf"(?:{RUSSIAN}|[ѣѳѵіѢѲѴІ\u0301])+", FLAGS)
_SHOWS_AGE = regex.compile(r"[ѣѳѵѢѲѴ]|[бвгджзклмнпрстфхцчшщБВГДЖЗКЛМНПРСТФХЦЧШЩ][ъЪ](?!\p{L})", FLAGS)
_UKRAINIAN_I = regex.compile(r"[іІ](?![аеиоуыэюяёйѣАЕИОУЫЭЮЯЁЙѢ])", FLAGS)
_MIR = regex.compile(r"міръ|мір(?:а|у|омъ|ѣ|овой)", FLAGS | regex.IGNORECASE)
# The quotation that the text ends in: opened, and not closed since.
_OPEN_QUOTATION = regex.compile(
    rf"«[^»\n]*\Z|“[^”“\n]*\Z|„[^“”\n]*\Z|(?:\A|[^\"{CYRILLIC}0-9])\"(?=\S|\Z)[^\"\n]*\Z"
    r"|(?:\A|\n)[\ \t]*>[^\n]*\Z",
    FLAGS,
)
_SENTENCE_START = regex.compile(
    rf"(?:[.!?…:;][»”\"')\]]{{0,64}}{SPACE}{{0,64}}|{LINE_END}{SPACE}{{0,64}}|\A[^\p{{L}}]*)\Z", FLAGS
)


def letters_refused(text: str, found: Findings, before: str, policy: LanguagePolicy) -> list[RefusedLetters]:
    """The refused spans of the exact kinds.

    `balanced` lets a name of another Cyrillic alphabet stand, the old spelling in a quotation, and moves of chess.
    """
    if policy.mode == "balanced" and found.refused:
        refused = [span for span in found.refused if not is_chess_move(text, span.start, span.end)]
    else:
        refused = found.refused
    if not found.other_cyrillic:
        return refused
    begun = word_before(before)
    earlier = before[: len(before) - len(begun)]
    names = [
        span
        for span in found.other_cyrillic
        if policy.mode == "balanced"
        and (
            (
                (text[span.start] if span.start else (begun + text)[0]).isupper()
                and not _SENTENCE_START.search(before + text[: span.start] if span.start else earlier)
            )
            or is_quoted(
                text[span.start : span.end] if span.start else begun + text[: span.end], before + text[: span.start]
            )
        )
    ]
    return sorted(refused + [span for span in found.other_cyrillic if span not in names], key=attrgetter("start"))


def is_quoted(word: str, before: str) -> bool:
    """Whether `word` is in the old spelling and stands in a quotation that is open where `before` ends."""
    if not _WORD.fullmatch(word):
        return False
    quotation = _OPEN_QUOTATION.search(before)
    if quotation is None:
        return False
    if _MIR.fullmatch(word):
        return True
    if _UKRAINIAN_I.search(word):
        return False
    return _SHOWS_AGE.search(word) is not None or _SHOWS_AGE.search(quotation.group()) is not None


# A piece's Russian letter before the Latin one of its square: «Кf3», «Фxd5», «Лfd1».
_MOVE = re.compile(r"(?:Кр|[КФЛСП])[a-h]?x?[a-h](?=[1-8](?!\w))")


def is_chess_move(text: str, start: int, end: int) -> bool:
    """Whether the letters in [start, end) of `text` are a chessman's and its square's."""
    found = _MOVE.match(text, start)
    return found is not None and found.end() == end
