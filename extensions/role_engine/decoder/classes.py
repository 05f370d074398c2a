"""The partition of all characters that the automata read: two characters of a class are the same to every rule.

It is computed from the very patterns by which the check reads text (`language/alphabets.py`), so that what is
forbidden while decoding and what is refused afterwards cannot drift apart. Every ASCII character is a class of its own.
"""

from __future__ import annotations

import enum
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

import regex

from role_engine.language.alphabets import (
    CJK,
    CYRILLIC,
    EMOJI,
    EMOJI_STYLE,
    FLAGS,
    GARBAGE,
    GREEK,
    JOINER,
    KEYCAP,
    LATIN,
    LINE_END,
    MARK,
    OTHER_SCRIPT,
    RUSSIAN,
    RUSSIAN_VOWELS,
    SIGN_LETTERS,
    SOFT_HYPHEN,
    SPACE,
    SPACE_IN_LINE,
    TEXT_STYLE,
)

if TYPE_CHECKING:
    from role_engine.decoder.disk_cache import DiskCache

_LAST = 0x110000
_SURROGATES = range(0xD800, 0xE000)


class Trait(enum.IntFlag):
    """What a pattern says of a character."""

    GARBAGE = enum.auto()
    SPACE = enum.auto()
    SPACE_IN_LINE = enum.auto()
    LINE_END = enum.auto()
    RUSSIAN = enum.auto()
    VOWEL = enum.auto()
    CYRILLIC = enum.auto()
    LATIN = enum.auto()
    GREEK = enum.auto()
    SIGN_LETTER = enum.auto()
    CJK = enum.auto()
    OTHER_SCRIPT = enum.auto()
    EMOJI = enum.auto()
    FLAG = enum.auto()
    TAG = enum.auto()
    MARK = enum.auto()
    ANY_MARK = enum.auto()
    LETTER = enum.auto()
    UPPER = enum.auto()
    SIGN = enum.auto()
    MATH = enum.auto()
    INVISIBLE = enum.auto()


_PATTERNS: dict[Trait, str] = {
    Trait.SPACE: SPACE,
    Trait.SPACE_IN_LINE: SPACE_IN_LINE,
    Trait.LINE_END: LINE_END,
    Trait.RUSSIAN: RUSSIAN,
    Trait.VOWEL: f"[{RUSSIAN_VOWELS}]",
    Trait.CYRILLIC: CYRILLIC,
    Trait.LATIN: f"[{LATIN}]",
    Trait.GREEK: f"[{GREEK}]",
    Trait.SIGN_LETTER: SIGN_LETTERS,
    Trait.CJK: CJK,
    Trait.OTHER_SCRIPT: OTHER_SCRIPT,
    Trait.EMOJI: EMOJI,
    Trait.FLAG: r"[\p{Regional_Indicator}]",
    Trait.MARK: MARK,
    Trait.ANY_MARK: r"[\p{M}]",
    Trait.LETTER: r"[\p{L}]",
    Trait.UPPER: r"[\p{Uppercase}\p{Lt}]",
    Trait.SIGN: r"[\p{S}\p{N}\p{P}]",
    Trait.MATH: r"[\p{Sm}]",
    Trait.INVISIBLE: rf"[\p{{Default_Ignorable_Code_Point}}{KEYCAP}]",
}
# Garbage that some sequence needs, read with its own traits.
_NEEDED = (JOINER, "\U000e007f", "\ufffd")
_TAGS = r"[\U000E0030-\U000E0039\U000E0061-\U000E007A]"

# Characters that a rule names one by one.
SINGLES = (
    SOFT_HYPHEN,
    TEXT_STYLE,
    EMOJI_STYLE,
    KEYCAP,
    JOINER,
    "\u0300",
    "\u0301",
    "\u0306",
    "\u0308",
    "\u0338",
    *"иИеЕ",
    "\u2139",
    "\ufffd",
    "\U0001f3f4",
    "\U000e007f",
    *"»”…",
    *"¯ツ",
    *"КФЛСПр",
    "｜",
    "▁",
)


@dataclass(frozen=True, eq=False)
class Partition:
    """Classes are numbers from 0. Surrogates, which no text holds, belong to none.

    Attributes:
        runs: (first, last, class) of code points, in order and without gaps but the surrogates.
        traits: of each class.
        sample: one character of each class; the class's only one where `single` says so.
        single: whether the class has one character.
    """

    runs: tuple[tuple[int, int, int], ...]
    traits: tuple[Trait, ...]
    sample: tuple[str, ...]
    single: tuple[bool, ...]
    ids: dict[str, int]

    def __len__(self) -> int:
        return len(self.traits)

    @cached_property
    def digest(self) -> bytes:
        """A hash of which characters are of which class."""
        return blake2b(repr(self.runs).encode(), digest_size=16).digest()

    def class_of(self, char: str) -> int:
        """The class of a character."""
        known = self.ids.get(char)
        if known is not None:
            return known
        point, low, high = ord(char), 0, len(self.runs)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.runs[middle][0] <= point else (low, middle)
        first, last, number = self.runs[low]
        if not first <= point <= last:
            raise ValueError(f"U+{point:04X} is no character.")
        return number


