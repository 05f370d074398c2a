"""Counting costs what the context is worth, however long the text."""

from __future__ import annotations

from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.budget.bounded_count import PIECE, BoundedCount, pieces


class Words:
    """Counts words, and what it was asked to read."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self, text: str) -> int:
        self.read += len(text)
        return len(text.split())


@given(st.text(st.sampled_from("аб \n\t"), max_size=300), st.integers(1, 40))
def test_pieces_are_the_text(text: str, size: int) -> None:
    cut = list(pieces(text, size))
    assert "".join(cut) == text
    assert all(0 < len(piece) <= size for piece in cut)


def test_pieces_end_where_words_do() -> None:
    cut = list(pieces("слово " * 1000, 100))
    assert len(cut) > 50
    assert all(piece.strip().split() == ["слово"] * (len(piece.strip()) // 6 + 1) for piece in cut)


@pytest.mark.parametrize("words", [0, 1, 3000, 30_000, 50_000])
def test_what_fits_is_counted_exactly(words: int) -> None:
    assert BoundedCount(Words(), 50_000)("слово " * words) == words


def test_what_does_not_fit_is_not_read_to_its_end() -> None:
    count = Words()
    text = "слово " * 1_000_000
    found = BoundedCount(count, 1000)(text)
    assert 900_000 < found < 1_100_000
    assert count.read <= PIECE


def test_what_cannot_fit_by_its_length_is_not_read_at_all() -> None:
    count = Words()
    assert BoundedCount(count, 1000, longest=20)("а" * 1_000_000) > 1000
    assert count.read == 0


def test_it_ends_when_nobody_waits() -> None:
    gone, count = Event(), Words()

    def check() -> None:
        if gone.is_set():
            raise InterruptedError

    def counted(text: str) -> int:
        gone.set()
        return count(text)

    with pytest.raises(InterruptedError):
        BoundedCount(counted, 10**9, check=check)("слово " * 1_000_000)
    assert count.read <= PIECE
