"""Where a sentence of Russian prose, or a line of anything else, begins and ends, and what is not cut at all."""

from __future__ import annotations

import regex

# What ends a sentence, with the quotes and brackets that close behind it.
_END = regex.compile(r"(?<![.!?…])[.!?…]+[»”\"')\]*_]*(?=\s)")
# After these a full stop is part of the word.
_SHORT = regex.compile(
    r"(?:\b(?:т|е|д|п|н|э|г|гг|в|вв|см|ср|стр|рис|табл|им|др|пр|проф|акад|руб|коп|тыс|млн|млрд|ул|кв|напр|англ|лат|греч|фр|нем)"
    r"|\b\p{Lu}|^\s*\d{1,3})\.$"
)
_LINE_START = regex.compile(r"[ \t]*(?:(?:[-*+•—]|\d{1,3}[.)]|#{1,6}|>)[ \t]+)*")
_FENCE = regex.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$\n?|\Z)", regex.DOTALL | regex.MULTILINE
)

Span = tuple[int, int]


def text_units(text: str) -> list[Span]:
    """What of `text` stays or goes as a whole: code blocks, and the sentences between them."""
    units: list[Span] = []
    place = 0
    for fence in [*_FENCE.finditer(text), None]:
        until = fence.start() if fence else len(text)
        units += [(place + start, place + end) for start, end in sentence_spans(text[place:until])]
        if fence:
            units.append(fence.span())
            place = fence.end()
    return units


def sentence_spans(text: str) -> list[Span]:
    """The sentences of `text` as (start, end) in characters, with the white space behind each.

    A line end always ends a sentence; the mark at a line's start («- », «1. », «> ») belongs to none.
    """
    spans: list[Span] = []
    place = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        start = marked.end() if (marked := _LINE_START.match(body)) else 0
        for found in _END.finditer(body, start):
            following = body[found.end() :].lstrip()
            if _SHORT.search(body[start : found.end()]) or (following[:1].islower() and found[0].startswith(".")):
                continue
            end = found.end() + len(body[found.end() :]) - len(following)
            spans.append((place + start, place + end))
            start = end
        if start < len(body):
            spans.append((place + start, place + len(body)))
        place += len(line)
    return spans
