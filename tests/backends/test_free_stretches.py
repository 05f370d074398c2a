"""Reasoning and code are generated without the constraint, the text around them under it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.backends.base import Chunk, GenerationRequest, TokenBan
from role_engine.backends.free_stretches import stream_constrained
from role_engine.language import LanguagePolicy

STRICT, BALANCED = LanguagePolicy(mode="strict"), LanguagePolicy(mode="balanced")


class Writer:
    """Writes `text` on, whatever it is asked; notes under what each generation ran."""

    def __init__(self, text: str, size: int = 1) -> None:
        self.text, self.size = text, size
        self.runs: list[tuple[str, str]] = []
        self.asked: list[GenerationRequest] = []
        self.open = 0

    def __call__(self, request: GenerationRequest) -> Iterator[Chunk]:
        self.asked.append(request)
        self.open += 1
        written = ""
        try:
            rest = self.text[len(request.prefix) :]
            for at in range(0, len(rest), self.size):
                if request.max_tokens is not None and at // self.size >= request.max_tokens:
                    yield Chunk("", (), finish="length")
                    return
                written += rest[at : at + self.size]
                yield Chunk(rest[at : at + self.size], (at,))
            yield Chunk("", (), finish="stop")
        finally:
            self.open -= 1
            self.runs.append((request.constraint, written))


def ask(policy: LanguagePolicy, **more: object) -> GenerationRequest:
    return GenerationRequest(prompt="?", policy=policy, constraint="bias").derive(**more)


def run(writer: Writer, request: GenerationRequest) -> str:
    chunks = list(stream_constrained(request, writer))
    assert writer.open == 0, "a generation was left running"
    assert [chunk.finish is not None for chunk in chunks].count(True) == 1
    return "".join(chunk.text for chunk in chunks)


def test_text_without_such_stretches_is_one_generation() -> None:
    writer = Writer("Просто ответ, 5 < 6.")
    assert run(writer, ask(STRICT)) == writer.text
    assert writer.runs == [("bias", writer.text)]


def test_reasoning_is_free_and_the_answer_is_not() -> None:
    writer = Writer("<think>\nWell, hm.\n</think>\n\nОтвет.")
    assert run(writer, ask(STRICT)) == writer.text
    assert writer.runs == [("bias", "<think>"), ("none", "\nWell, hm.\n</think>"), ("bias", "\n\nОтвет.")]


def test_a_reply_may_begin_within_reasoning() -> None:
    writer = Writer("Well.</think>Ответ.")
    assert run(writer, ask(STRICT, prompt_suffix="<think>\n")) == writer.text
    assert [constraint for constraint, _ in writer.runs] == ["none", "bias"]


def test_reasoning_that_is_checked_is_not_free() -> None:
    writer = Writer("<think>Так.</think>Ответ.")
    run(writer, ask(STRICT.model_copy(update={"in_thinking": "same"})))
    assert [constraint for constraint, _ in writer.runs] == ["bias"]


def test_code_is_free_in_balanced_alone() -> None:
    text = "Вот:\n```python\nprint('hi')\n```\nИ всё."
    writer = Writer(text)
    run(writer, ask(BALANCED))
    assert [constraint for constraint, _ in writer.runs] == ["bias", "none", "bias"]
    assert "print('hi')" in writer.runs[1][1]
    writer = Writer(text)
    run(writer, ask(STRICT))
    assert [constraint for constraint, _ in writer.runs] == ["bias"]


def test_the_limit_holds_over_all_stretches() -> None:
    writer = Writer("<think>abc</think>Ответ.")
    chunks = list(stream_constrained(ask(STRICT, max_tokens=20), writer))
    assert "".join(chunk.text for chunk in chunks) == writer.text[:20]
    assert chunks[-1].finish == "length"
    writer = Writer("<think>abc</think>Ответ.")
    chunks = list(stream_constrained(ask(STRICT, max_tokens=7), writer))
    assert ("".join(chunk.text for chunk in chunks), chunks[-1].finish) == ("<think>", "length")


def test_a_ban_on_the_first_token_is_for_the_first_generation() -> None:
    writer = Writer("<think>abc</think>Ответ.")
    bans = (TokenBan(1), TokenBan(2, first_only=False))
    run(writer, ask(STRICT, bans=bans))
    assert [request.bans for request in writer.asked] == [bans, bans[1:], bans[1:]]


@given(
    st.lists(
        st.sampled_from(["<think>", "</think>", "Да. ", "hm ", "\n", "```", "py\n", "<tool_call>", "</tool_call>"])
    ),
    st.integers(1, 5),
    st.sampled_from([STRICT, BALANCED]),
)
def test_nothing_is_lost_or_said_twice(parts: list[str], size: int, policy: LanguagePolicy) -> None:
    writer = Writer("".join(parts), size)
    assert run(writer, ask(policy)) == writer.text


def test_closing_it_ends_the_generation() -> None:
    writer = Writer("Долгий ответ.")
    chunks = stream_constrained(ask(STRICT), writer)
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert writer.open == 0


@pytest.mark.parametrize("constraint", ["bias", "grammar"])
def test_checked_text_is_under_the_requests_own_constraint(constraint: str) -> None:
    writer = Writer("Да.")
    run(writer, ask(STRICT, constraint=constraint))
    assert writer.runs[0][0] == constraint
