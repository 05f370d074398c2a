"""Reasoning and answer are told apart, however the reply was cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.language.markup.markers import THINKING
from role_engine.modes.reasoning import ReasoningSplitter, ReplyPart, split_reasoning

HARMONY = "<|channel|>analysis<|message|>Хм.<|end|><|start|>assistant<|channel|>final<|message|>Да."

FRAGMENTS = [
    "<think>", "</think>", "<seed:think>", "</seed:think>", "<|channel|>analysis<|message|>", "<|end|>",
    "<|start|>assistant", "<|channel|>final<|message|>", "<|channel>thought", "<channel|>",
    " ", "\n", "<", "<th", "</th", "ink>", "<|", "|>", "Хм", "да.", "a < b",
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join)
replies = st.builds(
    lambda block, head, thought, answer: head + block[0] + thought + block[1] + answer,
    st.sampled_from(sorted(THINKING.items())), st.sampled_from(["", " ", "\n"]), texts, texts,
)  # fmt: skip
tails = st.one_of(st.just(""), st.sampled_from(["<think>", "<think>\n", "<thi", "Начало", "<think>Хм ", " "]), texts)


def joined(parts: list[ReplyPart]) -> list[ReplyPart]:
    """With neighbours of one kind put together."""
    found: list[ReplyPart] = []
    for part in parts:
        if found and found[-1].is_reasoning == part.is_reasoning:
            part = ReplyPart(found.pop().text + part.text, part.is_reasoning)
        found.append(part)
    return found


def split_at(text: str, cuts: list[int], tail: str = "") -> list[ReplyPart]:
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    splitter = ReasoningSplitter(tail)
    parts = [part for start, end in pairwise(places) for part in splitter.feed(text[start:end])]
    return joined([*parts, *splitter.finish()])


@pytest.mark.parametrize(
    ("reply", "reasoning", "answer"),
    [
        ("Да.", "", "Да."),
        ("<think>Хм.</think>Да.", "Хм.", "Да."),
        ("\n<think>\nХм.\n\nИли?\n</think>\n\nДа.\n", "Хм.\n\nИли?", "Да.\n"),
        ("<think>\n\n</think>\n\nДа.", "", "Да."),
        ("<seed:think>Хм.</seed:think>Да.", "Хм.", "Да."),
        (HARMONY, "Хм.", "Да."),
        ("<|channel|>final<|message|>Да.", "", "Да."),
        ("<|channel>thought\nХм.<channel|>Да.", "Хм.", "Да."),
        ("<think>Хм. ", "Хм.", ""),
        ("<think>Хм.</thin", "Хм.</thin", ""),
        ("<think>a < b</seed:think></think>Да.", "a < b</seed:think>", "Да."),
        ("<thin", "", "<thin"),
        (" \n", "", " \n"),
        (" Да.", "", " Да."),
        ("Да. <think>Хм.</think>", "", "Да. <think>Хм.</think>"),
        ("<think>Хм.</think><think>Хм.", "Хм.", "<think>Хм."),
        ("", "", ""),
    ],
)
def test_a_reply(reply: str, reasoning: str, answer: str) -> None:
    assert split_reasoning(reply) == (reasoning, answer)


@pytest.mark.parametrize(
    ("tail", "reply", "reasoning", "answer"),
    [
        ("<think>", "\nХм.\n</think>\n\nДа.", "Хм.", "Да."),
        ("<think>", "Хм.", "Хм.", ""),
        ("<think>\nПусть ", "так.</think>Да.", "так.", "Да."),
        ("<think>\nПусть", " так.</think>Да.", " так.", "Да."),
        ("<think>Хм.</think>", "\n\nДа.", "", "Да."),
        ("<think>Хм.</think>Да", " и нет.", "", " и нет."),
        ("Да", " <think>", "", " <think>"),
        ("<thi", "nk>Хм.</think>Да.", "Хм.", "Да."),
        ("<thi", "s", "", "s"),
    ],
)
def test_a_reply_that_was_begun(tail: str, reply: str, reasoning: str, answer: str) -> None:
    assert split_reasoning(reply, tail) == (reasoning, answer)


@given(st.one_of(texts, replies), st.lists(st.integers(min_value=0)), tails)
def test_the_pieces_make_no_difference(text: str, cuts: list[int], tail: str) -> None:
    reasoning, answer = split_reasoning(text, tail)
    whole = [part for part in (ReplyPart(reasoning, True), ReplyPart(answer)) if part.text]
    assert split_at(text, cuts, tail) == whole
    assert split_at(text, list(range(len(text))), tail) == whole, "a character at a time"


@given(texts)
def test_nothing_is_lost_but_markers_and_white_space(text: str) -> None:
    found = "".join(split_reasoning(text))
    rest = text
    for character in found:
        rest = rest[rest.index(character) + 1 :]  # in the same order
    if not text.lstrip().startswith("<"):
        assert found == text


def test_text_is_not_held_back() -> None:
    splitter = ReasoningSplitter()
    assert splitter.feed("<think>Пусть") == [ReplyPart("Пусть", True)]
    assert splitter.feed(" так") == [ReplyPart(" так", True)]
    assert splitter.feed("</think>Да") == [ReplyPart("Да")]
    assert splitter.feed(", да ") == [ReplyPart(", да ")]
