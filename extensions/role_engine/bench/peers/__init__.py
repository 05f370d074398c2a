"""What people do without a guard or with a mask of their own, as the libraries' own pages recommend it."""

from __future__ import annotations

from collections.abc import Callable


def langdetect_says_russian() -> Callable[[str], bool] | None:
    """`langdetect` on the whole text; seeded, for its answers are random otherwise. None: the package is missing."""
    try:
        from langdetect import DetectorFactory, LangDetectException, detect
    except ImportError:
        return None
    DetectorFactory.seed = 0

    def is_russian(text: str) -> bool:
        try:
            return bool(detect(text) == "ru")
        except LangDetectException:  # no letters yet
            return True

    is_russian("Первый вызов читает языковые профили.")
    return is_russian
