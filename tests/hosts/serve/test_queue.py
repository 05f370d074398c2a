"""The queue as clients meet it."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from role_engine.hosts.serve.request_queue import RequestQueue
from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import Gate, served, until

CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "Кто ты?"}]}


def in_background(base: str, **body: Any) -> tuple[threading.Thread, list[httpx.Response]]:
    answers: list[httpx.Response] = []
    thread = threading.Thread(
        target=lambda: answers.append(httpx.post(f"{base}/v1/chat/completions", json={**CHAT, **body}, timeout=30))
    )
    thread.start()
    return thread, answers


def line_of(app: FastAPI) -> RequestQueue:
    line: RequestQueue = app.state.service.line
    return line


@pytest.mark.parametrize("streamed", [False, True])
def test_one_too_many_is_told_to_come_again(make: MakeApp, streamed: bool) -> None:
    gate = Gate()
    app = make(gate.backend(), line=RequestQueue(1, 1))
    with served(app) as base:
        running, first = in_background(base)
        assert gate.reached.wait(10)
        waiting, second = in_background(base)
        until(lambda: line_of(app).waiting == 1, "the second one waits")
        openai = httpx.post(f"{base}/v1/chat/completions", json={**CHAT, "stream": streamed})
        anthropic = httpx.post(f"{base}/v1/messages", json={**CHAT, "max_tokens": 9, "stream": streamed})
        gate.open.set()
        running.join()
        waiting.join()
    assert (openai.status_code, anthropic.status_code) == (429, 429)
    assert int(openai.headers["retry-after"]) > 0 and int(anthropic.headers["retry-after"]) > 0
    assert openai.json()["error"]["type"] == "rate_limit_error"
    assert anthropic.json()["type"] == "error" and anthropic.json()["error"]["type"] == "rate_limit_error"
    assert [answer[0].json()["choices"][0]["message"]["content"] for answer in (first, second)] == [
        "Первое слово сказано."
    ] * 2


@pytest.mark.parametrize("streamed", [False, True])
def test_a_client_that_goes_away_stops_the_work(make: MakeApp, streamed: bool) -> None:
    gate = Gate()
    backend = gate.backend()
    app = make(backend)
    with served(app) as base:
        if streamed:
            with httpx.stream("POST", f"{base}/v1/chat/completions", json={**CHAT, "stream": True}):
                assert gate.reached.wait(10)
        else:
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(f"{base}/v1/chat/completions", json=CHAT, timeout=0.5)
        until(lambda: line_of(app).running == 0, "the engine is idle")
    assert not gate.open.is_set()
    assert len(backend.attempts) == 1


@pytest.mark.parametrize("streamed", [False, True])
def test_a_client_that_goes_away_leaves_the_queue(make: MakeApp, streamed: bool) -> None:
    gate = Gate()
    backend = gate.backend()
    app = make(backend)
    with served(app) as base:
        running, answers = in_background(base)
        assert gate.reached.wait(10)
        if streamed:
            with httpx.stream("POST", f"{base}/v1/chat/completions", json={**CHAT, "stream": True}):
                until(lambda: line_of(app).waiting == 1, "it waits")
        else:
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(f"{base}/v1/chat/completions", json=CHAT, timeout=0.5)
        until(lambda: line_of(app).waiting == 0, "the queue is empty")
        gate.open.set()
        running.join()
    assert answers[0].status_code == 200
    assert len(backend.attempts) == 1


def test_a_stream_that_waits_says_so(make: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("role_engine.hosts.serve.reply_job.QUIET_SECONDS", 0.01)
    gate = Gate()
    app = make(gate.backend())
    with served(app) as base:
        running, _ = in_background(base)
        assert gate.reached.wait(10)
        with httpx.stream("POST", f"{base}/v1/chat/completions", json={**CHAT, "stream": True}) as stream:
            lines = stream.iter_lines()
            assert any(line.startswith(":") for line in lines)
            gate.open.set()
            assert list(lines)[-2] == "data: [DONE]"
        running.join()


def test_the_queue_in_the_stats(make: MakeApp) -> None:
    with served(make(Gate().backend(), line=RequestQueue(1, 5))) as base:
        stats = httpx.get(f"{base}/v1/role-engine/stats").json()
    assert stats["queue"] == {"running": 0, "waiting": 0, "limit": 5, "refused": 0}
