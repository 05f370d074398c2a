"""Rules that a lazy check might be made of; the measures that the real one passes must not let them pass."""

from __future__ import annotations

import re

_LATIN_WORD = re.compile(r"[A-Za-z]+")


def rule_of_alphabet(text: str) -> list[tuple[int, int]]:
    """Every Latin word is refused."""
    return [word.span() for word in _LATIN_WORD.finditer(text)]


def rule_of_capitals(text: str) -> list[tuple[int, int]]:
    """Every Latin word that has no capital is refused."""
    return [word.span() for word in _LATIN_WORD.finditer(text) if word.group().islower()]


def rule_of_nothing(text: str) -> list[tuple[int, int]]:
    """Nothing is refused."""
    return []


CHEAP_RULES = (rule_of_alphabet, rule_of_capitals, rule_of_nothing)
