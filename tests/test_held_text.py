"""What may become a string is held back, and no more: however a text is cut into pieces, the same comes out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.guard.stop_strings import LeadingName, StopStrings, StreamPreprocessor
from role_engine.held_text import DroppedHead, find_partial_end, may_become_one_of, starts_with_one_of
from role_engine.language.policy import LanguagePolicy
from role_engine.language.scanner import Scanner
from role_engine.language.verdict import Violation
from role_engine.modes.marker_filter import FilterRules, MarkerFilter
from role_engine.modes.markers import forbidden
from role_engine.modes.reasoning import ReasoningSplitter

FRAGMENTS = [
    *("<think>", "</think>", "<|channel|>analysis<|message|>", "<|end|>", "<|think|>", "thought\n", "<|role:poet|>"),
    *("<tool_call>", "</tool_call>", "```", "\nYou:", "AI:", "<", "<th", "</", "ink>", "<|", "|>", "\n", " "),
    *("Да", "нет.", "hello", "a < b"),
]
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=10).map("".join)
cuts = st.lists(st.integers(0, 60), max_size=6)
short = st.text(alphabet="aб\n", max_size=6)
strings = st.lists(short, max_size=3)


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    return [text[a:b] for a, b in pairwise(sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)}))]


class Filtered:
    """Text out of the streams that give something else."""

    def __init__(self, stream: Any, text_of: Callable[[Any], str]) -> None:
        self._stream, self._text_of = stream, text_of

    def feed(self, piece: str) -> str:
        return self._text_of(self._stream.feed(piece))

    def finish(self) -> str:
        return self._text_of(self._stream.finish())


def reasoning_of(parts: Any) -> str:
    return "".join(f"«{part.text}»" if part.is_reasoning else part.text for part in parts)


def found_in(events: Any) -> str:
    return "".join(f"{event.kind}@{event.start}:{event.text};" for event in events if isinstance(event, Violation))


STREAMS: dict[str, Callable[[], Any]] = {
    "stop strings": lambda: StopStrings(["\nYou:", "<|end|>", "```"]),
    "a leading name": lambda: LeadingName(["AI", "Да"]),
    "both": lambda: StreamPreprocessor(stop=["\nYou:", "<|end|>"], names=["AI"]),
    "an echo": lambda: DroppedHead(["Да<think>\n"]),
    "markers": lambda: MarkerFilter(FilterRules(forbidden(("<|think|>",)), native=True)),
    "markers of a pass": lambda: MarkerFilter(FilterRules(forbidden(("<|think|>",)), caught=forbidden())),
    "reasoning": lambda: Filtered(ReasoningSplitter(), reasoning_of),
    "the check": lambda: Filtered(Scanner(LanguagePolicy(mode="balanced")), found_in),
    "the strict check": lambda: Filtered(Scanner(LanguagePolicy(mode="strict")), found_in),
}


@pytest.mark.parametrize("name", STREAMS)
@settings(max_examples=50)
@given(text=texts, cuts=cuts)
def test_the_pieces_make_no_difference(name: str, text: str, cuts: list[int]) -> None:
    stream = STREAMS[name]()
    whole = (stream.feed(text) + stream.finish()).replace("»«", "")
    for pieces in (pieces_of(text, cuts), list(text)):
        stream = STREAMS[name]()
        out = "".join([*map(stream.feed, pieces), stream.finish()])
        assert out.replace("»«", "") == whole, pieces


@given(short, strings, st.integers(0, 6), st.booleans())
def test_the_longest_end_that_may_become_one(text: str, strings: list[str], start: int, whole: bool) -> None:
    ends = range(min(start, len(text)), len(text))
    expected = (at for at in ends if any(s.startswith(text[at:]) and (whole or s != text[at:]) for s in strings))
    assert find_partial_end(text, strings, min(start, len(text)), whole=whole) == next(expected, len(text))


@given(short, strings, st.integers(0, 6))
def test_what_stands_at_a_place(text: str, strings: list[str], at: int) -> None:
    at = min(at, len(text))
    expected = sorted((string for string in strings if text.startswith(string, at)), key=len)
    assert starts_with_one_of(text, at, strings) == (expected[-1] if expected else None)
    assert may_become_one_of(text, at, strings) == any(s.startswith(text[at:]) and s != text[at:] for s in strings)


@given(short, short, cuts)
def test_a_head_is_dropped_however_it_is_cut(head: str, rest: str, cuts: list[int]) -> None:
    stream = DroppedHead([head])
    assert "".join(map(stream.feed, pieces_of(head + rest, cuts))) + stream.finish() == rest


def test_what_is_no_such_head_passes() -> None:
    stream = DroppedHead(["Привет, мир"])
    assert stream.feed("Прив") + stream.feed("ал") + stream.finish() == "Привал"
    stream = DroppedHead(["Привет, мир"])
    assert stream.feed("При") + stream.finish() == "При"
