"""The grammar: llama.cpp accepts it, and what it lets through is clean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from role_engine.decoder.automaton import automaton, explore, read
from role_engine.decoder.gbnf import gbnf, minimal
from role_engine.errors import SettingsError
from role_engine.language import LanguagePolicy, check
from tests.backends.llama_server import llama_server

STRICT = LanguagePolicy(mode="strict")
POLICIES = [STRICT, LanguagePolicy(mode="balanced"), LanguagePolicy(mode="strict", allow=("Python", "C++"))]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with llama_server(tmp_path_factory.mktemp("model")) as address:
        yield address


@pytest.mark.parametrize("common", [False, True], ids=["whole", "common"])
@pytest.mark.parametrize("policy", POLICIES, ids=["strict", "balanced", "allow"])
def test_replies_of_llama_cpp_stay_inside_it(server: str, policy: LanguagePolicy, common: bool) -> None:
    asked = {"prompt": "Расскажи о Python и Linux, please:", "n_predict": 24, "temperature": 1.6, "seed": 3}
    reply = httpx.post(
        f"{server}/completion", json=asked | {"grammar": gbnf(policy, common=common)}, timeout=120
    ).json()
    assert reply["tokens_predicted"] > 1
    text = reply["content"].rstrip("\ufffd")
    if policy.mode == "strict" and not policy.allow:
        assert check(text, policy).ok, text
    assert read(automaton(policy, small=True), text) is not None, text


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES, ids=["strict", "balanced", "allow"])
def test_every_rule_that_is_used_is_there_and_is_right_recursive(policy: LanguagePolicy) -> None:
    grammar = gbnf(policy)
    rules = dict(line.split(" ::= ") for line in grammar.splitlines() if not line.startswith("#"))
    for body in rules.values():
        if body.startswith("["):
            continue
        for way in re.sub(r"\[[^]]*\]\*|\"[^\"]*\"", "", body).split("|"):
            assert set(way.split()) <= set(rules)
            assert len(way.split()) <= 2


def test_the_common_grammar_is_small() -> None:
    assert len(gbnf(STRICT, common=True)) < 2500


def test_the_smallest_automaton_accepts_the_same() -> None:
    reply = automaton(STRICT, small=True)
    steps = explore(reply, reply.body)
    small = minimal(steps, {state: reply.accepts(state) for state in steps}, reply.body)
    assert len(small.steps) < len(steps)
    for text in (
        "Привет",
        "е\u0308лка",
        "e",
        "\\nа",
        "\\n",
        "<думай>",
        "<|а|>",
        "👨\u200d",
        "👨\u200d👩",
        "1\ufe0f\u20e3",
    ):
        state: int | None = 0
        for char in text:
            group = reply.classes.class_of(char)
            state = None if state is None else next((to for of, to in small.steps[state].items() if group in of), None)
        assert (state is not None and small.accepts[state]) == check(text, STRICT).ok, text


def test_without_a_check_there_is_no_grammar() -> None:
    with pytest.raises(SettingsError, match="off"):
        gbnf(LanguagePolicy(mode="off"))


def test_the_command_prints_it(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from role_engine.hosts.cli.app import app

    result = CliRunner().invoke(app, ["grammar", "--mode", "strict", "--common"])
    assert result.exit_code == 0
    assert result.stdout == gbnf(STRICT, common=True)
    of_role = CliRunner().invoke(app, ["grammar", "--role", "philosopher"])
    assert "root ::=" in of_role.stdout
