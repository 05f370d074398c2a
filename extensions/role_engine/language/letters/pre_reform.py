"""Russian as it was written before 1918: «Мѣсто, гдѣ жилъ Ѳёдоръ» may be quoted, and not be written.

Four letters more (ѣ, і, ѳ, ѵ) and a hard sign at the end of a word. «і» alone proves nothing, since Ukrainian and
Belarusian have it too; it counts before a vowel, in a quotation that has shown its age otherwise.
"""

from __future__ import annotations

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, RUSSIAN

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
