"""`role-engine chat` as a conversation: lines from a pipe, and a person at a terminal."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.openai_stub import OpenAIStub, event, says, serving
from tests.hosts.cli.conftest import Cli

VLLM = {"/v1/models": {"data": [{"id": "qwen", "owned_by": "vllm"}]}}
ROLES = {"data": [{"id": "poet", "name": "Поэт"}, {"id": "logician", "name": "Логик"}]}
WITH_ENGINE = {
    "/v1/role-engine/health": {"status": "ok"},
    "/v1/role-engine/roles": ROLES,
    "/v1/role-engine/active": {"role": "poet", "mode": None, "thinking": None},
}


def echoes(path: str, body: dict[str, Any]) -> Any:
    said = body["messages"][-1]["content"].splitlines()[0]
    return says("Вы", " сказали", f" «{said}»", ".")


@pytest.fixture
def plain() -> Iterator[OpenAIStub]:
    with serving(pages=VLLM, answer=echoes) as server:
        yield server


def turns(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The chat that a server was sent, without the role's text."""
    return [(one["role"], one["content"]) for one in body["messages"] if one["role"] != "system"]


def test_lines_from_a_pipe_are_one_conversation(cli: Cli, plain: OpenAIStub) -> None:
    outcome = cli("chat", "-i", "--model", plain.url, stdin="Раз\n\nДва\n")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Вы сказали «Раз».\nВы сказали «Два».\n", "")
    assert turns(plain.posted[1]) == [("user", "Раз"), ("assistant", "Вы сказали «Раз»."), ("user", "Два")]


def test_a_text_given_with_it_comes_first(cli: Cli, plain: OpenAIStub) -> None:
    assert cli("chat", "-i", "--model", plain.url, "Раз", stdin="Два\n").out.count("\n") == 2
    assert [turns(body)[-1][1] for body in plain.posted] == ["Раз", "Два"]


def test_a_new_conversation_knows_nothing_of_the_old_one(cli: Cli, plain: OpenAIStub) -> None:
    assert cli("chat", "-i", "--model", plain.url, stdin="Раз\n/new\nДва\n").code == 0
    assert turns(plain.posted[1]) == [("user", "Два")]


def test_another_role_and_mode_count_from_then_on(cli: Cli) -> None:
    with serving(pages=WITH_ENGINE, answer=echoes) as server:
        outcome = cli("chat", "-i", "--role", "poet", "--model", server.url,
                      stdin="Раз\n/role logician\n/mode off\nДва\n/role none\nТри")  # fmt: skip
    assert outcome.code == 0
    assert [body["role_engine"] for body in server.posted] == [
        {"role": "poet"}, {"role": "logician", "mode": "off"}, {"role": "none", "mode": "off"}
    ]  # fmt: skip
    assert len(server.posted[2]["messages"]) == 5, "the conversation goes on"
    assert "Логик" in outcome.err and "off" in outcome.err


def test_the_roles_text_goes_to_a_server_that_knows_none(cli: Cli, plain: OpenAIStub) -> None:
    assert cli("chat", "-i", "--model", plain.url, stdin="Раз\n/role poet\nДва\n").code == 0
    first, second = plain.posted
    assert [one["role"] for one in first["messages"]] == ["user"]
    assert "Ты — поэт" in second["messages"][0]["content"]
    assert ("user", "Раз") in turns(second)


def test_quit_ends_it(cli: Cli, plain: OpenAIStub) -> None:
    assert cli("chat", "-i", "--model", plain.url, stdin="Раз\n/quit\nДва\n").out == "Вы сказали «Раз».\n"


def test_two_slashes_are_one_that_is_meant(cli: Cli, plain: OpenAIStub) -> None:
    cli("chat", "-i", "--model", plain.url, stdin="//etc/fstab — что это?\n")
    assert turns(plain.posted[0]) == [("user", "/etc/fstab — что это?")]


def test_json_is_one_object_a_reply(cli: Cli, plain: OpenAIStub) -> None:
    outcome = cli("chat", "-i", "--json", "--model", plain.url, stdin="Раз\nДва\n")
    found = [json.loads(line) for line in outcome.out.splitlines()]
    assert [one["text"] for one in found] == ["Вы сказали «Раз».", "Вы сказали «Два»."]
    assert all(one["finish_reason"] == "stop" and one["report"]["attempts"] == 1 for one in found)


def test_a_reply_that_failed_makes_the_exit_code_1(cli: Cli) -> None:
    with serving(pages=VLLM, answer=lambda path, body: says(" 世界", " мир.")) as server:
        outcome = cli("chat", "-i", "--mode", "strict", "--model", server.url, stdin="Раз\n")
    assert outcome.code == 1 and "世" not in outcome.out


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        ("/role poett\n", "Did you mean 'poet'?"),
        ("/mode loud\n", "no mode 'loud'"),
        ("/sing\n", "no command /sing"),
        (b"\xff\xfe\n", "not UTF-8"),
    ],
)
def test_a_script_hears_of_its_mistakes(cli: Cli, plain: OpenAIStub, stdin: str | bytes, said: str) -> None:
    assert said in cli("chat", "-i", "--model", plain.url, stdin=stdin).refusal


