"""What goes to the client, message by message."""

from __future__ import annotations

from typing import Any

import pytest

from role_engine.guard.report import ReplyReport
from role_engine.hosts.http.context import RequestContext
from role_engine.hosts.http.reply_sender import ReplySender

pytestmark = pytest.mark.anyio

FINISH = b'data: {"choices": [{"index": 0, "finish_reason": "stop"}]}\n\n'


def start(kind: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode()), *headers]}


def part(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


class Sent:
    """A client, and the sender in front of it."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.sender = ReplySender(self._take, RequestContext("chat", reports=[ReplyReport(finish="length")]))

    async def _take(self, message: Any) -> None:
        self.messages.append(message)

    async def after(self, *messages: dict[str, Any]) -> list[Any]:
        """What the client gets because of these."""
        self.messages.clear()
        for message in messages:
            await self.sender(message)
        return list(self.messages)


async def test_a_stream_begins_at_once_and_goes_on_event_by_event() -> None:
    sent, head = Sent(), start("text/event-stream; charset=utf-8")
    assert await sent.after(head) == [head]
    assert await sent.after(part(b": ping\n\n")) == [part(b": ping\n\n")]
    assert await sent.after(part(FINISH[:20])) == []
    (finished,) = await sent.after(part(FINISH[20:]))
    assert b'"finish_reason": "length"' in finished["body"] and b'"role_engine"' in finished["body"]
    assert await sent.after(part(b"", more=False)) == [part(b"", more=False)]


async def test_a_stream_that_ends_inside_an_event_loses_nothing() -> None:
    sent = Sent()
    await sent.after(start("text/event-stream"), part(b"data: half"))
    assert await sent.after(part(b" and", more=False)) == [part(b"data: half and", more=False)]


async def test_json_waits_for_its_last_piece_and_gets_its_new_length() -> None:
    sent, body = Sent(), b'{"choices":[{"finish_reason":"stop"}]}'
    head = start("application/json", (b"content-length", str(len(body)).encode()), (b"x-other", b"1"))
    assert await sent.after(head, part(body[:9])) == []
    begun, whole = await sent.after(part(body[9:], more=False))
    assert b'"role_engine"' in whole["body"] and whole["more_body"] is False
    assert dict(begun["headers"])[b"content-length"] == str(len(whole["body"])).encode()
    assert dict(begun["headers"])[b"x-other"] == b"1"


@pytest.mark.parametrize("body", [b"no json", b"[1]", b"", b'{"id": 1}'])
async def test_json_that_is_no_reply_comes_out_as_it_went_in(body: bytes) -> None:
    head = start("application/json", (b"content-length", str(len(body)).encode()))
    assert await Sent().after(head, part(body, more=False)) == [head, part(body, more=False)]
