"""Russian in Latin letters, by the schemes that people and models use."""

from __future__ import annotations

import re

_COMMON = dict(zip("абвгдезийклмнопрстуфъыьэ", [*"abvgdeziyklmnoprstuf", "", "y", "", "e"], strict=True))
_SCHEMES: dict[str, dict[str, str]] = {
    "passport": dict(ё="e", ж="zh", х="kh", ц="ts", ч="ch", ш="sh", щ="shch", ю="yu", я="ya", ъ="ie"),
    "bgn": dict(ё="yo", ж="zh", х="kh", ц="ts", ч="ch", ш="sh", щ="shch", ю="yu", я="ya", ь="'"),
    "chat": dict(ё="yo", ж="zh", х="h", ц="ts", ч="ch", ш="sh", щ="sch", ю="yu", я="ya"),
    "chat-j": dict(ё="jo", ж="zh", х="h", ц="c", ч="ch", ш="sh", щ="sch", ю="ju", я="ja", й="j", ь="'"),
    "gost-7.79-b": dict(ё="yo", ж="zh", х="x", ц="cz", ч="ch", ш="sh", щ="shh", ю="yu", я="ya", й="j"),
    "iso-9": dict(ё="e", ж="z", х="h", ц="c", ч="c", ш="s", щ="s", ю="u", я="a", й="j"),  # its accents taken off
    "library": dict(ё="e", ж="zh", х="kh", ц="ts", ч="ch", ш="sh", щ="shch", ю="iu", я="ia", й="i"),
    "careless": dict(ё="e", ж="j", х="h", ц="c", ч="ch", ш="sh", щ="sh", ю="u", я="ia", й="i", ы="i"),
}
SCHEMES = tuple(_SCHEMES)
_TABLES = {name: {ord(letter): latin for letter, latin in (_COMMON | own).items()} for name, own in _SCHEMES.items()}
_Y_BEFORE_E = re.compile("(?:^|(?<=[аеёиоуыэюяъь]))е")
_LONG_ENDING = re.compile("[иы]й$")


def transliterate(word: str, scheme: str) -> str:
    """A Russian word, in small letters, by one of `SCHEMES`."""
    if scheme == "bgn":
        word = _Y_BEFORE_E.sub("йе", word)
    elif scheme == "passport":
        word = _LONG_ENDING.sub("ы", word)  # «новый» → «novy»
    return word.translate(_TABLES[scheme])


def spellings(word: str) -> dict[str, str]:
    """Every way to write it, with the first scheme that does."""
    found: dict[str, str] = {}
    for scheme in SCHEMES:
        found.setdefault(transliterate(word, scheme), scheme)
    return found
