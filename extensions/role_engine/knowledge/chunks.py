"""A text cut into what is looked up: its paragraphs, each with the headings that it stands under.

Nothing of the text is lost: every character that is not white space lies in a chunk or in a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from role_engine.prompts.sentences import sentence_spans

LONGEST = 700
"""Characters of a chunk (about 250 tokens): a longer paragraph is cut between its sentences."""
LONGEST_SENTENCE = 2000
"""A sentence that is longer than this is no prose, and is cut between its words."""

_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class TextChunk:
    """A stretch of a text: `text` is `whole[start:end]`, without white space around it.

    Attributes:
        headings: those it stands under, the outermost first.
    """

    text: str
    headings: tuple[str, ...]
    start: int
    end: int


def chunks(text: str) -> list[TextChunk]:
    """The chunks of `text`, in order.

    A paragraph ends at a blank line; a fenced code block is one. One that ends with a colon goes with what follows. A
    heading with nothing under it is a chunk of its own.
    """
    found: list[TextChunk] = []
    for headings, start, end in _paragraphs(text):
        for piece_start, piece_end in _pieces(text, start, end):
            found.append(TextChunk(text[piece_start:piece_end], headings, piece_start, piece_end))
    return found


def _paragraphs(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:  # noqa: C901 - a branch for each kind of line
    """Headings, start and end of each paragraph, white space around it left out."""
    path: list[tuple[int, str]] = []  # level and words of the headings that hold here
    bare: tuple[int, int] | None = None  # a heading under which nothing has come yet
    start = end = place = 0
    is_open = False
    fence = ""

    def words() -> tuple[str, ...]:
        return tuple(heading for _, heading in path if heading)

    for line in [*text.splitlines(keepends=True), "\n"]:
        body = line.strip()
        marked = _FENCE.match(line)
        heading = None if fence else _HEADING.fullmatch(line.rstrip())
        ends = not body and not fence and not (is_open and text[end - 1] == ":")
        if is_open and (ends or heading or place >= len(text)):
            yield words(), start, end
            is_open = False
        if heading:
            level = len(heading[1])
            if bare is not None and path and level <= path[-1][0]:
                yield words()[:-1], *bare
            path = [(one, said) for one, said in path if one < level] + [(level, heading[2])]
            first = place + heading.start(2)
            bare = (first, first + len(heading[2])) if heading[2] else bare
        elif body:
            if not is_open:
                start, is_open, bare = place + line.index(body[0]), True, None
            end = place + line.index(body[0]) + len(body)
            if marked and not fence:
                fence = marked[1]
            elif marked and marked[1].startswith(fence) and body == marked[1]:
                fence = ""
        place += len(line)
    if bare is not None:
        yield words()[:-1], *bare


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph whole, or cut between its sentences into pieces of at most `LONGEST` characters."""
    if end - start <= LONGEST:
        yield start, end
        return
    borders = [start + last for _, last in sentence_spans(text[start:end])] + [end]
    piece = before = start
    for border in borders:
        if border - piece > LONGEST:
            yield from _words(text, piece, before)
            piece = before
        before = border
    yield from _words(text, piece, end)


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece without the white space around it; one over `LONGEST_SENTENCE`, cut between its words."""
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        until = end
        if end - start > LONGEST_SENTENCE:
            until = next((at for at in range(start + LONGEST, start, -1) if text[at].isspace()), start + LONGEST)
        stop = until
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            yield start, stop
        start = until