@lru_cache(maxsize=8)
def partition(extra: frozenset[str] = frozenset()) -> Partition:
    """The partition in which the characters of `extra` are classes of their own too. Made once a process."""
    base = _RUNS.of_traits()
    singles = sorted({*map(chr, range(128)), *SINGLES, *extra})
    cuts = {ord(char): True for char in singles}
    runs: list[tuple[int, int, int]] = []
    numbers: dict[tuple[Trait, str], int] = {}
    traits: list[Trait] = []
    sample: list[str] = []
    single: list[bool] = []

    def number(trait: Trait, char: str) -> int:
        key = (trait, char)
        if key not in numbers:
            numbers[key] = len(traits)
            traits.append(trait)
            sample.append(char)
            single.append(bool(char))
        return numbers[key]

    ordered, at = sorted(cuts), 0
    for first, last, trait in base:
        begin = first
        while at < len(ordered) and ordered[at] <= last:
            point = ordered[at]
            at += 1
            if point > begin:
                runs.append((begin, point - 1, number(trait, "")))
            runs.append((point, point, number(trait, chr(point))))
            begin = point + 1
        if begin <= last:
            runs.append((begin, last, number(trait, "")))
    for first, _, group in runs:
        sample[group] = sample[group] or chr(first)
    ids = {char: group for group, char in enumerate(sample) if single[group]}
    return Partition(tuple(runs), tuple(traits), tuple(sample), tuple(single), ids)


def single_out(chars: Iterable[str]) -> frozenset[str]:
    """Those of `chars` that are no classes of their own without being asked for."""
    return frozenset(char for char in chars if ord(char) >= 128 and char not in SINGLES)


class _Runs:
    """`_traits_in_runs`, reckoned or read once a process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: tuple[tuple[int, int, Trait], ...] = ()

    def of_traits(self, cache: DiskCache | None = None) -> tuple[tuple[int, int, Trait], ...]:
        with self._lock:
            if not self._found:
                self._found = _traits_in_runs() if cache is None else _kept_traits(cache)
            return self._found


_RUNS = _Runs()


def keep_characters(cache: DiskCache) -> None:
    """Take from the disk what every partition is made of, or make it and keep it there."""
    _RUNS.of_traits(cache)


def _kept_traits(cache: DiskCache) -> tuple[tuple[int, int, Trait], ...]:
    import numpy as np

    kept = cache.arrays("characters", (), lambda: {"runs": np.array(_traits_in_runs(), np.int64)})
    return tuple((first, last, Trait(trait)) for first, last, trait in kept["runs"].tolist())


def _traits_in_runs() -> tuple[tuple[int, int, Trait], ...]:
    """(first, last, traits) of every stretch of code points that the patterns tell nothing apart in."""
    points = array("I", range(_SURROGATES.start)) + array("I", range(_SURROGATES.stop, _LAST))
    text = points.tobytes().decode("utf-32-le" if sys.byteorder == "little" else "utf-32-be")
    garbage = [found.span() for found in regex.compile(f"{GARBAGE}+", FLAGS).finditer(text)]
    marks: list[
        tuple[int, int]
    ] = []  # (position in `text`, trait) at which a trait begins or ends; plain numbers add fast
    kept, origin = [], []
    before, size = 0, 0
    for start, end in [*garbage, (len(text), len(text))]:
        if start > before:
            kept.append(text[before:start])
            origin.append((size, before))
            size += start - before
        marks += [(start, int(Trait.GARBAGE)), (end, int(Trait.GARBAGE))] if end > start else []
        before = end
    rest = "".join(kept)
    for trait, pattern in _PATTERNS.items():
        for found in regex.compile(f"{pattern}+", FLAGS).finditer(rest):
            for start, end in _stretches(found.start(), found.end(), origin, size):
                marks += [(start, int(trait)), (end, int(trait))]
    offset = len(_SURROGATES)
    for found in regex.compile(_TAGS, FLAGS).finditer(text, 0xE0000 - offset, 0xE0100 - offset):
        marks += [(found.start(), int(Trait.TAG)), (found.end(), int(Trait.TAG))]
    marks.sort()
    runs: list[tuple[int, int, Trait]] = []
    current, begin = 0, 0
    for position, flag in [*marks, (len(text), 0)]:
        if position > begin:
            runs += _as_points(begin, position - 1, Trait(current))
            begin = position
        current ^= flag
    return tuple(_joined(runs))


def _stretches(start: int, end: int, origin: list[tuple[int, int]], size: int) -> Iterable[tuple[int, int]]:
    """Where [start, end) of the text without garbage lies in the whole text."""
    low, high = 0, len(origin)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if origin[middle][0] <= start else (low, middle)
    while start < end:
        kept, original = origin[low]
        until = min(end, origin[low + 1][0] if low + 1 < len(origin) else size)
        yield original + start - kept, original + until - kept
        start, low = until, low + 1


def _as_points(first: int, last: int, trait: Trait) -> list[tuple[int, int, Trait]]:
    """Positions in a text that leaves out the surrogates, as code points."""
    gap, size = _SURROGATES.start, len(_SURROGATES)
    if last < gap:
        return [(first, last, trait)]
    if first >= gap:
        return [(first + size, last + size, trait)]
    return [(first, gap - 1, trait), (gap + size, last + size, trait)]


def _joined(runs: list[tuple[int, int, Trait]]) -> list[tuple[int, int, Trait]]:
    joined: list[tuple[int, int, Trait]] = []
    for first, last, trait in runs:
        if joined and joined[-1][1] + 1 == first and joined[-1][2] == trait:
            joined[-1] = (joined[-1][0], last, trait)
        else:
            joined.append((first, last, trait))
    return joined
