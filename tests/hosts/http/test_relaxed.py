"""A language that was asked for, in the report of an HTTP reply."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from role_engine.backends.base import GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.guard import ReplyReport, guarded_stream
from role_engine.hosts.http.context import get_current
from role_engine.language import LanguagePolicy
from tests.hosts.http.stub_host import Body, StubHost

pytestmark = pytest.mark.anyio


def translate(body: Body) -> Iterator[str]:
    """A script that answers through the guard, as hosts do."""
    context = get_current()
    report = ReplyReport(mode="balanced")
    if context is not None:
        context.reports.append(report)
    said = tuple(message["content"] for message in body.messages or () if message["role"] == "user")
    backend = ReplayBackend([["Dear", " friends", ", come in", "."], ["Дорогие", " друзья", "."]])
    request = GenerationRequest(policy=LanguagePolicy(mode="balanced"), context=said, max_tokens=50)
    seen = ""
    for text in guarded_stream(backend, request, report=report):
        seen += text
        yield seen


@pytest.mark.parametrize(
    ("question", "answer", "relaxed"),
    [
        ("Переведи на английский: дорогие друзья", "Dear friends, come in.", "en"),
        ("Переведи на русский: dear friends", "Дорогие друзья.", None),
    ],
)
async def test_the_report_says_so(
    client: httpx.AsyncClient, host: StubHost, question: str, answer: str, relaxed: str | None
) -> None:
    host.script = translate
    messages = [
        {"role": "user", "content": "Привет"},
        {"role": "assistant", "content": "Ответь по-китайски"},
        {"role": "user", "content": question},
    ]
    body = {"messages": messages, "max_tokens": 50, "role_engine": {"mode": "balanced"}}
    reply = (await client.post("/v1/chat/completions", json=body)).json()
    assert reply["choices"][0]["message"]["content"] == answer
    assert reply["role_engine"]["relaxed"] == relaxed
    streamed = (await client.post("/v1/chat/completions", json={**body, "stream": True})).text
    events = [json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: {")]
    assert [event["role_engine"]["relaxed"] for event in events if "role_engine" in event] == [relaxed]
