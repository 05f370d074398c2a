"""`role-engine chat` on a model of this machine: the embedded one where torch is there, a script elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from role_engine import LanguagePolicy, ReplayBackend, check
from role_engine.app.engine import Engine
from role_engine.hosts.cli import local_model
from tests.hosts.cli.conftest import Cli

CHATML = "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}<|assistant|>\n"


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> ReplayBackend:
    """What `--model` loads, whatever it names: it slips once a reply."""
    backend = ReplayBackend(lambda request: (" мир", ".") if request.prefix else ("Привет", ",", " hello", " мир", "."))
    engine = Engine(backend, "tiny", lambda text: len(text.split()), chat_template=CHATML, context=5000)
    monkeypatch.setattr(local_model, "load_engine", lambda model, **_: engine)
    return backend


def test_one_reply(cli: Cli, backend: ReplayBackend) -> None:
    outcome = cli("chat", "--role", "poet", "Кто ты?")
    assert (outcome.code, outcome.out) == (0, "Привет, мир.\n")
    assert outcome.err == "[2 attempts, rejected: latin 1]\n"
    prompt = backend.attempts[0].request.prompt
    assert "Ты — поэт" in prompt and "Деталь вместо темы" in prompt and "Кто ты?" in prompt


def test_what_the_guard_did_is_told_in_the_readers_language(
    cli: Cli, backend: ReplayBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert cli("chat", "Кто ты?").err == "[попыток: 2, отклонено: латиница 1]\n"


def test_the_conversation_is_in_the_prompt_and_the_role_stays_first(cli: Cli, backend: ReplayBackend) -> None:
    assert cli("chat", "-i", "--role", "poet", stdin="Раз\nДва\n").out == "Привет, мир.\n" * 2
    prompt = backend.attempts[-1].request.prompt
    at = [prompt.index(part) for part in ("Ты — поэт", "|>\nРаз<", "|>\nПривет, мир.<", "|>\nДва")]
    assert at == sorted(at)
    assert backend.attempts[-1].request.context == ("Раз", "Два")


def test_what_slipped_through_unchecked_is_not_shown_to_the_model_again(cli: Cli, backend: ReplayBackend) -> None:
    cli("chat", "-i", "--mode", "off", stdin="Раз\n/mode strict\nДва\n")
    assert "hello" not in backend.attempts[-1].request.prompt


def test_the_report_of_json(cli: Cli, backend: ReplayBackend) -> None:
    found = cli("chat", "--json", "--role", "poet", "--seed", 5, "Да").json
    assert (found["text"], found["finish_reason"]) == ("Привет, мир.", "stop")
    report = found["report"]
    assert (report["role"], report["mode"], report["rejected"]) == ("poet", "strict", [{"kind": "latin", "count": 1}])
    assert backend.attempts[0].request.seed == 5


def test_wrong_use(cli: Cli, backend: ReplayBackend) -> None:
    assert "Did you mean 'poet'?" in cli("chat", "--role", "poett", "Да").refusal
    assert "Did you mean 'recursion'?" in cli("chat", "--thinking", "recursoin", "Да").refusal
    assert backend.attempts == []


def test_a_folder_without_a_model(cli: Cli, home: Path) -> None:
    pytest.importorskip("torch", reason="a folder is looked into when torch is there")
    pytest.importorskip("transformers", reason="a folder is looked into when transformers is there")
    (home / "empty").mkdir()
    assert "no model here" in cli("chat", "--model", "empty", "Да").refusal


def test_without_torch_it_says_what_to_install(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_model, "find_spec", lambda name: None)
    refusal = cli("chat", "Да").refusal
    assert "torch and transformers are missing" in refusal and "./install.sh --demo" in refusal


def test_the_embedded_model_answers_in_clean_russian(cli: Cli) -> None:
    pytest.importorskip("torch", reason="the embedded model runs on torch")
    pytest.importorskip("transformers", reason="the embedded model runs on transformers")
    arguments: tuple[Any, ...] = ("chat", "-i", "--json", "--role", "philosopher", "--seed", 2)
    outcome = cli(*arguments, stdin="Что такое память?\nА зачем человеку сон?\n")
    assert (outcome.code, outcome.err) == (0, "")
    found = [json.loads(line) for line in outcome.out.splitlines()]
    assert len(found) == 2
    for reply in found:
        assert reply["finish_reason"] == "stop" and len(reply["text"].split()) >= 5
        assert check(reply["text"], LanguagePolicy(mode="strict")).ok
    assert cli(*arguments, stdin="Что такое память?\n").json == found[0], "the same seed, the same reply"
