"""Indented code: lines that begin with four spaces or a tab behind an empty one, and do not read as prose.

In reStructuredText, behind a line that ends in «::», two spaces will do. Each line is judged by its own beginning.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LATIN, LINE_END, LOOK_AHEAD
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.markers import NOWHERE
from role_engine.language.markup.meter import LONGEST_IN_NAMED, Meter, measure
from role_engine.language.markup.prose import LONGEST_MESSAGE, ProseWatch, reads_as
from role_engine.language.markup.zones import forbidden, partial_tag

LEAST_INDENT, TAB = 4, 4

_OPENS = regex.compile(rf"(?:\A|{LINE_END}[ \t]*(?:\r\n|{LINE_END}))(?P<indent>[ \t]+)\Z", FLAGS)
# Of reStructuredText: what a paragraph that ends in «::» announces, and a directive that says it is code.
_OPTIONS = r"(?:[ \t]+:[^\n]*\n)*"
_OPENS_LITERAL = regex.compile(rf"::[^\n]{{0,64}}\n{_OPTIONS}[ \t]*\n(?P<indent>[ \t]{{2,}})\Z", FLAGS)
_OPENS_NAMED = regex.compile(
    rf"(?:\A|\n)[ \t]*\.\.[ ](?:code-block|code|sourcecode)::[^\n]*\n{_OPTIONS}(?:[ \t]*\n)?(?P<indent>[ \t]{{2,}})\Z",
    FLAGS,
)
_BULLET = regex.compile(r"(?:[*+\-•–—]|[0-9]{1,3}[.)])[ \t]", FLAGS)
_NO_PLAIN_TEXT = regex.compile(rf"[{LATIN}$<\\`~]", FLAGS)
# Data begin so; no other line opens code that ordinary Russian text is made of.
_OPENING = ("{", "[", "[{")
_MAY_OPEN = re.compile(r"(?<![ \t])(?=[ \t]*?(?:    |\t))[ \t]+[{\[]")
_LINE_END = regex.compile(LINE_END, FLAGS)
_NEXT_LINE = regex.compile(rf"(?:[ \t]*(?:\r\n|{LINE_END})){{1,8}}(?P<indent>[ \t]*)", FLAGS)


class IndentedCode(NamedTuple):
    """In indented code, or at the end of a line of it (`within` False).

    Attributes:
        indent: how far it is indented at least.
        named: it was said to be code, and its lines are not asked for it.
        meter: what was read of it.
    """

    indent: int
    within: bool = True
    named: bool = False
    meter: Meter = Meter()

    @property
    def free(self) -> bool:
        return True


def may_open_indented(text: str) -> bool:
    """Whether text without a Latin letter may hold indented code."""
    return _MAY_OPEN.search(text) is not None


def open_indented(text: str, at: int, before: str, finished: bool) -> DecidedMarkup | None:
    """The indented code that begins at `at`, with nothing but blanks before it on its line; None where none does."""
    found = named = _OPENS_NAMED.search(before)
    if found is None:
        found = _OPENS.search(before)
        if found is None or _width(found["indent"]) < LEAST_INDENT:
            found = _OPENS_LITERAL.search(before)
    if found is None:
        return None
    content = _line(text, at, finished)
    if content is None:
        return WAIT
    if not (named or _is_code(content, goes_on=False)):
        return None
    indent = min(_width(found["indent"]), LEAST_INDENT)
    return DecidedMarkup(at, IndentedCode(indent, named=named is not None), depends_until=at + len(content) + 1)


def pass_indented(zone: IndentedCode, text: str, start: int, watch: ProseWatch, finished: bool) -> DecidedMarkup:
    """Let the rest of a line through, or go on to the next line where that is code too."""
    if zone.within:
        return _rest_of_line(zone, text, start, watch, finished)
    blank = _NEXT_LINE.match(text, start)
    if blank is None or blank.end() - start > LOOK_AHEAD:
        return DecidedMarkup(start, None)
    if blank.end() == len(text) and not finished:
        return WAIT
    content = _line(text, blank.end(), finished)
    if content is None:
        return WAIT
    goes_on = _width(blank["indent"]) >= zone.indent and (zone.named or _is_code(content, goes_on=True))
    if not (content and goes_on):
        return DecidedMarkup(start, None)
    return DecidedMarkup(blank.end(), zone._replace(within=True), depends_until=blank.end() + len(content) + 1)


def _rest_of_line(zone: IndentedCode, text: str, start: int, watch: ProseWatch, finished: bool) -> DecidedMarkup:
    line = _LINE_END.search(text, start)
    until = line.start() if line else len(text)
    if tag := NOWHERE.search(text, start, until):
        return forbidden(tag, start, zone)
    if line is None and not finished:
        until = partial_tag(text, start)
    meter, spent_at = measure(
        zone.meter, text, start, until, watch, LONGEST_IN_NAMED if zone.named else LONGEST_MESSAGE, line_ends=bool(line)
    )
    if spent_at >= 0:
        return DecidedMarkup(spent_at, None)
    return DecidedMarkup(until, zone._replace(within=line is None, meter=meter))


def _line(text: str, at: int, finished: bool) -> str | None:
    """The beginning of the line at `at`, or None while it is not known."""
    limit = at + LOOK_AHEAD
    line = _LINE_END.search(text, at, limit)
    if line is None and len(text) < limit and not finished:
        return None
    return text[at : line.start() if line else min(limit, len(text))]


def _is_code(content: str, *, goes_on: bool) -> bool:
    if not goes_on and (_BULLET.match(content) or not (_NO_PLAIN_TEXT.search(content) or content.strip() in _OPENING)):
        return False
    return reads_as(content) == "code"


def _width(indent: str) -> int:
    return sum(TAB if char == "\t" else 1 for char in indent)
