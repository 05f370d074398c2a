"""`role-engine demo`: on a scripted engine what it counts and shows, on the embedded model that it shows something."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from role_engine import GenerationRequest, ReplayBackend
from role_engine.app import reply_plan
from role_engine.app.engine import Engine
from role_engine.app.planner import Planner
from role_engine.app.resolution import Choice
from role_engine.embedded import DEMO_QUESTIONS
from role_engine.hosts.cli import local_model
from role_engine.hosts.cli.demo.comparison import Comparison, compare
from role_engine.hosts.cli.demo.view import view
from role_engine.i18n.catalogue import Texts
from role_engine.paths import folders
from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary
from tests.hosts.cli.conftest import Cli

CHATML = "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}<|assistant|>\n"
SLIPS = DEMO_QUESTIONS[:4]
"""Of these ten questions the scripted model stumbles over four."""


def _script(request: GenerationRequest) -> Iterator[str]:
    if request.prefix:
        yield from (" ясно", ".")
    elif any(f"{question}" in request.prompt for question in SLIPS):
        yield from ("Всё", " 明白", " и", " так", ".")
    else:
        yield from ("Всё", " ясно", ".")


@pytest.fixture
def backend() -> ReplayBackend:
    return ReplayBackend(_script)


@pytest.fixture
def engine(backend: ReplayBackend) -> Engine:
    return Engine(backend, "tiny", lambda text: len(text.split()), chat_template=CHATML)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> list[Any]:
    """The command runs on the script; gives what it was asked to load."""
    asked: list[Any] = []

    def load_engine(model: str | None, **_: Any) -> Engine:
        asked.append(model)
        return engine

    monkeypatch.setattr(local_model, "load_engine", load_engine)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return asked


@pytest.fixture
def result(engine: Engine) -> Comparison:
    places = folders("nowhere", {})
    planner = Planner(engine, RoleLibrary(places.roles), TemplateLibrary(places.templates))
    return compare(planner, DEMO_QUESTIONS[:5], Choice("philosopher"), seed=3, clock=iter(range(100)).__next__)


IN_ENGLISH = Texts("en", "demo")


def _shown(result: Comparison, width: int = 100, *, colours: bool = False, texts: Texts = IN_ENGLISH) -> str:
    out = io.StringIO()
    system: Any = "truecolor" if colours else None
    console = Console(width=width, file=out, color_system=system, force_terminal=colours, no_color=not colours)
    console.print(view(result, texts, console))
    return out.getvalue()


def test_it_counts_what_was_broken_and_what_it_took(cli: Cli, scripted: list[Any]) -> None:
    outcome = cli("demo", "--json")
    assert outcome.code == 0
    found = outcome.json
    assert (found["model"], found["role"], found["mode"]) == ("tiny", "operator", "strict")
    off, on = found["unguarded"], found["guarded"]
    assert (off["broken"], off["spans"], off["tokens"]) == (4, {"cjk": 4}, 6 * 3 + 4 * 5)
    assert (on["broken"], on["spans"], on["rejected"], on["attempts"]) == (0, {}, {"cjk": 4}, 14)
    assert (on["tokens"], on["stripped"], on["failed"]) == (30, 0, 0)
    assert on["tokens_thrown_away"] == 8, "the word, and the one behind it that showed its end"
    assert on["thrown_away_per_token"] == round(8 / 30, 4)
    assert [reply["question"] for reply in found["replies"]] == list(DEMO_QUESTIONS)
    first = found["replies"][0]
    assert (first["unguarded"]["text"], first["guarded"]["text"]) == ("Всё 明白 и так.", "Всё ясно.")
    assert first["unguarded"]["violations"] == [{"kind": "cjk", "start": 4, "end": 6, "text": "明白"}]
    assert first["guarded"]["report"]["rejected"] == [{"kind": "cjk", "text": "明白", "count": 1}]
    assert scripted == [None], "the embedded model"


def test_both_sides_are_asked_the_same_with_the_same_seed(
    cli: Cli, scripted: list[Any], backend: ReplayBackend
) -> None:
    assert cli("demo", "--seed", 7, "--questions", 2, "--role", "logician", "--mode", "balanced").code == 0
    first, second = (attempt.request for attempt in backend.attempts[:2])
    assert (first.prompt, first.seed, first.options) == (second.prompt, second.seed, second.options)
    assert (first.policy.mode, second.policy.mode) == ("off", "balanced")
    assert "Ты — логик" in first.prompt and SLIPS[0] in first.prompt
    assert first.options["temperature"] == 1.0, "whatever the role says: it must have a chance to slip"
    bare = [attempt.request.seed for attempt in backend.attempts if attempt.request.policy.mode == "off"]
    assert bare == [7, 8]


def test_a_model_of_the_users_samples_as_it_likes(cli: Cli, scripted: list[Any], backend: ReplayBackend) -> None:
    assert cli("demo", "--questions", 1, "--model", "models/qwen").code == 0
    assert scripted == ["models/qwen"]
    of_role = RoleLibrary(folders(None, {}).roles).get("operator").sampling
    assert backend.attempts[0].request.options == of_role


def test_through_a_pipe_it_is_plain_and_no_wider_than_100(cli: Cli, scripted: list[Any]) -> None:
    outcome = cli("demo")
    assert "\x1b" not in outcome.out
    assert all(len(line) <= 100 for line in outcome.out.splitlines())
    beside = next(line for line in outcome.out.splitlines() if "⟦明白⟧" in line)
    assert "Всё ⟦明白⟧ и так." in beside and "Всё ясно." in beside
    assert outcome.err == "Loading the model…\nQuestions: 10, each asked twice…\n"


def test_it_speaks_russian_where_the_locale_does(
    cli: Cli, scripted: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert "без фильтра" in cli("demo", "--questions", 1).out
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "guard off" in cli("demo", "--questions", 1).out


def test_what_is_refused_is_red_and_nothing_else(result: Comparison) -> None:
    shown = _shown(result, colours=True)
    red = [part.split("\x1b[0m")[0].strip() for part in shown.split("\x1b[1;31m")[1:]]
    assert red == ["abc", *["明白"] * 4, "4 of 5"], "the legend, the spans, the count"
    assert "⟦" not in shown


def test_a_narrow_terminal_gets_the_replies_below_each_other(result: Comparison) -> None:
    lines = _shown(result, 50).splitlines()
    at = lines.index("Всё ⟦明白⟧ и так.")
    assert lines[at - 1] == "guard off:"
    assert lines[at + 1 : at + 3] == ["guard on:", "Всё ясно."]


def test_at_the_end_it_says_what_to_type_next(result: Comparison) -> None:
    assert _shown(result).splitlines()[-2:] == [
        "Other replies: role-engine demo --seed 8",
        "A conversation: role-engine chat",
    ]


def test_the_counts_stand_below(result: Comparison) -> None:
    assert "replies broken 4 of 5 0 of 5" in [" ".join(line.split()) for line in _shown(result).splitlines()]
    lines = [line.split() for line in _shown(result, texts=Texts("ru", "demo")).splitlines()]
    assert ["испорчено", "ответов", "4", "из", "5", "0", "из", "5"] in lines
    assert ["время", "5,0", "с", "5,0", "с"] in lines
    assert any(line[:2] == ["отклонено", "по"] and line[-2:] == ["иероглифы", "4"] for line in lines)


def test_the_replies_control_characters_move_no_cursor() -> None:
    places = folders("nowhere", {})
    engine = Engine(ReplayBackend([["Всё\x1b[2J", " ясно", "."]]), "tiny", len, chat_template=CHATML)
    planner = Planner(engine, RoleLibrary(places.roles), TemplateLibrary(places.templates))
    nasty = compare(planner, ["Да?"], Choice(), seed=1)
    assert "Всё⟦<001B>⟧[2J" in _shown(nasty)


def test_a_guarded_reply_that_is_not_clean_is_code_1(
    cli: Cli, scripted: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded_stream = reply_plan.guarded_stream

    def broken(backend: Any, request: GenerationRequest, **more: Any) -> Any:
        unguarded = request.policy.model_copy(update={"mode": "off"})
        return guarded_stream(backend, request.derive(policy=unguarded), **more)

    monkeypatch.setattr(reply_plan, "guarded_stream", broken)
    assert cli("demo", "--role", "none", "--questions", 2).code == 1


def test_the_picture_needs_nothing_from_elsewhere(cli: Cli, scripted: list[Any], home: Path) -> None:
    assert cli("demo", "--questions", 1, "--svg", "demo.svg").code == 0
    picture = (home / "demo.svg").read_text("utf-8")
    ElementTree.fromstring(picture)
    assert "明白" in picture and "guard" in picture
    assert "url(" not in picture.replace("url(#", "") and "@font-face" not in picture
    assert [file.name for file in home.iterdir()] == ["demo.svg"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--thinking", "deep"), "Known thinking modes"),
        (("--role", "filosopher"), "Did you mean 'philosopher'?"),
        (("--mode", "off"), "strict or balanced"),
        (("--questions", "11"), "--questions"),
        (("--model", "http://127.0.0.1:5000"), "folder"),
    ],
)
def test_wrong_use(cli: Cli, scripted: list[Any], arguments: tuple[str, ...], said: str) -> None:
    assert said in cli("demo", *arguments).refusal
    assert scripted == [], "nothing was loaded"


def test_a_picture_that_cannot_be_written(cli: Cli, scripted: list[Any], home: Path) -> None:
    assert "no folder 'no/such'" in cli("demo", "--svg", "no/such/demo.svg").refusal
    assert scripted == [], "nothing was loaded"
    (home / "demo.svg").mkdir()
    outcome = cli("demo", "--questions", 1, "--svg", "demo.svg")
    assert (outcome.code, outcome.out) == (2, "")
    assert "cannot be written" in outcome.err


def test_without_torch_it_says_what_to_install(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_model, "find_spec", lambda name: None if name == "torch" else object())
    outcome = cli("demo")
    assert (outcome.code, outcome.out) == (2, "")
    last = outcome.err.splitlines()[-1]
    assert "torch is missing" in last and "pip install 'role-engine[demo]'" in last


# From here on with the embedded model.


def test_the_embedded_model_slips_and_the_guard_holds(cli: Cli) -> None:
    pytest.importorskip("torch", reason="the embedded model runs on torch")
    pytest.importorskip("transformers", reason="the embedded model runs on transformers")
    outcome = cli("demo", "--json")
    assert outcome.code == 0
    off, on = outcome.json["unguarded"], outcome.json["guarded"]
    assert off["broken"] >= 3
    assert (on["broken"], on["failed"], on["stripped"]) == (0, 0, 0)
    assert on["thrown_away_per_token"] <= 0.15
    replies = outcome.json["replies"]
    alike = [reply for reply in replies if reply["unguarded"]["ok"]]
    assert all(reply["unguarded"]["text"] == reply["guarded"]["text"] for reply in alike)


def test_it_is_quiet_about_everything_else() -> None:
    pytest.importorskip("torch", reason="the embedded model runs on torch")
    pytest.importorskip("transformers", reason="the embedded model runs on transformers")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "role_engine", "demo", "--questions", "1"],
        env=environment, capture_output=True, text=True, encoding="utf-8", timeout=110,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "Loading the model…\nQuestions: 1, each asked twice…\n")
    assert DEMO_QUESTIONS[0] in done.stdout


def test_in_a_thinking_mode_the_thoughts_stand_above_the_answer(cli: Cli, scripted: list[Any]) -> None:
    found = cli("demo", "--questions", 1, "--thinking", "recursion", "--json").json
    reply = found["replies"][0]["guarded"]
    assert found["thinking"] == reply["report"]["thinking"] == "recursion"
    assert reply["reasoning"].startswith("Черновик:\n") and "Черновик" not in reply["text"]
    assert "Разбор:" in cli("demo", "--questions", 1, "--thinking", "recursion").out
