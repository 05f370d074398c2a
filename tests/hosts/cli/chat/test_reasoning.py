"""What a model thinks before it answers: dimmed for a person, left out of a pipe, a field of its own in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from role_engine import ReplayBackend
from role_engine.app.engine import Engine
from role_engine.hosts.cli import local_model
from tests.app.conftest import CHATML
from tests.backends.openai_stub import OpenAIStub, event, says, serving
from tests.hosts.cli.conftest import Cli
from tests.hosts.opened_reasoning import OPENED, speak

THINKS = ("<thi", "nk>\nThe user", " asks.\n", "</think>\n\n", "Я", " поэт", ".")
VLLM = {"/v1/models": {"data": [{"id": "qwen", "owned_by": "vllm"}]}}


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> ReplayBackend:
    """What `--model` loads, whatever it names."""
    backend = ReplayBackend(lambda request: THINKS)
    engine = Engine(backend, "tiny", lambda text: len(text.split()), chat_template=CHATML, context=5000)
    monkeypatch.setattr(local_model, "load_engine", lambda model, **_: engine)
    return backend


def test_a_pipe_gets_the_answer_alone(cli: Cli, backend: ReplayBackend) -> None:
    outcome = cli("chat", "--role", "poet", "Кто ты?")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Я поэт.\n", "")


def test_json_has_it_apart(cli: Cli, backend: ReplayBackend) -> None:
    found = cli("chat", "--json", "--role", "poet", "Кто ты?").json
    assert (found["reasoning"], found["text"]) == ("The user asks.", "Я поэт.")
    assert list(found) == ["text", "reasoning", "finish_reason", "report"]


@pytest.mark.parametrize(("opener", "closer"), OPENED.items())
def test_every_format_that_a_template_opens(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, opener: str, closer: str
) -> None:
    template = CHATML.replace("assistant\n{%", f"assistant\n{opener}{{%")
    backend = ReplayBackend(lambda request: speak(closer))
    engine = Engine(backend, "tiny", lambda text: len(text.split()), chat_template=template, context=5000)
    monkeypatch.setattr(local_model, "load_engine", lambda model, **_: engine)
    found = cli("chat", "--json", "--role", "poet", "Кто ты?").json
    assert (found.get("reasoning"), found["text"]) == ("The user asks.", "Я поэт.")
    assert found["report"]["attempts"] == 1


def test_the_model_is_not_shown_its_thoughts(cli: Cli, backend: ReplayBackend) -> None:
    outcome = cli("chat", "-i", "--json", stdin="Раз\nДва\n")
    assert [json.loads(line)["text"] for line in outcome.out.splitlines()] == ["Я поэт."] * 2
    said = [(message["role"], message["content"]) for message in backend.attempts[-1].request.messages]
    assert said == [("user", "Раз"), ("assistant", "Я поэт."), ("user", "Два")]


def test_what_another_server_gives_apart_stays_apart(cli: Cli) -> None:
    pages = {"/v1/role-engine/health": {"status": "ok"}, "/v1/role-engine/roles": {"data": []}}
    deltas = [{"reasoning_content": "The user"}, {"reasoning_content": " asks."}, {"content": "Я поэт."}]

    def answer(path: str, body: dict[str, Any]) -> Any:
        return 200, "text/event-stream", [event({"choices": [{"index": 0, "delta": delta}]}) for delta in deltas]

    with serving(pages=pages, answer=answer) as server:
        found = cli("chat", "--json", "--model", server.url, "Кто ты?").json
    assert (found["reasoning"], found["text"]) == ("The user asks.", "Я поэт.")


# At a terminal.

pytest.importorskip("pty", reason="pseudo-terminals are of Unix")

from tests.hosts.cli.terminal import on_terminal  # noqa: E402


@pytest.fixture
def thinker() -> Iterator[OpenAIStub]:
    with serving(pages=VLLM, answer=lambda path, body: says(*THINKS)) as server:
        yield server


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"TERM": "xterm"}, "\x1b[2m[размышляет] The user asks.\x1b[22m\nЯ поэт."),
        ({"TERM": "dumb"}, "[размышляет] The user asks.\nЯ поэт."),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "[размышляет] The user asks.\nЯ поэт."),
    ],
)
def test_a_person_sees_it_set_apart(home: Path, thinker: OpenAIStub, environment: dict[str, str], shown: str) -> None:
    with on_terminal(home, "chat", "--model", thinker.url, "Кто ты?", **environment) as terminal:
        assert terminal.until("поэт.").endswith(shown)
        assert terminal.exit_code() == 0


def test_a_reply_that_is_stopped_leaves_no_dimmed_terminal(home: Path) -> None:
    def endless() -> Iterator[bytes]:
        yield event({"choices": [{"index": 0, "delta": {"content": "<think>Хм"}}]})
        while True:
            yield event({"choices": [{"index": 0, "delta": {"content": " м"}}]})

    with serving(pages=VLLM, answer=lambda path, body: (200, "text/event-stream", endless())) as server:
        command = on_terminal(home, "chat", "--model", server.url, "Кто ты?", TERM="xterm")
        with command as terminal:
            terminal.until("Хм м")
            terminal.interrupt()
            assert "\x1b[2m" not in terminal.until("\x1b[22m")
            assert terminal.exit_code() == 130
