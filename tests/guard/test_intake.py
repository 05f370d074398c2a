"""Stop strings and a leading name, found in a stream."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from role_engine.guard.stop_strings import LeadingName, StopStrings, StreamPreprocessor

ALPHABET = st.text(alphabet="aбв\n:<>", max_size=30)


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(places)]


STRINGS = st.lists(st.text(alphabet="aб\n:<", min_size=1, max_size=4), max_size=3)


@given(ALPHABET, STRINGS, st.lists(st.integers(0, 30)))
@example(":<:", ["<", ":<:"], [2])  # one that lies within another is complete before it
def test_the_stream_ends_where_the_first_complete_stop_string_begins_however_it_is_cut(
    text: str, strings: list[str], cuts: list[int]
) -> None:
    stops = StopStrings(strings)
    out = "".join(stops.feed(piece) for piece in pieces_of(text, cuts)) + stops.finish()
    first = next((end for end in range(len(text) + 1) if any(text[:end].endswith(s) for s in strings)), None)
    if first is None:
        assert out == text
    else:
        assert out == text[: first - max(len(s) for s in strings if text[:first].endswith(s))]
    assert stops.found == (first is not None)


def test_only_what_may_become_a_stop_string_is_held() -> None:
    stops = StopStrings(["\nYou:"])
    assert stops.feed("Да.\nY") == "Да."
    assert stops.held == "\nY"
    assert stops.feed("es") == "\nYes"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AI: да", " да"),
        ("  AI: да", " да"),
        ("AIR: да", "AIR: да"),
        ("да AI: да", "да AI: да"),
        ("AI", "AI"),
        ("", ""),
    ],
)
def test_a_leading_name_is_dropped_however_it_is_cut(text: str, expected: str) -> None:
    for cut in range(len(text) + 1):
        name = LeadingName(["AI", "You"])
        assert name.feed(text[:cut]) + name.feed(text[cut:]) + name.finish() == expected


def test_a_name_and_a_stop_string() -> None:
    intake = StreamPreprocessor(stop=["\nYou:"], names=["AI"])
    assert "".join(intake.feed(char) for char in "AI: да\nYou: нет") + intake.finish() == " да"
    assert intake.stopped


@given(ALPHABET, st.integers(0, 30), st.text(alphabet="aб\n:<", min_size=2, max_size=4), st.lists(st.integers(0, 30)))
def test_a_stop_string_may_begin_in_text_that_has_gone_out(text: str, gone: int, string: str, cuts: list[int]) -> None:
    before, rest = text[:gone], text[gone:]
    if string in before:
        return
    stops = StopStrings([string], before=before)
    out = "".join(stops.feed(piece) for piece in pieces_of(rest, cuts)) + stops.finish()
    assert out == (text[len(before) : max(len(before), text.find(string))] if string in text else rest)
    assert stops.found == (string in text)
    assert len(out) + stops.cut <= len(rest)
