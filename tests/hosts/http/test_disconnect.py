"""A client that goes away stops the work, at once, even while the app neither sends nor listens."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from role_engine.hosts.http.context import get_current
from role_engine.hosts.http.middleware import RoleEngineMiddleware
from tests.hosts.http.stub_host import Gate, StubHost, StubService

WAIT = 10  # seconds until a test gives up; the event itself comes within milliseconds


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions", "/v1/messages"])
def test_closing_the_connection_cancels(server: str, host: StubHost, path: str, stream: bool) -> None:
    gate = Gate()
    host.script = gate
    body = {"messages": [{"role": "user", "content": "x"}], "prompt": "x", "max_tokens": 9, "stream": stream}
    with connected(server, path, body):
        assert gate.reached.wait(WAIT)
        assert not gate.cancelled.is_set()
    assert gate.cancelled.wait(WAIT)


def test_other_requests_go_on(server: str, host: StubHost) -> None:
    gates = {"poet": Gate(), "philosopher": Gate()}
    host.script = lambda body: gates[str(get_current().choice.role)](body)  # type: ignore[union-attr]
    body = {"messages": [{"role": "user", "content": "x"}], "stream": True}
    with connected(server, "/v1/chat/completions", {**body, "model": "role:philosopher"}) as staying:
        with connected(server, "/v1/chat/completions", {**body, "model": "role:poet"}):
            assert gates["poet"].reached.wait(WAIT) and gates["philosopher"].reached.wait(WAIT)
        assert gates["poet"].cancelled.wait(WAIT)
        assert not gates["philosopher"].cancelled.is_set()
        gates["philosopher"].open.set()
        assert b"[DONE]" in read_until(staying, b"[DONE]")


@pytest.mark.anyio
async def test_an_app_that_never_listens_is_told_through_the_event(service: StubService) -> None:
    leave, seen = asyncio.Event(), threading.Event()

    async def receive() -> dict[str, Any]:
        if not seen.is_set():
            seen.set()
            return {"type": "http.request", "body": b"{}"}
        await leave.wait()
        return {"type": "http.disconnect"}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        context = get_current()
        assert context is not None and not context.cancel.is_set()
        leave.set()
        assert await asyncio.to_thread(context.cancel.wait, WAIT)
        assert [(await receive())["type"] for _ in range(3)] == ["http.request", "http.disconnect", "http.disconnect"]

    await RoleEngineMiddleware(app, service=service)(scope(), receive, never)


@pytest.mark.anyio
async def test_a_client_that_leaves_before_its_body_is_complete_never_reaches_the_app(service: StubService) -> None:
    messages: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    await RoleEngineMiddleware(never, service=service)(scope(), receive, never)


@pytest.mark.anyio
async def test_asking_whether_the_client_has_gone_does_not_wait(service: StubService) -> None:
    """As Starlette's `is_disconnected` asks: a receive that is cancelled at its first wait."""
    answers: list[str] = []

    async def receive() -> dict[str, Any]:
        if not answers:
            answers.append("body")
            return {"type": "http.request", "body": b"{}"}
        await asyncio.Event().wait()
        raise AssertionError

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(receive(), 0)

    await RoleEngineMiddleware(app, service=service)(scope(), receive, never)


def scope() -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": []}


async def never(*_: Any) -> None:
    raise AssertionError("not expected to be called")


def connected(server: str, path: str, body: dict[str, Any]) -> socket.socket:
    """A raw connection, so that the test alone decides when it closes."""
    address = urlsplit(server)
    assert address.hostname and address.port
    connection = socket.create_connection((address.hostname, address.port), timeout=WAIT)
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(content)}"
    )
    connection.sendall(head.encode() + b"\r\n\r\n" + content)
    return connection


def read_until(connection: socket.socket, end: bytes) -> bytes:
    got = b""
    while end not in got:
        piece = connection.recv(4096)
        if not piece:
            break
        got += piece
    return got
