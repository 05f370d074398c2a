"""The request's body: read whole, handed on, and the client watched while the reply is made."""

from __future__ import annotations

import asyncio
from threading import Event
from types import TracebackType

from starlette.types import Message, Receive, Scope


class BodyTooLarge(Exception):
    """The body exceeds the limit."""


class ClientGone(Exception):
    """The client left before its body was complete."""


async def read_body(receive: Receive, limit: int, announced: str | None = None) -> bytes:
    """The whole body, at most `limit` bytes; `announced` is its Content-Length header.

    Raises:
        BodyTooLarge: it is longer, or says that it is.
        ClientGone: it did not arrive.
    """
    if announced is not None and announced.isdecimal() and int(announced) > limit:
        raise BodyTooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyTooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def with_body_length(scope: Scope, length: int) -> Scope:
    """A copy of the scope whose Content-Length, if it has one, is `length`."""
    headers = [
        (name, str(length).encode() if name.lower() == b"content-length" else value) for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


class WatchedReceive:
    """The `receive` that the app gets: the body that was read already, then the client's departure.

    The real `receive` is read by a task of our own. The app need not ask: while text is held back nobody polls, and
    the work must stop all the same. Once the client has gone every waiting and every later call says so.
    """

    def __init__(self, receive: Receive, body: bytes, cancel: Event) -> None:
        self._receive = receive
        self._body: bytes | None = body
        self._cancel = cancel
        self._gone = asyncio.Event()

    async def __aenter__(self) -> WatchedReceive:
        self._watcher = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watcher.cancel()
        self._cancel.set()  # now: a watcher that was cancelled says so only when it next runs

    async def __call__(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _watch(self) -> None:
        try:
            while (await self._receive())["type"] != "http.disconnect":
                pass
        finally:  # also when the request is over: a thread that still works for it works for nobody
            self._cancel.set()
            self._gone.set()
