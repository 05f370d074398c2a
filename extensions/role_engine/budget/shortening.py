"""A role's text made shorter: sections that can be spared first, then paragraphs and sentences, never within one.

A text that somebody wrote begins with what matters. So it is shortened from its end, and its first paragraph stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count as count_up

from role_engine.prompts.sentences import text_units

OPTIONAL_SECTIONS = ("Сведения", "Примеры речи")
"""Headings of the second level, in the order in which their sections go. A role made from a card ends with them."""

Count = Callable[[str], int]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_WHOLE_PARAGRAPHS = 0.85
"""A cut between two paragraphs is better than one inside, where it keeps at least so much of the text."""
_GUESSES = 8
_SEAM = 2
"""Tokens of the blank line between two texts."""
_LONGEST_TOKEN = 16
"""Characters that a token of running text has at most, on the average of a whole text: what need not be counted."""


@dataclass(frozen=True, slots=True)
class ShortenedText:
    """A text and what was left out of it, in words."""

    text: str
    left_out: tuple[str, ...] = ()


def shorten(inherited: str, own: str, limit: int, count: Count) -> ShortenedText:
    """A system text in at most `limit` tokens, if its cores fit into that.

    First go the sections that can be spared, then what the role has from those that it extends, then its own text; of
    both the first paragraph stays, or of a longer one as many sentences as fit.

    Args:
        inherited: the text of what the role extends, may be empty; its first paragraph is the language rule.
        own: the role's own text.
    """
    left_out: list[str] = []

    def whole() -> str:
        return _joined(inherited, own)

    for heading in OPTIONAL_SECTIONS:
        if count(whole()) <= limit:
            return ShortenedText(whole(), tuple(left_out))
        own, found = _without_section(own, heading)
        if found:
            left_out.append(f"section «{heading}»")
    if count(whole()) <= limit:
        return ShortenedText(whole(), tuple(left_out))
    before = paragraphs(whole())
    if inherited:
        rule = _first_paragraph(inherited)
        room = limit - count(own) - _SEAM
        inherited = beginning(inherited, room, count) if room > count(rule) else rule
    if count(whole()) > limit:
        own = beginning(own, limit - (count(inherited) + _SEAM if inherited else 0), count)
    left_out.append(_told(before, paragraphs(whole())))
    return ShortenedText(whole(), tuple(left_out))


def beginning(text: str, limit: int, count: Count) -> str:
    """As much of the beginning of `text` as fits into `limit` tokens, cut after a paragraph or a sentence; its first
    sentence at least."""
    seen = text[: max(1, limit) * _LONGEST_TOKEN]
    ends = [end for _, end in text_units(seen)]
    if len(seen) < len(text):
        ends = (
            ends[:-1] or [end for _, end in text_units(text)][:1]
        )  # the last one is no border: the text goes on there
    if not ends:
        return text
    kept = _last_that_fits(text, ends, limit, count)
    border = max((found.start() for found in _PARAGRAPHS.finditer(text, 0, kept)), default=0)
    if kept < len(text.rstrip()) and _paragraph_goes_on(text, kept) and border >= _WHOLE_PARAGRAPHS * kept:
        kept = border
    return _cut(text, kept)


def _last_that_fits(text: str, ends: Sequence[int], limit: int, count: Count) -> int:
    """The last of `ends` up to which `text` fits, at least the first.

    Counting is dear: the place is guessed by how dense the text has been so far, and only then halved in on.
    """
    kept, density = ends[0], 1 / 3
    low, high = 1, len(ends)
    for step in count_up():
        if low >= high:
            return kept
        place = bisect_right(ends, limit / density) - 1 if step < _GUESSES else (low + high) // 2
        place = min(max(place, low), high - 1)
        cost = count(_cut(text, ends[place]))
        density = max(cost, 1) / ends[place]
        if cost <= limit:
            kept, low = ends[place], place + 1
        else:
            high = place
    raise AssertionError


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what stands between blank lines."""
    return [part for part in _PARAGRAPHS.split(text.strip()) if part]


def _cut(text: str, end: int) -> str:
    """The first `end` characters, without a heading at their end under which nothing stands any more."""
    kept = text[:end].rstrip()
    while end < len(text.rstrip()) and (last := kept.rpartition("\n")[2]) and _HEADING.fullmatch(last) and last != kept:
        kept = kept[: len(kept) - len(last)].rstrip()
    return kept


def _paragraph_goes_on(text: str, end: int) -> bool:
    following = _PARAGRAPHS.search(text, max(0, len(text[:end].rstrip())))
    return following is None or following.start() > end


def _first_paragraph(text: str) -> str:
    return paragraphs(text)[0] if text.strip() else ""


def _without_section(text: str, heading: str) -> tuple[str, bool]:
    """`text` without the section of that heading, up to the next of its level or above; whether there was one."""
    for found in _HEADING.finditer(text):
        if len(found[1]) == 2 and found[2] == heading:
            following = (after for after in _HEADING.finditer(text, found.end()) if len(after[1]) <= 2)
            end = next((after.start() for after in following), len(text))
            return _joined(text[: found.start()].rstrip(), text[end:].strip()), True
    return text, False


def _told(before: Sequence[str], after: Sequence[str]) -> str:
    kept = sum(1 for one in before if one in set(after))
    return f"{len(before) - kept} of {len(before)} paragraphs"


def _joined(first: str, second: str) -> str:
    return "\n\n".join(text for text in (first.rstrip(), second.strip()) if text)
