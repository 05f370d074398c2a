"""`role-engine chat`, against a server that guards itself and against one that knows nothing of roles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from role_engine.roles import RoleLibrary
from tests.backends.openai_stub import OpenAIStub, refuses, says, serving
from tests.hosts.cli.conftest import Cli

REPORT = {"role": "poet", "mode": "strict", "attempts": 1, "rejected": [], "stripped": 0, "failed": False}
WITH_ENGINE = {"/v1/role-engine/health": {"status": "ok"}}
VLLM = {"/v1/models": {"data": [{"id": "qwen", "owned_by": "vllm"}]}}


def slips_once(path: str, body: dict[str, Any]) -> Any:
    resumed = body["messages"][-1]["role"] == "assistant"
    return says(" мир", ".") if resumed else says("Привет,", " 世界", " и так далее")


@pytest.fixture
def plain() -> Iterator[OpenAIStub]:
    with serving(pages=VLLM, answer=slips_once) as server:
        yield server


def test_a_server_with_role_engine_is_told_what_is_wanted(cli: Cli) -> None:
    with serving(pages=WITH_ENGINE, answer=lambda path, body: says("Осень", ".", role_engine=REPORT)) as server:
        outcome = cli(
            "chat",
            "--role",
            "poet",
            "--mode",
            "strict",
            "--thinking",
            "none",
            "--seed",
            3,
            "--model",
            server.url,
            "О дожде",
        )
    assert (outcome.code, outcome.out, outcome.err) == (0, "Осень.\n", "")
    assert server.posted == [
        {
            "messages": [{"role": "user", "content": "О дожде"}],
            "role_engine": {"role": "poet", "mode": "strict", "thinking": "none"},
            "stream": True,
            "seed": 3,
        }
    ]


def test_json_adds_the_servers_report(cli: Cli) -> None:
    with serving(
        pages=WITH_ENGINE, answer=lambda path, body: says("Да", ".", finish="length", role_engine=REPORT)
    ) as server:
        outcome = cli("chat", "--json", "--model", server.url + "/v1", "-", stdin="О дожде")
    assert outcome.json == {"text": "Да.", "finish_reason": "length", "report": REPORT}
    assert server.posted[0]["role_engine"] == {}
    assert server.posted[0]["messages"][0]["content"] == "О дожде"


def test_what_the_server_refuses_is_said_in_its_words(cli: Cli) -> None:
    error = {"error": {"message": "There is no role 'pot'. Known roles: poet."}}
    with serving(pages=WITH_ENGINE, answer=lambda path, body: refuses(400, error)) as server:
        assert "Known roles: poet." in cli("chat", "--role", "pot", "--model", server.url, "Да").refusal


def test_any_other_server_gets_the_role_in_the_messages_and_is_guarded_here(cli: Cli, plain: OpenAIStub) -> None:
    outcome = cli("chat", "--role", "poet", "--mode", "strict", "--model", plain.url, "О дожде")
    assert (outcome.code, outcome.out) == (0, "Привет, мир.\n")
    assert outcome.err == "[2 attempts, rejected: cjk 1]\n"
    poet = RoleLibrary([Path(__file__).parents[4] / "roles"]).get("poet")
    first = plain.posted[0]["messages"]
    assert first[0]["role"] == "system" and first[0]["content"].startswith(poet.system[:40])
    assert [message["role"] for message in first[1:]] == ["user", "assistant"] * len(poet.examples) + ["user"]
    assert first[-1]["content"] == f"О дожде\n\n{poet.reminder.strip()}"
    assert "role_engine" not in plain.posted[0]
    assert plain.posted[1]["messages"][-1] == {"role": "assistant", "content": "Привет,"}


def test_json_adds_the_report_of_the_guard_here(cli: Cli, plain: OpenAIStub) -> None:
    found = cli("chat", "--json", "--role", "poet", "--mode", "strict", "--seed", 1, "--model", plain.url, "Да").json
    assert (found["text"], found["finish_reason"]) == ("Привет, мир.", "stop")
    report = found["report"]
    assert (report["role"], report["mode"], report["attempts"]) == ("poet", "strict", 2)
    assert report["rejected"] == [{"kind": "cjk", "count": 1}]


def test_mode_off_lets_everything_through(cli: Cli, plain: OpenAIStub) -> None:
    assert cli("chat", "--mode", "off", "--model", plain.url, "Да").out == "Привет, 世界 и так далее\n"
    assert plain.posted[0]["messages"] == [{"role": "user", "content": "Да"}], "no role was named"


def test_a_spot_that_could_not_be_made_clean_is_code_1(cli: Cli) -> None:
    with serving(pages=VLLM, answer=lambda path, body: says(" 世界", " мир.")) as server:
        outcome = cli("chat", "--mode", "strict", "--model", server.url, "Да")
    assert outcome.code == 1
    assert "世" not in outcome.out and "left out" in outcome.err


def test_the_key_comes_from_the_environment_or_a_file(cli: Cli, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    def key_sent(*arguments: object) -> str | None:
        with serving(pages=WITH_ENGINE, answer=lambda path, body: says("Да.", role_engine=REPORT)) as server:
            assert cli("chat", "--model", server.url, *arguments, "Да").code == 0
        return server.asked[-1].headers.get("Authorization")

    assert key_sent() is None
    monkeypatch.setenv("OPENAI_API_KEY", "two")
    assert key_sent() == "Bearer two"
    monkeypatch.setenv("ROLE_ENGINE_API_KEY", "one")
    assert key_sent() == "Bearer one"
    (home / "key").write_text("three\n", "utf-8")
    assert key_sent("--key-file", "key") == "Bearer three"


@pytest.mark.parametrize(
    ("arguments", "says_"),
    [
        (("--model", "models/qwen"), "not the address of a server"),
        (("--model", "http://127.0.0.1:9"), "There is no server"),
    ],
)
def test_no_server(cli: Cli, arguments: tuple[str, ...], says_: str) -> None:
    assert says_ in cli("chat", *arguments, "Да").refusal


def test_what_there_is_not(cli: Cli, plain: OpenAIStub) -> None:
    assert (
        "Known thinking modes: conflict, none" in cli("chat", "--thinking", "deep", "--model", plain.url, "Да").refusal
    )
    assert "Did you mean 'poet'?" in cli("chat", "--role", "poett", "--model", plain.url, "Да").refusal
    assert plain.posted == []
