"""What an acronym beside it stands for: «**client-side rendering** (CSR)», «PRNG — pseudorandom number generator»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from role_engine.language.latin.free_shapes import JOINERS
from role_engine.language.latin.line import LineContext

# With two capitals at least, «MiM» too; or small, right before what explains it.
_ACRONYM = re.compile(r"(?<![\w\-])(?:[A-Z][A-Za-z]{0,6}[A-Z]|[a-z]{3,5}(?=[ \u00a0](?:[—–\-(]|--)))s?(?![\w\-])")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
# What may stand between the words of a phrase, and between the phrase and its acronym.
_INSIDE = re.compile(r"[ \u00a0\-/]|,[ \u00a0]")
_BETWEEN = re.compile(
    r"[»”\"*_`)]{0,4}(?:[:,]?[ \u00a0]|[ \u00a0]?[—–\-(]{1,2}[ \u00a0]?|,?[ \u00a0]\(){1,3}[«“\"*_`(]{0,4}"
)
LONGEST_BETWEEN, SHORTEST_COMPOUND = 12, 9


def find_expansions(line: LineContext) -> Iterator[tuple[tuple[int, int], int]]:
    """The phrases of the window whose initials are an acronym beside them.

    Yields where each stands in the window, and the end of what makes it one.
    """
    said = line.whole + line.after
    acronyms = list(_ACRONYM.finditer(said)) if len(_WORD.findall(line.text)) > 1 else []
    if not acronyms:
        return
    words = list(_WORD.finditer(said))
    for acronym in acronyms:
        for first in range(len(words)):
            last = _spelled(acronym.group().lower(), said, words, first)
            if last is None:
                continue
            start, end = words[first].start(), words[last].end()
            if _beside(said, start, end, *acronym.span()) and line.offset < end <= len(line.whole):
                until = max(end, acronym.end())
                yield (max(start - line.offset, 0), end - line.offset), until - line.offset


def _spelled(letters: str, said: str, words: list[re.Match[str]], first: int) -> int | None:
    """The last word of the phrase that begins with words[first] and that `letters` are the initials of."""
    at, rest = first, letters
    while at < len(words) and rest:
        word = words[at].group().lower()
        if at > first and not _INSIDE.fullmatch(said, words[at - 1].end(), words[at].start()):
            break
        if word[0] == rest[0]:
            # «PseudoRandom», «HyperText»
            two = (
                len(word) >= SHORTEST_COMPOUND
                and rest[1:2]
                and rest[1] in word[3:]
                and not _goes_on(rest[1], words, at)
            )
            rest = rest[2:] if two else rest[1:]
        elif word not in JOINERS or at == first:
            break
        at += 1
    return at - 1 if rest in ("", "s") and at - first > 1 else None


def _goes_on(letter: str, words: list[re.Match[str]], at: int) -> bool:
    """Whether the word behind words[at] begins with `letter`."""
    return at + 1 < len(words) and words[at + 1].group()[0].lower() == letter


def _beside(said: str, start: int, end: int, acronym_start: int, acronym_end: int) -> bool:
    between = (end, acronym_start) if end <= acronym_start else (acronym_end, start)
    return 0 < between[1] - between[0] <= LONGEST_BETWEEN and _BETWEEN.fullmatch(said, *between) is not None
