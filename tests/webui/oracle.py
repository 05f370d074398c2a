"""Which characters of a text have no place in a strictly Russian reply: judged by Unicode names alone.

Independent of the package's own check on purpose: the tests must not ask the guard whether the guard is right.
"""

from __future__ import annotations

import unicodedata

RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
STRESS = frozenset("\u0300\u0301")
IN_EMOJI = frozenset("\ufe0e\ufe0f\u20e3")


def foreign(text: str) -> list[str]:
    """Every letter, mark and broken character of `text` that is not Russian, with its Unicode name."""
    found = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        if category.startswith("L"):
            clean = character in RUSSIAN
        elif category.startswith("M"):
            clean = character in STRESS or character in IN_EMOJI
        else:
            clean = character != "\ufffd" and category not in {"Co", "Cn", "Cs"} and not _control(character, category)
        if not clean:
            found.append(f"{character!r} {name}")
    return found


def _control(character: str, category: str) -> bool:
    return category == "Cc" and character not in "\n\t\r"
