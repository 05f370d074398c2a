from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import Gate, running, until

CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "Кто ты?"}], "stream": True}

PROGRAM = """
import sys, time
from pathlib import Path
from role_engine import ReplayBackend, RoleLibrary, TemplateLibrary
from role_engine.hosts.serve.app import make_app
from role_engine.app.engine import Engine
from role_engine.hosts.serve.server import Server, listening_socket
from role_engine.paths import builtin_templates

def endless(request):
    while True:
        time.sleep(0.01)
        yield " слово"

engine = Engine(ReplayBackend(endless), "tiny", len)
app = make_app(engine, RoleLibrary([Path(sys.argv[1])]), TemplateLibrary([builtin_templates()]), page=False)
listener = listening_socket("127.0.0.1", 0)
Server(app, grace=0.3).serve_on(listener, lambda: print(listener.getsockname()[1], flush=True))
print("ended", flush=True)
"""


def events(response: httpx.Response) -> list[str]:
    return [line.removeprefix("data: ") for line in response.iter_lines() if line.startswith("data: ")]


def test_a_running_reply_may_end(make: MakeApp) -> None:
    gate = Gate()
    app = make(gate.backend())
    with (
        running(app, grace=30) as (base, server),
        httpx.stream("POST", f"{base}/v1/chat/completions", json=CHAT) as stream,
    ):
        assert gate.reached.wait(10)
        server.stop()
        until(lambda: app.state.service.line.closing, "it is ending")
        gate.open.set()
        said = events(stream)
    assert said[-1] == "[DONE]"
    assert "сказано" in "".join(said)


def test_one_that_does_not_end_is_cancelled(make: MakeApp) -> None:
    gate = Gate()
    with (
        running(make(gate.backend()), grace=0.05) as (base, server),
        httpx.stream("POST", f"{base}/v1/chat/completions", json=CHAT) as stream,
    ):
        assert gate.reached.wait(10)
        server.stop()
        said = events(stream)
    assert json.loads(said[-1])["error"]["message"] == "The server is shutting down."


def test_a_second_signal_ends_the_waiting(make: MakeApp) -> None:
    gate = Gate()
    app = make(gate.backend())
    with (
        running(app, grace=3600) as (base, server),
        httpx.stream("POST", f"{base}/v1/chat/completions", json=CHAT) as stream,
    ):
        assert gate.reached.wait(10)
        server.stop()
        until(lambda: app.state.service.line.closing, "it is ending")
        server.stop()
        said = events(stream)
    assert "shutting down" in said[-1]


def test_who_waits_is_sent_away(make: MakeApp) -> None:
    gate = Gate()
    app = make(gate.backend())
    answers: list[httpx.Response] = []
    with (
        running(app, grace=0.5) as (base, server),
        httpx.stream("POST", f"{base}/v1/chat/completions", json=CHAT),
    ):
        assert gate.reached.wait(10)
        body = {**CHAT, "stream": False, "max_tokens": 5}
        thread = threading.Thread(
            target=lambda: answers.append(httpx.post(f"{base}/v1/messages", json=body, timeout=30))
        )
        thread.start()
        until(lambda: app.state.service.line.waiting == 1, "it waits")
        server.stop()
        thread.join()
    assert answers[0].status_code == 503
    assert answers[0].json()["error"]["message"] == "The server is shutting down."


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_with_exit_code_0(number: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as program:
        assert program.stdout is not None
        port = int(program.stdout.readline())
        with httpx.stream("POST", f"http://127.0.0.1:{port}/v1/chat/completions", json=CHAT) as stream:
            lines = stream.iter_lines()
            assert any("слово" in line for line in lines)
            program.send_signal(number)
            assert any("shutting down" in line for line in lines)
        assert program.stdout.read() == "ended\n"
        assert program.wait(20) == 0
