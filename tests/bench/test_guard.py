"""The guard's benchmark: what it measures is there and adds up. How fast a machine is, is not tested."""

from __future__ import annotations

import json
from threading import Event

import pytest

from role_engine.backends.base import GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.bench import guard, peers
from role_engine.bench.guard_table import table
from role_engine.bench.leaky_model import SLIPS, LeakyModel, reply_text, tokens_of


@pytest.fixture(scope="module")
def result() -> guard.GuardBenchmark:
    return guard.measure(replies=6, words=40, prompt_tokens=100)


def test_the_guarded_replies_are_clean_and_the_bare_ones_are_not(result: guard.GuardBenchmark) -> None:
    assert result.violating_off > 0
    assert result.violating_on == 0
    assert result.thrown_away > 0


def test_costs_are_ratios_in_one_run(result: guard.GuardBenchmark) -> None:
    assert result.cost.guarded_to_bare > 0
    assert result.cost.peer_to_guard is not None and result.cost.peer_to_guard > 0
    assert 0 < result.holding.before_first <= result.holding.most


def test_as_json(result: guard.GuardBenchmark) -> None:
    found = json.loads(json.dumps(result.as_dict()))
    assert found["benchmark"] == "guard" and found["replies"] == 6
    assert {"bare_us_per_token", "guarded_to_bare", "peer_to_guard"} <= found["cost"].keys()


def test_as_table(result: guard.GuardBenchmark) -> None:
    assert "langdetect" in table(result)


def test_without_the_peer_it_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "langdetect", None)
    assert peers.langdetect_says_russian() is None
    said: list[str] = []
    result = guard.measure(replies=2, words=10, prompt_tokens=100, progress=said.append)
    assert "pip install" in said[0]
    assert result.cost.peer is None and result.peer_misses is None
    assert "—" in table(result)


def test_the_leaky_model_goes_on_where_it_is_told_to_and_is_the_same_in_every_run() -> None:
    def said(**request: object) -> str:
        backend = ReplayBackend(LeakyModel(3, 60))
        return "".join(chunk.text for chunk in backend.stream(GenerationRequest(**request), cancel=Event()))  # type: ignore[arg-type]

    clean = reply_text(3, 60)
    assert said(seed=1) == said(seed=1) != said(seed=2)
    prefix = " ".join(clean.split()[:50])
    whole = prefix + said(seed=5, prefix=prefix)
    for slip in SLIPS:
        whole = whole.replace(f" {slip} ", " ")
    assert whole == clean
    assert "".join(tokens_of(clean)) == clean
