"""The app on a socket, from the first connection to a shutdown that lets nobody down."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn
from fastapi import FastAPI

from role_engine.errors import SettingsError
from role_engine.hosts.serve.request_queue import RequestQueue
from role_engine.hosts.serve.security.connections import (
    ClientTimeouts,
    ConnectionAcceptor,
    WatchedProtocol,
    connection_limit,
)

GRACE_SECONDS = 5.0
"""What running replies get to end by themselves after the first signal; a second signal takes it away."""

_UNTIL_IDLE_SECONDS = 3.0  # an engine ends within one decode step, which is long on a slow machine
_POLL_SECONDS = 0.05


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0: any free one.

    Raises:
        SettingsError: it cannot.
    """
    where = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise SettingsError(f"{host} is no address to serve on: {error.strerror}.", hint="Try 127.0.0.1.") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        hint = "Another program has it; choose another one with --port." if error.errno == errno.EADDRINUSE else ""
        raise SettingsError(f"Cannot serve on {where}: {error.strerror}.", hint=hint) from None
    return listener


class Server(uvicorn.Server):
    """Serves `app` until a signal or `stop` ends it; running replies get `grace` seconds before they are cancelled.

    Args:
        patience: how long clients may take.
        max_connections: open at a time; None: as `connection_limit` has it.

    (Uvicorn alone would wait for them without end, and would leave with the signal's exit code.)
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        grace: float = GRACE_SECONDS,
        patience: ClientTimeouts | None = None,
        max_connections: int | None = None,
    ) -> None:
        class ServeProtocol(WatchedProtocol):
            """With this server's patience."""

        ServeProtocol.patience = patience or ClientTimeouts()
        # Open pages hold connections that never end by themselves: they do not keep the process alive.
        super().__init__(
            uvicorn.Config(app, log_level="warning", access_log=False, ws="none", lifespan="on", http=ServeProtocol)
        )
        self._protocol_class = ServeProtocol
        self._max_connections = max_connections
        self._accepting: asyncio.Task[None] | None = None
        self._line: RequestQueue = app.state.service.line
        self._grace = grace
        self._ending: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def serve_on(self, listener: socket.socket, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until the end; `ready` is called as soon as requests are answered."""
        with listener:
            asyncio.run(self._until_stopped(listener, ready))

    def stop(self) -> None:
        """End it gracefully; called twice, at once. From any thread, and from signal handlers."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._end())
        else:
            self._hurry.set()

    async def _until_stopped(self, listener: socket.socket, ready: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        with _signals(self.stop):
            serving = asyncio.ensure_future(self.serve(sockets=[]))
            while not self.started and not serving.done():
                await asyncio.sleep(_POLL_SECONDS)
            looking = None
            if self.started:
                limit = self._max_connections or connection_limit()
                doorkeeper = ConnectionAcceptor(listener, self._protocol, self.server_state.connections, limit)
                self._accepting = asyncio.ensure_future(doorkeeper.accept())
                looking = asyncio.ensure_future(doorkeeper.look())
                ready()
            try:
                await serving
            finally:
                for task in (self._accepting, looking):
                    if task is not None:
                        task.cancel()
                        await asyncio.gather(task, return_exceptions=True)

    def _protocol(self) -> asyncio.Protocol:
        return self._protocol_class(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def _end(self) -> None:
        self._line.close()
        if self._accepting is not None:
            self._accepting.cancel()
        self.should_exit = True  # uvicorn waits for the connections that are busy
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._until_idle(), self._grace)
        self._line.cancel_running()
        self._hurry.clear()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._until_idle(), _UNTIL_IDLE_SECONDS)
        await asyncio.sleep(2 * _POLL_SECONDS)  # the last words reach the clients
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # cancelled page connections are no errors
        self.force_exit = True

    async def _until_idle(self) -> None:
        while self._line.running and not self._hurry.is_set():
            await asyncio.sleep(_POLL_SECONDS)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own would raise the signal again at the end; ours are set already."""
        yield


@contextlib.contextmanager
def _signals(on_signal: Callable[[], object]) -> Iterator[None]:
    """Call `on_signal` at SIGINT and SIGTERM; elsewhere than in the main thread, where none can come, do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        on_signal()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
