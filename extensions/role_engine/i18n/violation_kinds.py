"""What the kinds of violations are called where there is room for a word or two."""

from __future__ import annotations

VIOLATION_KIND_TEXTS: dict[str, tuple[str, str]] = {
    "violation cjk": ("иероглифы", "Chinese characters"),
    "violation script": ("чужое письмо", "another script"),
    "violation cyrillic": ("чужая кириллица", "other Cyrillic"),
    "violation mixed": ("смесь алфавитов", "mixed alphabets"),
    "violation latin": ("латиница", "Latin"),
    "violation translit": ("транслит", "transliteration"),
    "violation garbage": ("мусор", "garbage"),
    "violation language": ("другой язык", "another language"),
}  # fmt: skip
