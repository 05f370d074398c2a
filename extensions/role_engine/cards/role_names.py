"""A role's id out of a character's name."""

from __future__ import annotations

import re
import unicodedata

_RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ["a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
         "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"],
        strict=True,
    )
)  # fmt: skip


def role_id_of(name: str) -> str:
    """`name` in a-z, 0-9 and «-», at most 64 of them; "" where nothing of it can be written so."""
    letters = "".join(_RUSSIAN.get(letter, letter) for letter in unicodedata.normalize("NFC", name).lower())
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:64].strip("-")
