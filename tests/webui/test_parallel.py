"""Two clients at once, each with a role and a mode of its own: nothing of one shows in the other."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import Any

import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import Reply, ask, chat_body
from .host import Host, LaunchHost
from .roles_for_tests import ALPHA_REMINDER, ALPHA_SYSTEM, BETA_REMINDER, BETA_SYSTEM

ROUNDS = 10


@pytest.fixture
def host(hosts: LaunchHost) -> Host:
    return hosts("llama.cpp", "tiny-qwen3", extra_args=("--parallel", "2"))


def at_once(host: Host, *bodies: dict[str, Any]) -> list[Reply]:
    """The replies to requests that start together."""
    gate = threading.Barrier(len(bodies))
    replies: list[Reply | BaseException] = [RuntimeError("no reply")] * len(bodies)

    def one(index: int, body: dict[str, Any]) -> None:
        gate.wait()
        try:
            replies[index] = ask(host.client, client.CHAT, body)
        except BaseException as error:
            replies[index] = error

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(bodies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for reply in replies:
        if isinstance(reply, BaseException):
            raise reply
    return replies  # type: ignore[return-value]


def test_roles_modes_and_reports_do_not_mix(host: Host) -> None:
    overlapped = leaks = 0
    for round_ in range(ROUNDS):
        mark = host.recording.mark()
        alpha, beta = at_once(
            host,
            chat_body(
                f"Вопрос {round_}-А?", seed=round_ + 1, stream=round_ % 2 == 0, role_engine={"role": "test-alpha"}
            ),
            chat_body(
                f"Вопрос {round_}-Б?", seed=round_ + 1, stream=round_ % 2 == 1, role_engine={"role": "test-beta"}
            ),
        )
        assert (alpha.report["role"], alpha.report["mode"]) == ("test-alpha", "strict")
        assert (beta.report["role"], beta.report["mode"]) == ("test-beta", "off")
        assert name_foreign(alpha.text) == []
        leaks += bool(name_foreign(beta.text))
        runs = host.recording.runs(mark)
        of_alpha = [run for run in runs if f"{round_}-А?" in run.prompt]
        of_beta = [run for run in runs if f"{round_}-Б?" in run.prompt]
        assert of_alpha and of_beta and len(of_alpha) + len(of_beta) == len(runs)
        for run in of_alpha:
            assert ALPHA_SYSTEM in run.prompt and ALPHA_REMINDER in run.prompt
            assert BETA_SYSTEM not in run.prompt and BETA_REMINDER not in run.prompt
        for run in of_beta:
            assert BETA_SYSTEM in run.prompt and ALPHA_SYSTEM not in run.prompt
        ends = [max([run.started, *run.steps]) for run in (of_alpha[-1], of_beta[-1])]
        overlapped += max(of_alpha[0].started, of_beta[0].started) < min(ends)
    assert overlapped >= ROUNDS / 2, "the requests hardly ever ran at once: the test proves little"
    assert leaks, "mode off never leaked: was it guarded with the other's mode?"


def test_a_client_that_leaves_does_not_end_the_others_reply(host: Host) -> None:
    mark = host.recording.mark()
    port = int(host.url.rpartition(":")[2])
    leaving = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = chat_body(
        "Уйду первым.", max_tokens=1000, ban_eos_token=True, stream=True, role_engine={"role": "test-alpha"}
    )
    leaving.request("POST", client.CHAT, json.dumps(body), {"Content-Type": "application/json"})
    staying: list[Reply] = []
    stays = chat_body("Останусь.", max_tokens=200, ban_eos_token=True, role_engine={"role": "test-beta"})
    thread = threading.Thread(target=lambda: staying.append(ask(host.client, client.CHAT, stays)))
    thread.start()
    limit = time.monotonic() + 60
    while not any("Уйду первым." in run.prompt and run.steps for run in host.recording.runs(mark)):
        assert time.monotonic() < limit, f"the first reply never began\n{host.log_tail()}"
        time.sleep(0.02)
    assert leaving.sock is not None
    leaving.sock.close()
    left = time.time()
    thread.join(60)
    assert staying and staying[0].finish == "length"
    assert staying[0].report["tokens_delivered"] >= 0.9 * 200
    gone = [run for run in host.recording.runs(mark) if "Уйду первым." in run.prompt]
    assert max(step for run in gone for step in run.steps) - left < 2
