"""In mode strict no foreign letter reaches the client; without the guard the same requests leak.

`ROLE_ENGINE_WEBUI_N` says how many chat replies and how many completions each model gives (default 50).
"""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass, field

import httpx
import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import Reply, ask, chat_body, completion_body
from .host import LOADERS, Host, LaunchHost

N = int(os.environ.get("ROLE_ENGINE_WEBUI_N", "50"))
MAX_TOKENS = 120
MAX_WASTE = 1.0  # the policy's default, in force where no role says otherwise
QUESTIONS = ("Расскажи о море.", "Что такое дружба?", "Опиши зимний лес.", "Почему небо синее?", "Дай совет ученику.")
OPENINGS = ("Море — это", "Дружба значит, что", "В зимнем лесу тихо, и", "Небо синее, потому что", "Ученику полезно")


@dataclass
class Case:
    """One request and what came of it."""

    path: str
    seed: int
    stream: bool
    reply: Reply
    steps: int = 0
    handed_on: str | None = None
    grew: bool = True

    def __str__(self) -> str:
        return f"{self.path} seed {self.seed} {'streamed' if self.stream else 'whole'}"


@dataclass
class Batch:
    """The same requests with the guard on and off."""

    model: str
    loader: str
    guarded: list[Case] = field(default_factory=list)
    plain: list[Case] = field(default_factory=list)


def run(host: Host, path: str, seed: int, mode: str) -> Case:
    stream = seed % 2 == 0
    extra = {"role_engine": {"role": "none", "mode": mode, "report": "full"}, "stream": stream, "seed": seed}
    text = (QUESTIONS if path == client.CHAT else OPENINGS)[seed % 5]
    body = (chat_body if path == client.CHAT else completion_body)(text, max_tokens=MAX_TOKENS, **extra)
    mark = host.recording.mark()
    case = Case(path, seed, stream, ask(host.client, path, body))
    case.steps = sum(len(run.steps) for run in host.recording.runs(mark))
    if replies := host.recording.replies(mark):
        case.handed_on, case.grew = replies[-1].text, all(reply.grew for reply in replies)
    return case


MODELS = [(loader, model) for loader in LOADERS for model in ("tiny-qwen3", "tiny-qwen3-wild")]


@pytest.fixture(scope="module", params=MODELS, ids=["-".join(pair) for pair in MODELS])
def batch(request: pytest.FixtureRequest, hosts: LaunchHost) -> Batch:
    loader, model = request.param
    host = hosts(loader, model)
    result = Batch(model, loader)
    try:
        for path in (client.CHAT, client.COMPLETIONS):
            for seed in range(1, N + 1):
                result.guarded.append(run(host, path, seed, "strict"))
                result.plain.append(run(host, path, seed, "off"))
    except httpx.HTTPError as error:
        pytest.fail(f"{error}\n{host.log_tail()}", pytrace=False)
    return result


def of_model(batch: Batch, model: str) -> None:
    if batch.model != model:
        pytest.skip(f"stated for {model} alone")


def shown(faults: list[str]) -> str:
    return f"{len(faults)} faults\n" + "\n".join(faults[:12])


def test_no_foreign_letter_reaches_the_client(batch: Batch) -> None:
    faults = [
        f"{case}: {name_foreign(case.reply.text + case.reply.reasoning)[:4]} in {case.reply.text[:200]!r}"
        for case in batch.guarded
        if name_foreign(case.reply.text + case.reply.reasoning)
    ]
    assert not faults, shown(faults)


def test_without_the_guard_the_same_requests_leak(batch: Batch) -> None:
    leaking = sum(bool(name_foreign(case.reply.text + case.reply.reasoning)) for case in batch.plain)
    share = leaking / len(batch.plain)
    assert share >= (0.25 if batch.model == "tiny-qwen3" else 0.8), f"{share:.0%} of {len(batch.plain)} leak"


def test_replies_are_not_empty(batch: Batch) -> None:
    """The guard must not be clean by saying nothing. (Where the model ends at once, the plain reply is empty too.)"""
    empty = [str(case) for case in batch.guarded if not case.reply.text.strip()]
    allowed = sum(not case.reply.text.strip() for case in batch.plain) + 0.1 * len(batch.guarded)
    if batch.model == "tiny-qwen3":
        assert len(empty) <= allowed, shown(empty)


def test_every_text_that_the_host_hands_on_extends_the_one_before(batch: Batch) -> None:
    faults = [str(case) for case in batch.guarded if not case.grew]
    assert not faults, shown(faults)


def test_what_was_streamed_is_the_reply(batch: Batch) -> None:
    faults = [
        f"{case}: streamed {''.join(case.reply.pieces)!r}, handed on {case.handed_on!r}"
        for case in batch.guarded
        if case.stream and case.handed_on is not None and "".join(case.reply.pieces).strip() != case.handed_on.strip()
    ]
    assert not faults, shown(faults)


