"""Fenced blocks of Markdown: which are code, and where they end."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LINE_END, LOOK_AHEAD, SPACE_IN_LINE
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.markers import NOWHERE
from role_engine.language.markup.meter import LONGEST_IN_NAMED, Meter, measure
from role_engine.language.markup.prose import INTRODUCTION, LONGEST_MESSAGE, ProseWatch, foreign_letters, reads_as
from role_engine.language.markup.zones import forbidden, partial_tag

# Language tags that say «this may be no code».
TEXT_TAGS = frozenset({"text", "txt", "plain", "plaintext", "markdown", "md", "none"})
_INFO = rf"[^\n\r]{{0,{LOOK_AHEAD}}}"
_OPENER = regex.compile(
    rf"(?:(?P<fence>`{{3,16}}){SPACE_IN_LINE}{{0,8}}(?P<info>[^`\n\r]{{0,{LOOK_AHEAD}}})"
    rf"|(?P<fence>~{{3,16}}){SPACE_IN_LINE}{{0,8}}(?P<info>{_INFO}))",
    FLAGS,
)
# «python», «{.python .numbered}», «{r, echo=FALSE}», «{1,3}», «js {1,3-5} title="Привет"».
_TAG = regex.compile(
    rf"(?:\{{?\.?(?P<tag>[A-Za-z][A-Za-z0-9_+#.\-]{{0,24}})(?:[\x20\t,:{{}}=]{_INFO})?|\{{{_INFO})", FLAGS
)
_LINE_START = regex.compile(
    rf"(?:\A|{LINE_END}){SPACE_IN_LINE}*(?:>{SPACE_IN_LINE}*)*(?:(?:[*+\-]|[0-9]{{1,3}}[.)]){SPACE_IN_LINE}+)?\Z", FLAGS
)
_CLOSING_START = regex.compile(rf"(?:\A|{LINE_END})[\x20\t>]{{0,16}}\Z", FLAGS)
_AT_LINE_START = regex.compile(rf"(?:\A|{LINE_END})\Z", FLAGS)
_A_LINE_END = regex.compile(LINE_END, FLAGS)


class Fence(NamedTuple):
    """Inside a fenced block that `size` or more of `sign` end.

    Attributes:
        free: it is code, and not looked into.
        prose: it reads as foreign prose, whose letters are counted.
        named: it says what language it is in.
        meter: what was read of it, where it is no prose by its beginning.
    """

    sign: str
    size: int
    free: bool
    prose: bool = False
    named: bool = False
    meter: Meter = Meter()


def at_line_start(before: str) -> bool:
    """Whether only blanks, quote signs or a list bullet stand before on the line."""
    return _LINE_START.search(before) is not None


def open_fence(text: str, at: int, before: str, watch: ProseWatch | None, finished: bool) -> DecidedMarkup | None:
    """The line at `at` that opens a fenced block, or None where none is.

    `watch`: None where foreign prose is never taken for code.
    """
    if not at_line_start(before):
        return None
    found = _OPENER.match(text, at)
    if found is None:
        run = len(text) - at
        partial = run < 3 and text[at:] == text[at] * run
        return WAIT if partial and not finished else None
    sign, size, info = found["fence"][0], len(found["fence"]), found["info"].strip()
    if found.end() == len(text) and not finished:
        return WAIT
    if NOWHERE.search(text, at, found.end()):
        return None
    tag = _TAG.fullmatch(info)
    named = tag is not None and (tag["tag"] or "{").lower() not in TEXT_TAGS
    if found.end() < len(text) and not _A_LINE_END.match(text, found.end()):
        # A line longer than that goes on as part of the block.
        goes_on = named and len(found["info"]) == LOOK_AHEAD and text[found.end()] != "`"
        end = at + partial_tag(text[at : found.end()], 0)
        return (
            DecidedMarkup(end, Fence(sign, size, free=True, named=True), depends_until=found.end() + 1)
            if goes_on
            else None
        )
    line_end = min(found.end() + 1, len(text))
    if named:
        return DecidedMarkup(found.end(), Fence(sign, size, free=True, named=True), depends_until=line_end)
    content = text[found.end() + 1 : found.end() + 1 + LOOK_AHEAD]
    ends = finished and found.end() + 1 + LOOK_AHEAD >= len(text)
    closing = _closing_in(sign, size, ends).search(content)
    if closing is None and len(content) < LOOK_AHEAD and not finished:
        return WAIT
    begun = content[: closing.start()] if closing else content
    reading = reads_as(begun)
    prose = reading == "foreign"
    free = reading == "code" or (prose and _may_be_output(begun, watch, closed=closing is not None))
    looked_at = found.end() + 1 + (closing.end() + 1 if closing else len(content))
    zone = Fence(sign, size, free, prose and free)
    return DecidedMarkup(found.end(), zone, depends_until=min(looked_at, len(text)), prose=zone.prose)


def _may_be_output(begun: str, watch: ProseWatch | None, *, closed: bool) -> bool:
    """Whether foreign prose in a block without a name may be what a program printed. In other scripts it may not."""
    latin = all(char.isascii() or not char.isalpha() for char in begun)
    letters = foreign_letters(begun)
    fewest = INTRODUCTION if closed and "\n" not in begun.strip() else letters
    return latin and watch is not None and watch.allows(letters, fewest=fewest)


def close_fence(zone: Fence, text: str, at: int, before: str, finished: bool) -> DecidedMarkup | None:
    """The line at `at` that ends a block which is judged like text, or None where it does not."""
    if text[at] != zone.sign or not _CLOSING_START.search(before):
        return None
    closing = _closing(zone.sign, zone.size, finished).match(text, at, partial=not finished)
    if closing is None:
        return None
    if closing.partial:
        return WAIT
    return DecidedMarkup(closing.end(), None, depends_until=min(closing.end() + 1, len(text)))


def pass_fence(zone: Fence, text: str, start: int, before: str, watch: ProseWatch, finished: bool) -> DecidedMarkup:  # noqa: C901 - the grammar of fences, a branch a rule
    """Let the code at `text[start:]` through, to the closing line at most; a possible closing line is held back."""
    at, line_start, letters = start, _AT_LINE_START.search(before) is not None, 0
    while at < len(text):
        if line_start:
            if zone.prose and watch.spends(letters).is_spent:
                return DecidedMarkup(at, zone._replace(free=False, prose=False), letters=letters)
            closing = _closing(zone.sign, zone.size, finished).match(text, at, partial=not finished)
            if closing and closing.partial:
                break
            if closing:  # it closes only with its line's end
                return DecidedMarkup(min(closing.end() + 1, len(text)), None, letters=letters)
        end_of_line = _A_LINE_END.search(text, at)
        until = end_of_line.end() if end_of_line else len(text)
        if tag := NOWHERE.search(text, at, until):
            letters += foreign_letters(text[at : tag.start()]) if zone.prose else 0
            return forbidden(tag, start, zone, letters)
        if end_of_line is None:
            until = until if finished else partial_tag(text, at)
        if zone.prose:
            letters += foreign_letters(text[at:until])
        else:
            longest = LONGEST_IN_NAMED if zone.named else LONGEST_MESSAGE
            meter, spent_at = measure(zone.meter, text, at, until, watch, longest)
            if spent_at >= 0:
                return DecidedMarkup(spent_at, zone._replace(free=False, meter=Meter()))
            zone = zone._replace(meter=meter)
        at, line_start = until, True
        if end_of_line is None:
            break
    return DecidedMarkup(at, zone, letters=letters)


@lru_cache(maxsize=64)
def _closing_in(sign: str, size: int, finished: bool) -> regex.Pattern[str]:
    return regex.compile(rf"(?:^|(?<={LINE_END})){_closing_line(sign, size, finished)}", FLAGS)


@lru_cache(maxsize=64)
def _closing(sign: str, size: int, finished: bool) -> regex.Pattern[str]:
    return regex.compile(_closing_line(sign, size, finished), FLAGS)


def _closing_line(sign: str, size: int, finished: bool) -> str:
    end = rf"(?:(?={LINE_END})|\Z)" if finished else f"(?={LINE_END})"
    return rf"[\x20\t>]{{0,16}}{regex.escape(sign)}{{{size},64}}[\x20\t]{{0,16}}{end}"
