"""A chat of many wrong messages is told of the first, and is not looked through to its end."""

from __future__ import annotations

import re

import httpx
import pytest

from role_engine import ReplayBackend
from tests.app.conftest import MakeApp

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
@pytest.mark.parametrize("wrong", [{"role": "x", "content": "да"}, {"role": "user", "content": 5}])
async def test_the_first_is_told(make: MakeApp, path: str, wrong: dict[str, object]) -> None:
    app = make(ReplayBackend(["Да."]))
    messages = [{"role": "user", "content": "да"}, *[wrong] * 3_000]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        answer = await client.post(path, json={"messages": messages, "max_tokens": 2})
    assert answer.status_code == 400
    said = answer.json()["error"]["message"]
    assert "messages.1" in said
    more = re.search(r"\((\d+) more", said)
    assert more is None or int(more[1]) < 5  # of the same message
