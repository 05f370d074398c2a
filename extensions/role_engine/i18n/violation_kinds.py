"""What the kinds of violations are called where there is room for a word or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from role_engine.language.verdict import Kind

Language = Literal["ru", "en"]

KIND_NAMES: Mapping[Language, Mapping[Kind, str]] = {
    "ru": {
        "cjk": "иероглифы",
        "script": "чужое письмо",
        "cyrillic": "чужая кириллица",
        "mixed": "смесь алфавитов",
        "latin": "латиница",
        "translit": "транслит",
        "garbage": "мусор",
        "language": "другой язык",
    },
    "en": {
        "cjk": "Chinese characters",
        "script": "another script",
        "cyrillic": "other Cyrillic",
        "mixed": "mixed alphabets",
        "latin": "Latin",
        "translit": "transliteration",
        "garbage": "garbage",
        "language": "another language",
    },
}
