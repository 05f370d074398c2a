"""`role-engine serve` on real models, through llama.cpp."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from role_engine.bench.replies.oracle import find_violations
from role_engine.bench.replies.questions import BenchQuestion
from tests.hosts.serve.embedded_server import embedded_server

from .conftest import FindModel
from .replies import check_replies

INSTRUCT = ("0.5b", "1.5b")


@pytest.fixture(scope="module", params=(*INSTRUCT, "gemma"))
def server(request: pytest.FixtureRequest, gguf: FindModel) -> Iterator[tuple[str, str]]:
    """The base URL, and which model it is."""
    pytest.importorskip("xllamacpp", reason="a GGUF file is served by xllamacpp")
    with embedded_server("--no-page", model=gguf(request.param)) as base:
        yield base, request.param


def chat(base: str, text: str, max_tokens: int, **fields: Any) -> tuple[str, dict[str, Any]]:
    body = {
        "messages": [{"role": "user", "content": text}],
        "max_tokens": max_tokens,
        "seed": 7,
        "temperature": 0.8,
        **fields,
    }
    answer = httpx.post(f"{base}/v1/chat/completions", json=body, timeout=1200)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    return document["choices"][0]["message"]["content"], document["role_engine"]


def test_replies_are_clean_and_what_was_clean_is_left_alone(
    server: tuple[str, str], questions: list[BenchQuestion]
) -> None:
    base, _ = server

    def ask(question: str, mode: str, max_tokens: int) -> tuple[str, dict[str, Any]]:
        return chat(base, question, max_tokens, role_engine={"role": "none", "mode": mode, "report": "full"})

    for question in questions:
        check_replies(ask, question.text)


@pytest.mark.parametrize("role", ["philosopher", "poet", "mentor"])
def test_a_role_answers_and_does_not_speak_for_the_user(server: tuple[str, str], role: str) -> None:
    text, report = chat(server[0], "Что такое дружба?", 160, role_engine={"role": role, "report": "full"})
    assert report["role"] == role
    assert re.search("[а-яё]{3}", text)
    assert find_violations(text, "balanced") == []
    assert not re.search(r"(?im)^\s*(?:вопрос|пользователь|user|question|ответ|assistant)\s*:", text), text


@pytest.mark.parametrize("thinking", ["think", "recursion", "conflict"])
def test_a_thinking_mode_thinks_and_answers(server: tuple[str, str], thinking: str) -> None:
    base, model = server
    if model == "gemma":
        pytest.skip("a base model is not asked to follow a procedure")
    options = {"role": "philosopher", "thinking": thinking, "report": "full"}
    answer = httpx.post(
        f"{base}/v1/chat/completions",
        json={
            "messages": [{"role": "user", "content": "Стоит ли менять работу каждый год?"}],
            "max_tokens": 400,
            "seed": 7,
            "role_engine": options,
        },
        timeout=1200,
    ).json()
    message = answer["choices"][0]["message"]
    assert message["reasoning_content"].strip() and message["content"].strip()
    assert find_violations(message["content"], "balanced") == []
    assert "<|" not in message["content"] and "<think" not in message["content"]
