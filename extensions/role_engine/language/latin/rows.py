"""The Latin words of a window, and those shortly before it, in the rows that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from role_engine.language.latin.free_shapes import TERM
from role_engine.language.latin.line import LineContext
from role_engine.language.latin.words import Sort, sort_of

# How far back words are read that those of the window may go on with, in characters.
MEMORY_OF_WORDS = 40


class Word:
    """A word of the line.

    Attributes:
        start, end: its place in the line's `whole`.
        settled: nothing about it is to be judged: it stands before the window, or in a block that is free.
        free: it may stand.
        repeated: it may, because the user wrote it.
        sort: what it is by itself.
    """

    __slots__ = ("end", "free", "repeated", "settled", "sort", "start", "text")

    def __init__(self, start: int, end: int, text: str, settled: bool) -> None:
        self.start, self.end, self.text, self.settled = start, end, text, settled
        self.sort: Sort = sort_of(text)
        self.free = settled
        self.repeated = False


Row = list[Word]


def read_words(line: LineContext, blocks: Sequence[tuple[int, int]]) -> list[Word]:
    """The words of the window and those shortly before it; a word before it, or in a block, is settled as free."""
    whole, offset = line.whole, line.offset
    words = []
    for match in TERM.of(line.common).finditer(whole, max(0, offset - MEMORY_OF_WORDS)):
        start, end = match.span()
        settled = end <= offset or (
            bool(blocks) and any(at < end - offset and start - offset < until for at, until in blocks)
        )
        words.append(Word(start, end, match.group(), settled))
    return words


def rows_of(whole: str, words: list[Word]) -> Iterator[Row]:
    """The words in groups that nothing but single spaces separates."""
    row: Row = []
    for word in words:
        if row and not are_adjacent(whole, row[-1], word):
            yield row
            row = []
        row.append(word)
    if row:
        yield row


def are_adjacent(whole: str, one: Word, two: Word) -> bool:
    """Whether a single space stands between the two."""
    return two.start - one.end == 1 and whole[one.end].isspace()
