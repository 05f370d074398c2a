"""Latin words in disguise: «ⓗⓔⓛⓛⓞ», «🅗🅔🅛🅛🅞», «🇭🇪🇱🇱🇴».

One or two letters in circles or squares are a mark («пункт ⓐ», «🅿», «🆎»), and two regional letters a flag. Three
letters in a row spell, and so do regional letters of which a pair is no flag.
"""

from __future__ import annotations

import re

FEWEST = 3
_LETTER = "[\u249c-\u24e9\U0001f110-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]"
_REGIONAL = "[\U0001f1e6-\U0001f1ff]"
_RUN = re.compile(f"(?<!{_LETTER})(?:{_LETTER}[\ufe0e\ufe0f]?){{{FEWEST},}}|(?<!{_REGIONAL}){_REGIONAL}{{{FEWEST},}}")
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
        for found in _RUN.finditer(whole)
        if found.end() > offset and not _are_flags(found.group())
    ]


def _are_flags(run: str) -> bool:
    if run[0] < _A_FIRST or run[0] > "\U0001f1ff":
        return False
    letters = "".join(chr(ord(char) - ord(_A_FIRST) + ord("A")) for char in run)
    return all(letters[at : at + 2] in _REGIONS for at in range(0, len(letters) - 1, 2))
