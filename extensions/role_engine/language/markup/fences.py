"""Fenced blocks of Markdown: which are code, and where they end."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LINE_END, LOOK_AHEAD, SPACE_IN_LINE
from role_engine.language.letters.exact import Span
from role_engine.language.markup.markers import NOWHERE
from role_engine.language.markup.zones import Passed, partial_tag

# Language tags that say «this is not code».
TEXT_TAGS = frozenset({"text", "txt", "plain", "plaintext", "markdown", "md", "none"})
_OPENER = regex.compile(
    rf"(?P<fence>`{{3,16}}|~{{3,16}}){SPACE_IN_LINE}{{0,8}}(?P<info>[^`\n\r]{{0,{LOOK_AHEAD}}})", FLAGS
)
_TAG = regex.compile(r"\{?\.?(?P<tag>[A-Za-z][A-Za-z0-9_+#.\-]{0,24})(?:[\x20\t,:{][\x20-\x7e]*)?", FLAGS)
_LINE_START = regex.compile(
    rf"(?:\A|{LINE_END}){SPACE_IN_LINE}*(?:>{SPACE_IN_LINE}*)*(?:(?:[*+\-]|[0-9]{{1,3}}[.)]){SPACE_IN_LINE}+)?\Z", FLAGS
)
_AT_LINE_START = regex.compile(rf"(?:\A|{LINE_END})\Z", FLAGS)
_A_LINE_END = regex.compile(LINE_END, FLAGS)
_CODE_SIGN = regex.compile(r"[{}\[\]()<>=;|\\/$#_&+*^@]|->|::|^\s{2,}|[─-╿├└│]", FLAGS | regex.MULTILINE)
_WORD = regex.compile(r"\p{L}+", FLAGS)


class Fence(NamedTuple):
    """Inside a fenced block that `size` or more of `sign` end; `free`: it is code."""

    sign: str
    size: int
    free: bool


class Opened(NamedTuple):
    """A fence line that goes up to `end`; `zone`: what follows is in, None after a closing line.

    `complete`: False while more text is needed. `relies`: the decision has looked at the text up to there.
    """

    complete: bool
    end: int = 0
    zone: Fence | None = None
    relies: int = 0


def at_line_start(before: str) -> bool:
    """Whether only blanks, quote signs or a list bullet stand before on the line."""
    return _LINE_START.search(before) is not None


def open_fence(text: str, at: int, before: str, inside: Fence | None, finished: bool) -> Opened | None:
    """The fence line at `at`, or None where none is. `inside`: the checked block that it may close."""
    if not at_line_start(before):
        return None
    found = _OPENER.match(text, at)
    if found is None:
        run = len(text) - at
        partial = run < 3 and text[at:] == text[at] * run
        return Opened(complete=False) if partial and not finished else None
    if found.end() == len(text) and not finished and len(found["info"]) < LOOK_AHEAD:
        return Opened(complete=False)
    if found.end() < len(text) and not _A_LINE_END.match(text, found.end()):
        return None
    line_end = min(found.end() + 1, len(text))
    sign, size, info = found["fence"][0], len(found["fence"]), found["info"].strip()
    if inside is not None:
        closes = not info and sign == inside.sign and size >= inside.size
        return Opened(True, found.end(), None, relies=line_end) if closes else None
    tag = _TAG.fullmatch(info)
    if info and tag is None:
        return None
    if tag and tag["tag"].lower() not in TEXT_TAGS:
        return Opened(True, found.end(), Fence(sign, size, free=True), relies=line_end)
    content = text[found.end() + 1 : found.end() + 1 + LOOK_AHEAD]
    closing = _closing_in(sign, size).search(content)
    if closing is None and len(content) < LOOK_AHEAD and not finished:
        return Opened(complete=False)
    free = not tag and not reads_as_prose(content[: closing.start()] if closing else content)
    looked_at = found.end() + 1 + (closing.end() + 1 if closing else len(content))
    return Opened(True, found.end(), Fence(sign, size, free), relies=min(looked_at, len(text)))


def reads_as_prose(text: str) -> bool:
    """Whether the beginning of a block is words rather than code or a drawing."""
    words = _WORD.findall(text)
    signs = len(_CODE_SIGN.findall(text))
    return len(words) >= 2 and signs * 4 < len(words)


def pass_fence(zone: Fence, text: str, start: int, before: str, finished: bool) -> Passed:
    """Let the code at `text[start:]` through, to the closing line at most; a possible closing line is held back."""
    at, line_start = start, _AT_LINE_START.search(before) is not None
    refused: tuple[Span, ...] = ()
    while at < len(text):
        if line_start:
            closing = _closing(zone.sign, zone.size, finished).match(text, at, partial=not finished)
            if closing and closing.partial:
                return Passed(at)
            if closing:
                return Passed(min(closing.end() + 1, len(text)), closed=True)  # it closes only with its line's end
        end_of_line = _A_LINE_END.search(text, at)
        until = end_of_line.end() if end_of_line else len(text)
        if tag := NOWHERE.search(text, at, until):
            refused = (Span("garbage", *tag.span()),)
            return Passed(tag.end(), refused=refused)
        if end_of_line is None:
            return Passed(until if finished else partial_tag(text, at))
        at, line_start = until, True
    return Passed(at)


@lru_cache(maxsize=64)
def _closing_in(sign: str, size: int) -> regex.Pattern[str]:
    return regex.compile(
        rf"(?:^|(?<={LINE_END}))[\x20\t>]{{0,16}}{sign}{{{size},64}}[\x20\t]{{0,16}}(?={LINE_END})", FLAGS
    )


@lru_cache(maxsize=64)
def _closing(sign: str, size: int, finished: bool) -> regex.Pattern[str]:
    end = rf"(?:(?={LINE_END})|\Z)" if finished else f"(?={LINE_END})"
    return regex.compile(rf"[\x20\t>]{{0,16}}{sign}{{{size},64}}[\x20\t]{{0,16}}{end}", FLAGS)
