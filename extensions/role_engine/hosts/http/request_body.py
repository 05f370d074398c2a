"""The request's body: read whole, handed on, and the client watched while the reply is made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import TracebackType

from starlette.types import Message, Receive, Scope

LOOKED_AT_ONCE = 2**14
"""Bytes of a body that are looked at before others get their turn."""


class BodyTooLarge(Exception):
    """The body exceeds the limit."""


class BodiesTooMany(Exception):
    """Other requests' bodies take the memory that there is for bodies."""


class ClientGone(Exception):
    """The client left before its body was complete."""


class BodyMemory:
    """The memory that the large bodies of all requests may take together. Used from the event loop.

    Args:
        limit: bytes.
        small: bodies of up to so many bytes are not counted.
        after_large: called in a thread when a request is over whose body had `large` bytes or more; not twice at once.
    """

    def __init__(
        self,
        limit: int = 4 * 64 * 2**20,
        small: int = 2**16,
        after_large: Callable[[], None] | None = None,
        large: int = 2**20,
    ) -> None:
        self.limit, self.small, self.taken = limit, small, 0
        self._after_large, self._large = after_large, large
        self._giving_back: asyncio.Future[None] | None = None

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """Gives `take(size)`, which says how large the body is by now; at the end of the block it takes nothing.

        Raises:
            BodiesTooMany: from `take`.
        """
        mine = largest = 0

        def take(size: int) -> None:
            nonlocal mine, largest
            largest = max(largest, size)
            wanted = size if size > self.small else 0
            if self.taken - mine + wanted > self.limit:
                raise BodiesTooMany
            self.taken += wanted - mine
            mine = wanted

        try:
            yield take
        finally:
            self.taken -= mine
            if self._after_large is not None and largest >= self._large:
                self._give_back(self._after_large)

    def _give_back(self, how: Callable[[], None]) -> None:
        if self._giving_back is None or self._giving_back.done():
            self._giving_back = asyncio.get_running_loop().run_in_executor(None, how)


async def read_body(
    receive: Receive,
    limit: int,
    announced: str | None = None,
    *,
    look: Callable[[bytes], None] = lambda piece: None,
    take: Callable[[int], None] = lambda size: None,
) -> bytearray:
    """The whole body, at most `limit` bytes; `announced` is its Content-Length header.

    Args:
        look: gets each piece before it is held; what it raises ends the reading.
        take: is told how large the body is, see `BodyMemory.share`.

    Raises:
        BodyTooLarge: it is longer, or says that it is.
        ClientGone: it did not arrive.
    """
    if too_large(announced, limit):
        raise BodyTooLarge
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        if len(body) + len(piece) > limit:
            raise BodyTooLarge
        for start in range(0, len(piece), LOOKED_AT_ONCE):
            if start:
                await asyncio.sleep(0)  # others wait meanwhile
            look(piece[start : start + LOOKED_AT_ONCE])
        take(len(body) + len(piece))
        body += piece
        if not message.get("more_body", False):
            return body


def too_large(announced: str | None, limit: int) -> bool:
    """Whether a Content-Length header announces more than `limit` bytes."""
    return announced is not None and announced.isdecimal() and (len(announced) > 18 or int(announced) > limit)


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


def replay(body: bytes | bytearray, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, and then what comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
