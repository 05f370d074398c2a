"""`role-engine bench`: one benchmark, several, or all, for people and for programs."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from role_engine.bench import guard
from role_engine.hosts.cli import bench
from role_engine.hosts.cli.app import app

HAS_ENGINE = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["bench", *arguments])


def documents(*arguments: str) -> Any:
    result = run(*arguments, "--replies", "2", "--prompt-tokens", "60", "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the peers, which take seconds each."""
    monkeypatch.setattr(guard, "langdetect_says_russian", lambda: None)
    monkeypatch.setattr(bench, "_check", lambda data: bench.BenchmarkOutcome({"benchmark": "check"}, "the check\n"))


@pytest.mark.usefixtures("quick")
def test_the_guards_benchmark_tells_what_going_back_costs_where_it_can() -> None:
    found = documents("guard")
    assert found["benchmark"] == "guard"
    assert (found["resume"] is not None) == HAS_ENGINE
    if HAS_ENGINE:
        assert found["resume"]["kept_in_steps"] > 0 and found["resume"]["fresh_to_kept"] > 0


@pytest.mark.usefixtures("quick")
def test_without_an_engine_it_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    result = run("guard", "--replies", "2")
    assert result.exit_code == 0
    assert "torch is not installed" in result.stderr and "role-engine[models]" in result.stderr
    assert "µs per token" in result.stdout and "going back" not in result.stdout


@pytest.mark.usefixtures("quick")
def test_without_a_name_all_are_run_into_one_document() -> None:
    assert [one["benchmark"] for one in documents()["benchmarks"]] == ["guard", "check"]
    text = run("--replies", "2", "--prompt-tokens", "60").stdout
    assert "µs per token" in text and text.endswith("the check\n")


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(not HAS_ENGINE, reason="a resume needs torch and transformers")
def test_several_by_name_in_their_order_and_each_once() -> None:
    found = documents("resume", "guard", "resume")
    assert [one["benchmark"] for one in found["benchmarks"]] == ["resume", "guard"]
    result = run("guard", "--replies", "2", "--prompt-tokens", "60")
    assert "going back, behind a prompt of" in result.stdout


@pytest.mark.usefixtures("quick")
def test_an_unknown_one_is_wrong_use() -> None:
    result = run("nonsense")
    assert result.exit_code == 2
    assert "guard" in result.stderr