def test_streams_come_in_pieces(batch: Batch) -> None:
    faults = [
        f"{case}: {len(case.reply.pieces)} pieces for {len(case.reply.text.split())} words"
        for case in batch.guarded
        if case.stream and len(case.reply.text.split()) >= 8 and len(case.reply.pieces) < 4
    ]
    assert not faults, shown(faults)


def test_each_reply_carries_one_report(batch: Batch) -> None:
    faults = [f"{case}: {case.reply.reports} reports" for case in batch.guarded if case.reply.reports != 1]
    faults += [
        f"{case}: {case.reply.report}"
        for case in batch.guarded
        if case.reply.report
        and (case.reply.report["mode"] != "strict" or case.reply.report["role"] not in (None, "none"))
    ]
    assert not faults, shown(faults)


def test_usage_is_what_was_delivered(batch: Batch) -> None:
    faults = [
        f"{case}: usage {case.reply.usage}, report {case.reply.report}"
        for case in batch.guarded
        if not case.reply.report or case.reply.usage != case.reply.report["tokens_delivered"]
    ]
    assert not faults, shown(faults)


def test_the_token_limit_holds_over_all_attempts(batch: Batch) -> None:
    """`length` means that the limit was reached, any other reason that it was not exceeded."""
    faults = []
    for case in batch.guarded:
        report, finish = case.reply.report, case.reply.finish
        if not report or report["tokens_delivered"] > MAX_TOKENS:
            faults.append(f"{case}: {finish}, {report}")
        elif finish == "length" and report["tokens_delivered"] < 0.9 * MAX_TOKENS:
            faults.append(f"{case}: length after {report}")
        elif finish not in ("length", "stop", "content_filter"):
            faults.append(f"{case}: {finish}")
        elif finish == "stop" and report["tokens_delivered"] >= MAX_TOKENS:
            faults.append(f"{case}: stop at the limit, {report}")
        elif finish == "content_filter" and not report["failed"]:
            faults.append(f"{case}: content_filter without failed, {report}")
    assert not faults, shown(faults)


def test_nothing_costs_more_than_max_waste(batch: Batch) -> None:
    """By the report, and by the decode steps that the engine made (one more at each seam, one for the end token)."""
    faults = []
    for case in batch.guarded:
        report = case.reply.report or {"tokens_rejected": 1e9, "attempts": 0}
        if report["tokens_rejected"] > MAX_WASTE * MAX_TOKENS:
            faults.append(f"{case}: {report}")
        elif case.steps > (1 + MAX_WASTE) * MAX_TOKENS + 3 * report["attempts"]:
            faults.append(f"{case}: {case.steps} decode steps, {report}")
    assert not faults, shown(faults)


def test_attempts_tell_whether_something_was_rejected(batch: Batch) -> None:
    faults = [
        f"{case}: {case.reply.report}"
        for case in batch.guarded
        if not case.reply.report
        or (
            (case.reply.report["attempts"] == 1) != (not case.reply.report["rejected"])
            and not case.reply.report["failed"]
        )
    ]
    assert not faults, shown(faults)


def test_tiny_hardly_ever_fails(batch: Batch) -> None:
    of_model(batch, "tiny-qwen3")
    reports = [case.reply.report for case in batch.guarded]
    good = [report for report in reports if report and not report["failed"]]
    failed = [
        f"{case}: {case.reply.report}" for case in batch.guarded if not case.reply.report or case.reply.report["failed"]
    ]
    assert len(good) >= 0.98 * len(reports), shown(failed)
    assert not [report for report in good if report["stripped"]], "a reply that did not fail was stripped"


def test_tiny_replies_are_as_long_as_without_the_guard(batch: Batch) -> None:
    of_model(batch, "tiny-qwen3")
    guarded = statistics.median(len(case.reply.text) for case in batch.guarded)
    plain = statistics.median(len(case.reply.text) for case in batch.plain)
    # Lengths are spread like waiting times, so a median of few replies says little.
    least = 0.9 if len(batch.guarded) >= 100 else 0.6
    assert guarded >= least * plain, f"median {guarded:.0f} characters with the guard, {plain:.0f} without"


def test_a_fixed_seed_gives_the_same_reply_again(hosts: LaunchHost) -> None:
    """Transformers: on llama.cpp a cached prefix may change the last digits of the scores."""
    host = hosts("Transformers", "tiny-qwen3")
    for seed in (3, 4, 5):
        body = chat_body(QUESTIONS[0], seed=seed, role_engine={"role": "none", "mode": "strict"})
        first, second = (ask(host.client, client.CHAT, {**body, "stream": stream}) for stream in (False, True))
        assert first.text.strip() == second.text.strip(), f"seed {seed}"
