"""Markers are taken out of a stream however it is cut, and what comes out never holds one."""

from __future__ import annotations

from itertools import pairwise
from threading import Event

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.backends.base import Capabilities, Chunk, GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.modes.filtered_backend import filter_backend
from role_engine.modes.marker_filter import FilterRules, MarkerFilter, filter_text
from role_engine.modes.markers import forbidden, neutral

TOKENS = ("<|think|>", "<|recursion|>", "<|conflict|>", "<|mine|>")
MARKERS = forbidden(TOKENS)
CAUGHT = regex.compile(r"\[\[Слово: (?P<name>[^\[\]\n]{1,64})\]\]|<\|role:(?P<id>[a-z]{1,64})\|>")

# Markers, what they are made of, and what stands between them.
MARKS = (
    "<|think|> <|recursion|> <|conflict|> <think> </think> <|channel|>analysis<|message|> <|role:poet|> <tool_start> "
    "< <| |> think > / <thi nk> thought t <|role: [[ ]] <|channel|> final <|message|> <|start|>assistant да Слово "
    "<|think </thi <|end|>"
)
ATOMS = st.sampled_from(MARKS.split()) | st.sampled_from(["thought\n", "\n", " ", "[[Слово: Логик]]"])
TEXTS = st.lists(ATOMS, max_size=14).map("".join)
SIFTINGS = st.builds(
    FilterRules,
    st.just(MARKERS),
    replaced=st.sampled_from([FilterRules(MARKERS).replaced, neutral]),
    caught=st.sampled_from([None, CAUGHT]),
    native=st.booleans(),
)


def cut(text: str, places: list[int]) -> list[str]:
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[start:end] for start, end in pairwise(ends)]


@settings(max_examples=400)
@given(TEXTS, SIFTINGS, st.lists(st.integers(0, 200), max_size=12))
def test_how_a_text_is_cut_makes_no_difference(text: str, sifting: FilterRules, places: list[int]) -> None:
    sieve = MarkerFilter(sifting)
    out = "".join([*(sieve.feed(piece) for piece in cut(text, places)), sieve.finish()])
    assert out == filter_text(text, sifting)
    assert (sieve.caught is not None) == (
        CAUGHT.search(text) is not None and sifting.caught is not None
    ) or sifting.native


@settings(max_examples=400)
@given(TEXTS, st.sampled_from([None, CAUGHT]), st.booleans())
def test_no_marker_comes_out(text: str, caught: regex.Pattern[str] | None, breaks: bool) -> None:
    sifting = FilterRules(MARKERS, replaced=neutral, caught=caught) if breaks else FilterRules(MARKERS, caught=caught)
    assert MARKERS.search(filter_text(text, sifting)) is None
    if caught is not None:
        assert caught.search(filter_text(text, sifting)) is None


@settings(max_examples=200)
@given(TEXTS, TEXTS, st.booleans())
def test_what_came_before_is_not_told_again(tail: str, text: str, native: bool) -> None:
    sieve = MarkerFilter(FilterRules(MARKERS, native=native), tail)
    out = sieve.feed(text) + sieve.finish()
    assert len(out) <= len(text) + text.count("thought")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Да<|think|>.", "Да."),
        ("<|recursion|>Да.", "Да."),
        ("<|role:poet|>Да", "Да"),
        ("Да.</think>", "Да."),
        ("a < b, <b>да</b>", "a < b, <b>да</b>"),
        ("I thought\nso", "I thought \nso"),
        ("<thi<|think|>nk>", "<thi nk>"),
        ("<|channel|>final<|message|>Да", "Да"),
        ("<tool_start>да</tool_end>", "да"),
        ("Да <|thin", "Да <|thin"),
    ],
)
def test_in_an_answer(text: str, clean: str) -> None:
    assert filter_text(text, FilterRules(MARKERS)) == clean


@pytest.mark.parametrize(
    "text",
    [
        "<think>hm</think>Да.",
        "\n<think>\nhm\n</think>\n\nДа.",
        "<seed:think>hm</seed:think>Да.",
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Да.",
        "<|channel>thought hm<channel|>Да.",
        "<|channel|>final<|message|>Да.",
        '<tool_call>{"name": "a"}</tool_call>',
    ],
)
def test_reasoning_of_the_models_own_and_tool_calls_go_through(text: str) -> None:
    assert filter_text(text, FilterRules(MARKERS, native=True)) == text


def test_only_one_block_of_reasoning_goes_through() -> None:
    text = "<think>a</think>Да <think>b</think>."
    assert filter_text(text, FilterRules(MARKERS, native=True)) == "<think>a</think>Да b."


def test_a_block_that_the_prompt_has_opened_is_open() -> None:
    sieve = MarkerFilter(FilterRules(MARKERS, native=True), "<think>\n")
    assert sieve.feed("hm <|think|></think>Да</think>") + sieve.finish() == "hm <|think|></think>Да"


class TestAnEngine:
    def test_every_token_is_counted_once(self) -> None:
        pieces = ["Да", " <", "|thi", "nk|>", " нет", "<"]
        chunks = list(
            filter_backend(ReplayBackend([pieces]), FilterRules(MARKERS)).stream(GenerationRequest(), cancel=Event())
        )
        assert "".join(chunk.text for chunk in chunks) == "Да  нет<"
        assert sum(chunk.token_count for chunk in chunks) == len(pieces)
        assert chunks[-1].finish == "stop"

    def test_an_engine_that_names_no_tokens(self) -> None:
        backend = ReplayBackend(
            [[Chunk("Да"), Chunk(""), Chunk("<|think"), Chunk("|>")]], Capabilities(resume="prefix")
        )
        chunks = list(filter_backend(backend, FilterRules(MARKERS)).stream(GenerationRequest(), cancel=Event()))
        assert "".join(chunk.text for chunk in chunks) == "Да"

    def test_a_marker_that_ends_the_text_ends_the_engine(self) -> None:
        backend = ReplayBackend([["Да", " [[", "Слово: ", "Логик", "]]", " ещё"]])
        engine = filter_backend(backend, FilterRules(MARKERS, caught=CAUGHT))
        assert "".join(chunk.text for chunk in engine.stream(GenerationRequest(), cancel=Event())) == "Да "
        assert engine.caught is not None and engine.caught["name"] == "Логик"
        assert backend.attempts[0].closed_early
        assert backend.attempts[0].tokens == 5

    def test_what_the_engine_can_do_it_still_can(self) -> None:
        class Constrained(ReplayBackend):
            def constraint_on(self, request: GenerationRequest) -> str:
                return "mask"

        assert filter_backend(Constrained([]), FilterRules(MARKERS)).constraint_on(GenerationRequest()) == "mask"  # type: ignore[attr-defined]
        assert not hasattr(filter_backend(ReplayBackend([]), FilterRules(MARKERS)), "constraint_on")
