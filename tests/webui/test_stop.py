"""Whoever ends a reply ends the work: within one decode step and half a second the host is idle again.

The bound takes the decode steps that the recorder saw in the same reply, so a slow machine gets the time that it needs.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from . import client
from .client import ask, chat_body
from .host import Host, LaunchHost
from .recording import Run

GRACE_SECONDS = 0.5
STRAY_BYTE = 0xE4  # opens a character of three bytes; repeated, it never becomes one

# What the guard is at when it is stopped: the model, the role, what the request adds.
SITUATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "in-a-retry": ("tiny-qwen3-wild", "test-stubborn", {}),
    "while-text-is-held-back": ("tiny-qwen3", "test-sentences", {}),
    "on-stray-bytes": ("tiny-qwen3", "test-stubborn", {"stray": True}),
}


def token_of_byte(byte: int) -> int:
    """The id of a lone byte in a byte-level vocabulary in GPT-2's order (Qwen's): printable bytes first."""
    order = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    order += [other for other in range(0x100) if other not in order]
    return order.index(byte)


@dataclass
class Busy:
    """A request that is being answered: its connection, and where its part of the recording begins."""

    connection: http.client.HTTPConnection
    mark: int

    def hang_up(self) -> None:
        assert self.connection.sock is not None
        self.connection.sock.close()
        self.connection.close()


def begin(host: Host, body: dict[str, Any]) -> Busy:
    """Send the request and wait until the engine has been at it for a while."""
    mark = host.recording.mark()
    port = int(host.url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", client.CHAT, json.dumps(body), {"Content-Type": "application/json"})
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        runs = host.recording.runs(mark)
        if sum(len(run.steps) for run in runs) >= 40 or (runs and time.time() - runs[0].started > 3):
            return Busy(connection, mark)
        if host.recording.replies(mark):
            return Busy(connection, mark)
        time.sleep(0.05)
    pytest.fail(f"the engine did not begin\n{host.log_tail()}")


def longest_step(runs: list[Run], until: float) -> float:
    """Of the decode steps (or prefills) that had begun by `until`."""
    seams = [pair for run in runs for pair in zip([run.started, *run.steps], run.steps, strict=False)]
    return max((later - earlier for earlier, later in seams if earlier <= until), default=0.0)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("way", ["disconnect", "stop-generation"])
@pytest.mark.parametrize("situation", list(SITUATIONS))
def test_the_work_ends(hosts: LaunchHost, loader: str, situation: str, way: str, stream: bool) -> None:
    model, role, extra = SITUATIONS[situation]
    host = hosts(loader, model)
    body = chat_body("Долгий рассказ.", max_tokens=2000, ban_eos_token=True, stream=stream, role_engine={"role": role})
    if extra.get("stray"):
        body["logit_bias"] = {str(token_of_byte(STRAY_BYTE)): 100}
    busy = begin(host, body)
    if host.recording.replies(busy.mark):
        # A guard may rightly give up soon on a model that says nothing but broken bytes.
        assert extra.get("stray"), "the reply ended by itself: the test proves nothing"

    left = time.time()
    if way == "disconnect":
        busy.hang_up()
    else:
        assert host.client.post("/v1/internal/stop-generation").status_code == 200
    ended = host.recording.wait_for_reply(busy.mark, 20)
    assert ended is not None, f"still at work 20 s later\n{host.log_tail()}"

    next_mark = host.recording.mark()
    ask(host.client, client.CHAT, chat_body("Следующий.", max_tokens=4, role_engine={"role": "none", "mode": "off"}))
    runs = host.recording.runs(busy.mark)
    ours, others = runs[: -len(host.recording.runs(next_mark)) or None], host.recording.runs(next_mark)
    bound = GRACE_SECONDS + longest_step(ours, left)
    last_step = max((step for run in ours for step in run.steps), default=left)
    print(f"idle after {ended.ended - left:.3f} s, longest step {bound - GRACE_SECONDS:.3f} s")
    assert ended.ended - left <= bound, f"ended {ended.ended - left:.2f} s later, {bound:.2f} allowed"
    assert last_step - left <= bound, f"decoded until {last_step - left:.2f} s later, {bound:.2f} allowed"
    assert len(others) == 1, "something of the stopped reply went on"
    if way != "disconnect":
        busy.hang_up()


def test_a_model_of_stray_bytes_does_not_hang_the_host(hosts: LaunchHost, loader: str) -> None:
    """Nobody stops it, and still the reply ends and says why."""
    host = hosts(loader, "tiny-qwen3")
    assert host.client.post("/v1/internal/decode", json={"tokens": [token_of_byte(0x41)]}).json()["text"] == "A"
    body = chat_body("Долгий рассказ.", max_tokens=60, role_engine={"role": "none", "mode": "strict"})
    body["logit_bias"] = {str(token_of_byte(STRAY_BYTE)): 100}
    reply = ask(host.client, client.CHAT, body)
    assert "\ufffd" not in reply.text
    assert reply.report["tokens_rejected"] <= 60


def test_stop_while_waiting_for_the_lock_ends_only_what_runs(hosts: LaunchHost, loader: str) -> None:
    """A client that leaves while another is served never starts generating."""
    host = hosts(loader, "tiny-qwen3-wild")
    body = chat_body("Первый, долгий.", max_tokens=2000, ban_eos_token=True, role_engine={"role": "test-stubborn"})
    first = begin(host, body)
    second_body = chat_body("Второй, который уйдёт.", max_tokens=200, role_engine={"role": "test-stubborn"})
    port = int(host.url.rpartition(":")[2])
    second = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    second.request("POST", client.CHAT, json.dumps(second_body), {"Content-Type": "application/json"})
    time.sleep(0.3)
    assert second.sock is not None
    second.sock.close()
    time.sleep(0.3)
    assert not host.recording.replies(first.mark), "the first reply was ended by the second client's leaving"
    first.hang_up()
    assert host.recording.wait_for_reply(first.mark, 20) is not None
    third = threading.Thread(target=ask, args=(host.client, client.CHAT, chat_body("Третий.", max_tokens=4)))
    third.start()
    third.join(30)
    assert not third.is_alive(), f"the host is not free again\n{host.log_tail()}"
    second_steps = [len(run.steps) for run in host.recording.runs(first.mark) if "Второй, который уйдёт." in run.prompt]
    assert sum(second_steps) <= 2, second_steps