def test_nothing_to_say(cli: Cli, plain: OpenAIStub) -> None:
    assert "-i" in cli("chat", "--model", plain.url).refusal


# At a terminal, with real signals.

pytest.importorskip("pty", reason="pseudo-terminals are of Unix")

from tests.hosts.cli.terminal import on_terminal  # noqa: E402


class Slow:
    """Says a few words, then nothing until the client hangs up; every other reply is quick."""

    def __init__(self) -> None:
        self.gone = threading.Event()

    def __call__(self, path: str, body: dict[str, Any]) -> Any:
        if "долго" not in body["messages"][-1]["content"]:
            return echoes(path, body)
        return 200, "text/event-stream", self._pieces()

    def _pieces(self) -> Iterable[bytes]:
        try:
            for piece in ("Это", " будет", " долгий", " рассказ", ". "):
                yield event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            while not self.gone.wait(0.02):
                yield event({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": None}]})
        finally:
            self.gone.set()


@pytest.mark.slow
def test_ctrl_c_ends_the_reply_and_the_conversation_goes_on(home: Path) -> None:
    slow = Slow()
    with serving(pages=VLLM, answer=slow) as server, on_terminal(home, "chat", "--model", server.url) as terminal:
        terminal.until("вы: ")
        terminal.type("Говори долго")
        assert "модель: " in terminal.until("Это будет долгий")
        terminal.interrupt()
        assert "[прервано]" in terminal.until("вы: ")
        assert slow.gone.wait(10), "the server works on"
        terminal.type("Дальше")
        terminal.until("Вы сказали «Дальше».")
        terminal.until("вы: ")
        terminal.end_of_input()
        assert terminal.exit_code() == 0
    user, assistant, last = turns(server.posted[1])
    assert (user, last) == (("user", "Говори долго"), ("user", "Дальше"))
    assert assistant[0] == "assistant" and assistant[1].startswith("Это будет долгий")


@pytest.mark.slow
def test_ctrl_c_at_the_prompt_leaves_the_second_time(home: Path, plain: OpenAIStub) -> None:
    with on_terminal(home, "chat", "--model", plain.url) as terminal:
        terminal.until("вы: ")
        terminal.interrupt()
        assert "Ещё раз" in terminal.until("вы: ")
        terminal.type("Раз")
        assert "Вы сказали «Раз»." in terminal.until("вы: ")
        terminal.interrupt()
        assert "Ещё раз" in terminal.until("вы: "), "what was said in between counts"
        terminal.interrupt()
        assert terminal.exit_code() == 0


def test_a_person_may_err_and_go_on(home: Path) -> None:
    with serving(pages=WITH_ENGINE, answer=echoes) as server, on_terminal(home, "chat", "--model", server.url) as t:
        t.until("вы: ")
        t.type("/role poett")
        assert "Did you mean 'poet'?" in t.until("вы: ")
        t.type("/mode loud")
        assert "balanced" in t.until("вы: ")
        t.type("/role")
        assert "logician, poet, none" in t.until("вы: ")
        t.type("/help")
        assert "/quit" in t.until("вы: ")
        t.type("Раз")
        assert "Поэт: Вы сказали «Раз».\n" in t.until("вы: "), "the server's default role"
        t.type("/role logician")
        t.until("вы: ")
        t.type("Два")
        assert "Логик: Вы сказали «Два».\n" in t.until("вы: ")
        t.type("/quit")
        assert t.exit_code() == 0
    assert [body["role_engine"] for body in server.posted] == [{}, {"role": "logician"}]


def test_an_engine_that_fails_ends_no_conversation(home: Path) -> None:
    def once(path: str, body: dict[str, Any]) -> Any:
        if len(server.posted) == 1:
            return 500, "application/json", [b'{"error": {"message": "out of memory"}}']
        return echoes(path, body)

    with serving(pages=VLLM, answer=once) as server, on_terminal(home, "chat", "--model", server.url) as terminal:
        terminal.until("вы: ")
        terminal.type("Раз")
        assert "out of memory" in terminal.until("вы: ")
        terminal.type("Два")
        assert "Вы сказали «Два»." in terminal.until("вы: ")
    assert turns(server.posted[1]) == [("user", "Два")], "a turn without an answer is none"


def test_one_reply_at_a_terminal_ends_with_ctrl_c(home: Path) -> None:
    with serving(pages=VLLM, answer=Slow()) as server:
        command = on_terminal(home, "chat", "--model", server.url, "Говори долго")
        with command as terminal:
            terminal.until("Это будет долгий")
            terminal.interrupt()
            assert terminal.exit_code() == 130
