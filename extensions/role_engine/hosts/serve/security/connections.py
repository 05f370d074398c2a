"""Connections: as many as there are files for, and none of them for longer than it does something.

Uvicorn knows a timeout for one thing, a connection that waits for its next request. And asyncio's accept loop, at the
limit of open files, tries again without a pause and writes a traceback each time. So the server accepts connections by
itself, and looks each second at what they do.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 512
MAX_HEAD = 32 * 2**10
"""Bytes of a request's head that have arrived while it is not complete."""

_RESERVED_FILES = 64  # open files that are left for everything but connections
_OUT_OF_FILES = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))
_PAUSE_SECONDS = 0.5
_POLL_SECONDS = 0.05
_LOOK_SECONDS = 0.5
_TOLD_EVERY_SECONDS = 60.0
_NEW_SECONDS = 0.5  # a connection that has just come is not closed to make room
_PIECES_AT_FIRST, _LEAST_PIECE = 1000, 64  # what a body's pieces have on average, bytes, once it has come in so many


@dataclass(frozen=True, slots=True)
class ClientTimeouts:
    """How long a client may take, in seconds.

    Attributes:
        head: for a request's head, from the connection or from the answer before on.
        body: for a body, and one more for each `body_rate` bytes of it; the time that the server does not read is not
            counted.
        body_rate: bytes a second.
        reading: to take something of an answer that waits to be sent.
        leaving: for what is left of a body that was answered already, and for an answer's last bytes.
    """

    head: float = 10.0
    body: float = 15.0
    body_rate: int = 4 * 2**10
    reading: float = 30.0
    leaving: float = 5.0


def connection_limit(most: int = MAX_CONNECTIONS) -> int:
    """Connections that may be open at a time: `most`, or as many as the system lets this process open."""
    try:
        import resource
    except ImportError:  # Windows
        return most
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return most
    try:
        used = len(os.listdir("/dev/fd"))
    except OSError:
        used = 0
    return max(8, min(most, soft - used - _RESERVED_FILES))


class _Connection(h11.Connection):
    """Refuses a body that comes in too many pieces: each takes as long as a whole kilobyte."""

    _pieces = _bytes = 0

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._pieces = self._bytes = 0
        elif isinstance(event, h11.Data):
            self._pieces += 1
            self._bytes += len(event.data)
            if self._pieces > _PIECES_AT_FIRST and self._bytes < _LEAST_PIECE * self._pieces:
                raise h11.RemoteProtocolError("The body comes in too small pieces.")
        return event


class WatchedProtocol(H11Protocol):
    """One connection, whose client has to do something."""

    patience = ClientTimeouts()

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.conn = _Connection(h11.SERVER, MAX_HEAD)
        self._since = self.loop.time()
        self._waited = self._stuck = self._leaving = 0.0
        self._request: Any = None
        self._received = 0

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def idle_since(self) -> float:
        """When it was made, or its last request was answered, by the event loop's clock."""
        return self._since

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        self._since, self._leaving = self.loop.time(), 0.0
        super().on_response_complete()

    def resume_writing(self) -> None:
        self._stuck = 0.0
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete and self.cycle.response_started:
            self.transport.abort()  # the answer has begun, and there is no other one any more
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def close(self) -> None:
        """Close it when what was sent has arrived, see `Patience.leaving`."""
        if not self.transport.is_closing():
            self.transport.close()

    def look(self, now: float, elapsed: float) -> None:  # noqa: C901 - a branch for each state that a connection can be in
        """Close it if its client takes longer than it may.

        Args:
            now: by the event loop's clock.
            elapsed: seconds since the last look.
        """
        patience = self.patience
        if self.transport.is_closing():
            self._leaving += elapsed
            if self._leaving > patience.leaving:
                self.transport.abort()
        elif self.flow.write_paused:
            self._stuck += elapsed
            if self._stuck > patience.reading:
                self.transport.abort()
        elif self.is_idle:
            if self.conn.their_state is h11.SEND_BODY:
                self._leaving += elapsed
                if self._leaving > patience.leaving:
                    self.close()
            elif now - self._since > patience.head:
                self.close()
        elif self.cycle.more_body:
            if self._request is not self.cycle:
                self._request, self._waited, self._received = self.cycle, 0.0, 0
            if not self.flow.read_paused:
                self._waited += elapsed
            if self._waited > patience.body + self._received / patience.body_rate:
                self.transport.abort()


class ConnectionAcceptor:
    """Accepts connections on a socket, as long as there may be more of them, and closes those that do nothing.

    Args:
        make: a protocol for each.
        connections: those that are open, as the protocols themselves keep it.
        limit: how many there may be. At the limit the one goes that has done nothing for longest; while all of them
            do something, nobody is let in.
    """

    def __init__(
        self,
        listener: socket.socket,
        make: Callable[[], asyncio.Protocol],
        connections: Collection[Any],
        limit: int,
    ) -> None:
        self._listener, self._make, self._connections, self.limit = listener, make, connections, limit
        self._told = -_TOLD_EVERY_SECONDS

    async def accept(self) -> None:
        """Until it is cancelled; then the socket is closed."""
        try:
            await self._accept()
        finally:
            self._listener.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener.setblocking(False)
        while True:
            while len(self._connections) >= self.limit:
                self._tell(f"{self.limit} connections are open, which is the limit.")
                await asyncio.sleep(0 if self._make_room() else _POLL_SECONDS)
            try:
                accepted, _ = await loop.sock_accept(self._listener)
            except OSError as error:
                if error.errno in _OUT_OF_FILES:
                    self._tell(f"No connection can be accepted: {error.strerror}.")
                    self._make_room()
                await asyncio.sleep(_PAUSE_SECONDS if error.errno in _OUT_OF_FILES else 0)
                continue
            try:
                await loop.connect_accepted_socket(self._make, accepted)
            except OSError:  # it has gone already
                accepted.close()

    def _make_room(self) -> bool:
        """Close the connection that has done nothing for longest; whether there was one."""
        before = asyncio.get_running_loop().time() - _NEW_SECONDS
        idle = [one for one in self._connections if one.is_idle and not one.transport.is_closing()]
        oldest = min(idle, key=lambda one: one.idle_since, default=None)
        if oldest is None or oldest.idle_since > before:
            return False
        oldest.transport.abort()
        return True

    async def look(self) -> None:
        """Close those that take too long, until it is cancelled."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = loop.time()
            for connection in list(self._connections):
                with contextlib.suppress(h11.LocalProtocolError):
                    connection.look(now, now - last)
            last = now

    def _tell(self, what: str) -> None:
        """In the log, once a minute."""
        now = asyncio.get_running_loop().time()
        if now - self._told >= _TOLD_EVERY_SECONDS:
            self._told = now
            log.warning("%s Others wait.", what)
