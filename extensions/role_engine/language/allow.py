"""Words that may stand in any alphabet: the policy's `allow`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import regex

from role_engine.language.alphabets import FLAGS


@lru_cache(maxsize=64)
def allow_pattern(words: tuple[str, ...]) -> regex.Pattern[str] | None:
    """A pattern that finds any of `words` where it stands as a whole word, whatever its case, or None."""
    known = sorted({" ".join(word.split()) for word in words} - {""}, key=len, reverse=True)
    if not known:
        return None
    either = "|".join(r"\s".join(map(regex.escape, word.split(" "))) for word in known)
    return regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:{either})(?![\p{{L}}\p{{M}}])", FLAGS | regex.IGNORECASE)


def find_allowed(text: str, before: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where `text`, which follows on `before`, holds one of `words`."""
    pattern = allow_pattern(words)
    if pattern is None:
        return []
    offset = len(before)
    return [(found.start() - offset, found.end() - offset) for found in pattern.finditer(before + text, offset)]


def inside(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether [start, end) lies wholly in one of `spans`."""
    return any(at <= start and end <= until for at, until in spans)
