"""A server in a thread, with scripts instead of a model."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from fastapi import FastAPI

from role_engine import GenerationRequest, ReplayBackend
from role_engine.hosts.serve.server import Server, listening_socket

SECONDS = 30.0
"""How long a test waits for what must come soon; it fails, and does not pass, when that is too short."""


@contextmanager
def served(app: FastAPI, *, grace: float = 0.1) -> Iterator[str]:
    """The app on a free port; gives its base URL."""
    with running(app, grace=grace) as (url, _):
        yield url


@contextmanager
def running(app: FastAPI, *, grace: float, **how: Any) -> Iterator[tuple[str, Server]]:
    """The same with the server, to be stopped by the test; `how`: more arguments of it."""
    server = Server(app, grace=grace, **how)
    listener = listening_socket("127.0.0.1", 0)
    port = listener.getsockname()[1]
    ready = threading.Event()
    thread = threading.Thread(target=server.serve_on, args=(listener, ready.set))
    thread.start()
    try:
        assert ready.wait(SECONDS), "the server did not start"
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.stop()
        thread.join(SECONDS)
        assert not thread.is_alive(), "the server did not end"


@contextmanager
def other_site(page: bytes) -> Iterator[tuple[str, int, list[str]]]:
    """Another web server, with the same page everywhere: its address, its port, the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: Any) -> None:
            pass

    site = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_port}", site.server_port, asked
    finally:
        site.shutdown()
        thread.join()
        site.server_close()


def until(condition: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"it never came to that: {what}"
        time.sleep(0.005)


@dataclass
class Gate:
    """A script that says «Первое», then waits until the test opens the gate; endless in small steps until then."""

    open: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)
    steps: int = 0

    def __call__(self, request: GenerationRequest) -> Iterator[str]:
        yield "Первое"
        yield " слово"
        self.reached.set()
        while not self.open.wait(0.005):
            self.steps += 1
            yield ""
        yield " сказано."

    def backend(self) -> ReplayBackend:
        return ReplayBackend(self)
