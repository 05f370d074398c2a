"""The text a decision may look at: a chunk, and what follows it up to the policy's look-ahead.

A decision is a function of the text before it and of its window alone, and it waits until the window is complete. That
is what makes a verdict independent of the pieces in which the text arrived.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LINE_END, LOOK_AHEAD, SPACE, SPACE_IN_LINE, run_end
from role_engine.language.latin.definitions import may_be_defined
from role_engine.language.letters.lookalikes import NEEDS_NEXT

# How much of the text before a decision is remembered, in characters.
MEMORY = LOOK_AHEAD

Stop = Literal["cyrillic", "line", "limit", "end"]

_BLANK = regex.compile(f"{SPACE_IN_LINE}*", FLAGS)
_BLANK_LINE_END = regex.compile(f"{SPACE_IN_LINE}*{LINE_END}", FLAGS)
_SOLID = regex.compile(f"[^{SPACE}]*", FLAGS)
_BEFORE_LETTER = regex.compile(rf"[^\p{{L}}{SPACE}]*", FLAGS)
# Chunks of the same line, as long as they are whole and no Cyrillic letter is their first.
_WHOLE_CHUNKS = regex.compile(
    rf"(?:{SPACE_IN_LINE}++(?!{SPACE})[^\p{{L}}{SPACE}]*+(?!{CYRILLIC})[^{SPACE}]*+(?={SPACE}))*+", FLAGS
)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_NEXT_CHUNK = regex.compile(f"{SPACE_IN_LINE}*[^{SPACE}]+", FLAGS)
_TWO_CHUNKS = regex.compile(f"(?:{SPACE_IN_LINE}*[^{SPACE}]+){{1,2}}", FLAGS)
_FIVE_CHUNKS = regex.compile(f"(?:{SPACE_IN_LINE}*[^{SPACE}]+){{1,5}}", FLAGS)


class Window(NamedTuple):
    """What a decision may look at.

    Attributes:
        text: the window, from the chunk's first character.
        chunk: the chunk's length; the rest of `text` is look-ahead.
        before: the text before it (at most `MEMORY` characters), white space between included.
        stop: why the window ends where it does: Russian goes on, the line ends, 64 characters are full, the text ends.
        depends_until: how far the text was read: to the line's end, the Russian that goes on, the limit.
        after: the next chunk of Russian, where words are weighed; two where a look-alike is decided by it, five where
            they may say what a name is.
        cut: the beginning of the chunk that the limit cuts off.
    """

    text: str
    chunk: int
    before: str
    stop: Stop
    depends_until: int
    after: str = ""
    cut: str = ""


def gather(  # noqa: C901 - a branch for each way in which a window ends
    text: str, start: int, chunk_end: int, before: str, finished: bool, *, weighed: bool = True
) -> Window | None:
    """The window of the chunk `text[start:chunk_end]`, or None while what follows is not known far enough.

    `weighed`: words are to be judged by what follows them, too.
    It takes in further chunks of the line until one begins, after punctuation, with a Cyrillic letter.
    """
    limit = start + LOOK_AHEAD
    size = len(text)
    end = chunk_end

    def window(stop: Stop, depends_until: int = 0) -> Window:
        cut = text[end:limit] if stop == "limit" else ""
        return Window(text[start:end], chunk_end - start, before, stop, max(end, depends_until) - start, cut=cut)

    if end < size and (glued := run_end(_SOLID, text, end, limit + 1)) > end:
        if glued > limit:
            return window("limit", limit)
        end = glued
    end = run_end(_WHOLE_CHUNKS, text, end, limit + 1)
    while True:
        if end >= size:
            return window("end") if finished else None
        if line_end := _BLANK_LINE_END.match(text, end, limit + 1):
            return window("line", line_end.end())
        blank = run_end(_BLANK, text, end, limit + 1)
        if blank > limit:
            return window("limit", limit)
        if blank >= size:
            return window("end") if finished else None
        letter = run_end(_BEFORE_LETTER, text, blank, limit + 1)
        if letter > limit:
            return window("limit", limit)
        if letter >= size:
            if not finished:
                return None
        elif _A_CYRILLIC.match(text, letter):
            if not weighed:
                return window("cyrillic", letter + 1)
            if may_be_defined(text[start:end]):
                until = run_end(_FIVE_CHUNKS, text, end, limit)
            elif NEEDS_NEXT.search(text, start, chunk_end):
                until = run_end(_TWO_CHUNKS, text, end, limit)
            else:
                until = run_end(_NEXT_CHUNK, text, end, limit)
            known = run_end(_BLANK, text, until, limit)
            if known >= size and known < limit and not finished:
                return None
            return window("cyrillic", max(until, letter + 1))._replace(after=text[end:until])
        solid = run_end(_SOLID, text, blank, limit + 1)
        if solid > limit:
            return window("limit", limit)
        end = solid
