"""An OpenAI-compatible server on 127.0.0.1 that says what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from role_engine.backends.base import Backend, Chunk, GenerationRequest

Answer = tuple[int, str, Iterable[bytes]]
"""Status, content type, the body piece by piece."""


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class OpenAIStub:
    """`pages` answer GET by path; `answer` is called with (path, body) of every POST."""

    pages: dict[str, Any] = field(default_factory=dict)
    answer: Callable[[str, dict[str, Any]], Answer] = lambda path, body: says("Привет.")
    asked: list[Asked] = field(default_factory=list)
    client_gone: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def posted(self) -> list[dict[str, Any]]:
        return [one.body for one in self.asked if one.method == "POST"]


def says(*pieces: str, finish: str | None = "stop", **last: Any) -> Answer:
    """A chat stream of these pieces; `last` goes into the event that carries the finish reason."""

    def events() -> Iterator[bytes]:
        for piece in pieces:
            yield event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        if finish:
            yield event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}], **last})
            yield b"data: [DONE]\n\n"

    return 200, "text/event-stream", events()


def completes(*pieces: str, finish: str = "stop") -> Answer:
    """The same for /v1/completions."""
    texts = [event({"choices": [{"text": piece, "finish_reason": None}]}) for piece in pieces]
    return 200, "text/event-stream", [*texts, event({"choices": [{"text": "", "finish_reason": finish}]})]


def refuses(status: int, body: Any) -> Answer:
    raw = body if isinstance(body, str) else json.dumps(body)
    return status, "application/json", [raw.encode()]


def event(content: Any) -> bytes:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def read_and_cancel(
    backend: Backend, request: GenerationRequest, server: OpenAIStub, release: threading.Event, *, begun: bool = False
) -> list[Chunk]:
    """The chunks of a reply that is cancelled while the server keeps silent, until `release` is set.

    Args:
        begun: cancelled after the first chunk; else as soon as the server has been asked.
    """
    got, cancel = list[Chunk](), threading.Event()
    reader = threading.Thread(target=lambda: got.extend(backend.stream(request, cancel=cancel)), daemon=True)
    reader.start()
    while not (got if begun else server.asked):
        reader.join(0.01)
    cancel.set()
    reader.join(20)
    ended = not reader.is_alive()
    release.set()
    assert ended, "the reader still waits for a server that says nothing"
    return got


@contextmanager
def serving(**what: Any) -> Iterator[OpenAIStub]:
    stub = OpenAIStub(**what)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stub.asked.append(Asked("GET", self.path, dict(self.headers), {}))
            page = stub.pages.get(self.path)
            self._send(refuses(404, {"detail": "Not Found"}) if page is None else refuses(200, page))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stub.asked.append(Asked("POST", self.path, dict(self.headers), body))
            self._send(stub.answer(self.path, body))

        def _send(self, answer: Answer) -> None:
            status, kind, pieces = answer
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                for piece in pieces:
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                stub.client_gone.set()
            finally:
                close = getattr(pieces, "close", None)
                if close is not None:
                    close()
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
