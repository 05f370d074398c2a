"""Connections that do nothing are closed, and at the limit of open ones those that ask are answered all the same."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from role_engine import ReplayBackend
from role_engine.hosts.serve.security.connections import ClientTimeouts, connection_limit
from role_engine.hosts.serve.server import Server, listening_socket
from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import SECONDS, running, until

EXTENSIONS = str(Path(__file__).resolve().parents[3] / "extensions")
HURRIED = ClientTimeouts(head=0.5, body=0.5, body_rate=10**6, reading=0.5, leaving=0.5)
GET = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@contextmanager
def serving(make: MakeApp, patience: ClientTimeouts = HURRIED, **how: Any) -> Iterator[int]:
    """The port."""
    app = make(ReplayBackend(lambda request: ["Да."]))
    with running(app, grace=0.1, patience=patience, **how) as (url, _):
        yield int(url.rpartition(":")[2])


def connected(port: int, sent: bytes = b"") -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
    one.sendall(sent)
    return one


def rest(one: socket.socket) -> bytes:
    """What comes until the server closes; empty where it is reset."""
    said = b""
    try:
        while piece := one.recv(65536):
            said += piece
    except ConnectionError:
        pass
    return said


def answer(port: int) -> bytes:
    with connected(port, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")) as one:
        return rest(one)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /v1/models HTTP/1.1\r\nHost: lo",
        GET[:-2],
        POST + b"Content-Length: 100\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ],
    ids=["nothing", "half a header", "no end of the head", "half a body", "half a chunked body"],
)
def test_who_stops_in_the_middle_is_let_go(make: MakeApp, sent: bytes) -> None:
    with serving(make) as port, connected(port, sent) as one:
        assert b" 200 " not in rest(one)


def test_who_sends_a_byte_now_and_then_is_let_go(make: MakeApp) -> None:
    with serving(make) as port:
        for begun in (GET[:20], POST + b"Content-Length: 100000\r\n\r\n{"):
            with connected(port, begun) as one:
                one.settimeout(0.05)
                end = time.monotonic() + SECONDS
                while time.monotonic() < end:
                    try:
                        one.sendall(b"a")
                        if one.recv(100) == b"":
                            break
                    except TimeoutError:
                        continue
                    except ConnectionError:
                        break
                assert time.monotonic() < end


def test_between_requests_the_next_one_may_be_waited_for(make: MakeApp) -> None:
    with serving(make, ClientTimeouts(head=SECONDS)) as port:
        client = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        with closing(client):
            client.connect()
            held = client.sock
            for _ in range(3):
                client.request("GET", "/v1/models")
                assert json.loads(client.getresponse().read())["object"] == "list"
            assert client.sock is held


def test_who_goes_on_sending_what_was_answered_is_let_go(make: MakeApp) -> None:
    with serving(make) as port, connected(port, POST.replace(b"chat/completions", b"nothing")) as one:
        one.sendall(b"Transfer-Encoding: chunked\r\n\r\n")
        piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
        with pytest.raises(ConnectionError):
            for _ in range(100_000):
                one.sendall(piece)
                time.sleep(0.01)


def test_a_body_in_tiny_pieces_is_refused(make: MakeApp) -> None:
    with serving(make, ClientTimeouts()) as port, connected(port, POST + b"Transfer-Encoding: chunked\r\n\r\n") as one:
        one.sendall(b"1\r\n \r\n" * 2000)
        assert b" 400 " in rest(one)


def test_who_does_not_read_is_let_go(make: MakeApp) -> None:
    """A reply larger than what the sockets hold; the work for it ends."""
    steps: list[int] = []

    def endless(request: Any) -> Iterator[str]:
        for number in range(10**6):
            steps.append(number)
            yield "слово " * 2000

    app = make(ReplayBackend(endless))
    with running(app, grace=0.1, patience=HURRIED) as (url, server):
        body = b'{"messages": [{"role": "user", "content": "?"}], "stream": true, "max_tokens": 1000000}'
        head = POST + b"Content-Length: %d\r\n\r\n" % len(body)
        with connected(int(url.rpartition(":")[2]), head + body):
            until(lambda: steps, "a beginning of the reply")
            until(lambda: not server.server_state.connections, "an end of the connection")
            until(lambda: app.state.service.line.running == 0, "an end of the work")
    assert len(steps) < 10**6


def test_at_the_limit_those_that_do_nothing_make_room(make: MakeApp) -> None:
    with ExitStack() as held, serving(make, ClientTimeouts(head=SECONDS), max_connections=8) as port:
        for _ in range(20):
            held.enter_context(connected(port, b"GET / HT"))
        assert b"200 OK" in answer(port)


def test_at_the_limit_those_that_are_answered_stay(make: MakeApp) -> None:
    said: list[bool] = []

    def slow(request: Any) -> Iterator[str]:
        while not said:
            time.sleep(0.01)
            yield ""
        yield "Да."

    body = b'{"messages": [{"role": "user", "content": "?"}]}'
    app = make(ReplayBackend(slow))
    with ExitStack() as held, running(app, grace=0.1, max_connections=4) as (url, server):
        port = int(url.rpartition(":")[2])
        head = POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        asking = [held.enter_context(connected(port, head + body)) for _ in range(4)]
        until(lambda: len(server.server_state.connections) == 4, "four connections")
        waiting = held.enter_context(connected(port, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")))
        said.append(True)
        for one in (*asking, waiting):
            assert b"200 OK" in rest(one)


OUT_OF_FILES = """
import resource, socket, sys, threading, time
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
from pathlib import Path
from role_engine import ReplayBackend, RoleLibrary, TemplateLibrary
from role_engine.app.engine import Engine
from role_engine.hosts.serve.app import make_app
from role_engine.hosts.serve.server import Server, listening_socket
roles, templates = RoleLibrary([Path(sys.argv[1])]), TemplateLibrary([])
engine = Engine(ReplayBackend(["Да."]), "tiny", len, chat_template="{{ messages }}")
server = Server(make_app(engine, roles, templates, page=False), grace=0.1, max_connections=1000)
listener = listening_socket("127.0.0.1", 0)
ready = threading.Event()
def attack():
    ready.wait(30)
    address = listener.getsockname()
    held = []
    try:
        while True:
            held.append(socket.create_connection(address))
    except OSError:
        pass
    time.sleep(0.2)
    used, began = time.process_time(), time.monotonic()
    time.sleep(2)
    busy = (time.process_time() - used) / (time.monotonic() - began)
    for one in held:
        one.close()
    with socket.create_connection(address, timeout=30) as one:
        one.sendall(b"GET /v1/models HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
        said = one.recv(100)
    print(len(held), busy, said[:15].decode(), flush=True)
    server.stop()
thread = threading.Thread(target=attack)
thread.start()
server.serve_on(listener, ready.set)
thread.join()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sets a limit of open files")
def test_out_of_files_the_server_waits_and_then_goes_on(folder: Path) -> None:
    """Here even the client takes its files from the server's process: nothing can be accepted any more."""
    command, environment = [sys.executable, "-c", OUT_OF_FILES, str(folder)], {**os.environ, "PYTHONPATH": EXTENSIONS}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    held, busy, said = done.stdout.split(" ", 2)
    assert int(held) > 20
    assert float(busy) < 0.25
    assert said.strip() == "HTTP/1.1 200 OK"
    assert done.stderr.count("Too many open files") <= 2


def test_the_limit_is_below_the_systems() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft > 300:
        resource.setrlimit(resource.RLIMIT_NOFILE, (300, hard))
    try:
        assert 8 <= connection_limit(1000) <= 300 - 64
        assert connection_limit(10) == 10
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_taken_port_is_free_again_at_once(make: MakeApp) -> None:
    listener = listening_socket("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = Server(make(ReplayBackend(["Да."])), grace=0.1)
    ready: Callable[[], None] = server.stop
    server.serve_on(listener, ready)
    listening_socket("127.0.0.1", port).close()
