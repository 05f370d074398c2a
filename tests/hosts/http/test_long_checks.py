"""Checks of long texts: few at a time, and no longer than their clients wait."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import httpx
import pytest

from role_engine.hosts.http.routes import CHECKED_AT_A_TIME, CHECKS_WAITING
from role_engine.language import Verdict
from role_engine.language.check import CheckCancelled
from tests.hosts.http.stub_host import StubHost, StubService

pytestmark = pytest.mark.anyio
PATH = "/v1/role-engine/check"
WAIT = 10
LONG = "слово " * 10_000


async def test_others_are_answered_while_long_texts_are_checked(
    client: httpx.AsyncClient, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on, busy, most = threading.Event(), 0, 0
    lock = threading.Lock()

    def check_text(text: str, **how: Any) -> Verdict:
        nonlocal busy, most
        if text == LONG:
            with lock:
                busy += 1
                most = max(most, busy)
            going_on.wait(WAIT)
            with lock:
                busy -= 1
        return Verdict()

    monkeypatch.setattr(service, "check_text", check_text)
    async with client:
        posts = [
            asyncio.ensure_future(client.post(PATH, json={"text": LONG}))
            for _ in range(CHECKED_AT_A_TIME + CHECKS_WAITING + 3)
        ]
        refused, _ = await asyncio.wait(posts, timeout=WAIT, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result().status_code for task in refused} == {429}
        assert all(task.result().headers["retry-after"] for task in refused)
        assert (await client.post(PATH, json={"text": "Да."})).status_code == 200
        assert (await client.get("/v1/role-engine/health")).status_code == 200
        going_on.set()
        answers = [answer.status_code for answer in await asyncio.gather(*posts)]
    assert sorted(answers) == [200] * (CHECKED_AT_A_TIME + CHECKS_WAITING) + [429] * 3
    assert most == CHECKED_AT_A_TIME


async def test_a_client_that_leaves_ends_its_check(
    host: StubHost, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking, cancelled, asked = asyncio.Event(), threading.Event(), False
    loop = asyncio.get_running_loop()

    def check_text(text: str, *, cancel: threading.Event, **how: Any) -> Verdict:
        loop.call_soon_threadsafe(checking.set)
        if cancel.wait(WAIT):
            cancelled.set()
        raise CheckCancelled

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": json.dumps({"text": LONG}).encode(), "more_body": False}
        await checking.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pass

    monkeypatch.setattr(service, "check_text", check_text)
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
    }
    scope |= {"path": PATH, "raw_path": PATH.encode(), "query_string": b"", "root_path": "", "headers": headers}
    await asyncio.wait_for(
        host.app({**scope, "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80)}, receive, send), WAIT
    )
    assert cancelled.is_set()
