"""Whose turn it is: so many generations at a time, and a queue that is not endless."""

from __future__ import annotations

import asyncio
from collections import deque
from threading import Event

from role_engine.hosts.serve.failures import QueueFull, ShuttingDown

RETRY_AFTER = 3  # seconds; a guess at what a reply takes
DEFAULT_LIMIT = 16


class RequestQueue:
    """The requests that are answered and those that wait, first come, first served.

    Everything here is called from the event loop; a thread that is done says so through `call_soon_threadsafe`.

    Args:
        parallel: generations at a time.
        limit: requests that may wait; one more is refused.
    """

    def __init__(self, parallel: int = 1, limit: int = DEFAULT_LIMIT) -> None:
        self.parallel, self.limit = parallel, limit
        self.refused = 0
        self.closing = False
        self._running: set[QueueSlot] = set()
        self._waiting: deque[QueueSlot] = deque()

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def enter(self, cancel: Event) -> QueueSlot:
        """A place in the line; whoever takes it must see to it that it is left.

        Args:
            cancel: ends the work of this request.

        Raises:
            QueueFull, ShuttingDown
        """
        if self.closing:
            raise ShuttingDown
        if len(self._running) >= self.parallel and len(self._waiting) >= self.limit:
            self.refused += 1
            raise QueueFull(self.limit, RETRY_AFTER)
        ticket = QueueSlot(self, cancel)
        self._waiting.append(ticket)
        self._call()
        return ticket

    def close(self) -> None:
        """Take nobody any more, and send away those who wait; who is running goes on."""
        self.closing = True
        for ticket in list(self._waiting):
            ticket.reject(ShuttingDown())
        self._waiting.clear()

    def cancel_running(self) -> None:
        """End the work of all requests that are being answered."""
        for ticket in list(self._running):
            ticket.cancel.set()

    def leave(self, ticket: QueueSlot) -> None:
        self._running.discard(ticket)
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        self._call()

    def _call(self) -> None:
        while self._waiting and len(self._running) < self.parallel:
            ticket = self._waiting.popleft()
            self._running.add(ticket)
            ticket.call()


class QueueSlot:
    """One request's place in the line."""

    def __init__(self, line: RequestQueue, cancel: Event) -> None:
        self.cancel = cancel
        self._line = line
        self._turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def turn(self) -> None:
        """Wait until it is this request's turn.

        Raises:
            ShuttingDown: it will not be.
        """
        await asyncio.shield(self._turn)

    def leave(self) -> None:
        """Give the place to the next one. Leaving twice is leaving once."""
        self._line.leave(self)

    def call(self) -> None:
        if not self._turn.done():
            self._turn.set_result(None)

    def reject(self, why: Exception) -> None:
        if not self._turn.done():
            self._turn.set_exception(why)
            self._turn.exception()  # nobody may be waiting for it any more, which is no reason to complain
