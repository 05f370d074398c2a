"""What a refused span should have been, where that is beyond doubt."""

from __future__ import annotations

import unicodedata

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, RUSSIAN, SOFT_HYPHEN
from role_engine.language.letters.lookalikes import is_russian_word, latin_twin, russian_twin
from role_engine.language.verdict import Violation

_IN_RUSSIAN = regex.compile(rf"(?:{RUSSIAN}|[\u0301{SOFT_HYPHEN}])+", FLAGS)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_OLD_LETTERS = str.maketrans("ѣѢѳѲѵѴ", "еЕфФиИ")
_FINAL_HARD_SIGN = regex.compile(r"(?<=[бвгджзклмнпрстфхцчшщБВГДЖЗКЛМНПРСТФХЦЧШЩ])[ъЪ]\Z")
_OLD_I = regex.compile(r"[іІ](?=[аеиоуыэюяёйАЕИОУЫЭЮЯЁЙ])")
# Marks of Chinese and Japanese texts that Unicode does not map to ours.
_MARKS = str.maketrans("。、「」『』《》・", ".,«»«»«»·")
# Invisible, and nothing is lost with them.
_HIDDEN = regex.compile(r"[\p{Cf}\p{Variation_Selector}\ufeff]+")


def suggestion(violation: Violation) -> str | None:
    """The text to write instead, "" for «leave it out», None where only the writer knows.

    «рyчка» → «ручка», «Microsоft» with a Cyrillic «о» → all in Latin, «мѣсто» → «место», «。» → «.».
    """
    text = violation.text
    if violation.kind == "mixed":
        return _one_alphabet(text)
    if violation.kind == "latin":
        return russian_twin(text) if text.isalpha() and is_russian_word(text) else None
    if violation.kind == "cyrillic":
        return _new_spelling(text)
    if violation.kind == "cjk":
        plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).strip()
        return plain if plain and not any(char.isalpha() or ord(char) > 0xBB for char in plain) else None
    if violation.kind == "garbage" and _HIDDEN.fullmatch(text):
        return ""
    return None


def _one_alphabet(text: str) -> str | None:
    russian = russian_twin(text)
    if russian is not None:
        return russian
    latin = latin_twin(text)
    few = len(_A_CYRILLIC.findall(text)) * 2 <= len(text)
    return latin if latin is not None and few else None


def _new_spelling(text: str) -> str | None:
    """A word of the spelling before 1918 in today's."""
    plain = text.translate(_OLD_LETTERS)
    if plain == text:
        return None  # «і» alone may as well be Ukrainian
    plain = _FINAL_HARD_SIGN.sub("", _OLD_I.sub(lambda found: "и" if found.group() == "і" else "И", plain))
    return plain if _IN_RUSSIAN.fullmatch(plain) else None
