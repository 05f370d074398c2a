"""`role-engine bench replies`: questions, the judge from outside, a run that goes on, the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from typer.testing import CliRunner

from role_engine.app.engine import Engine
from role_engine.app.planner import Planner
from role_engine.backends.base import Capabilities, Chunk, GenerationRequest
from role_engine.bench.replies.measure import measure
from role_engine.bench.replies.oracle import ends_in_loop, find_violations, name_foreign, parse_code_blocks
from role_engine.bench.replies.play import KEPT, PlaySetup
from role_engine.bench.replies.questions import BenchQuestion, read_questions
from role_engine.errors import BackendError, InputError
from role_engine.hosts.cli.app import app
from role_engine.paths import builtin_templates
from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary


def test_two_hundred_questions_come_along() -> None:
    questions = read_questions()
    assert len(questions) == len({one.text for one in questions}) == 200
    documents = [one for one in questions if one.category == "english documents"]
    assert all(
        one.text.count("\n\n") == 1 and not find_violations(one.text.split("\n\n")[1], "strict") for one in documents
    )


@pytest.mark.parametrize("text", ["- a", "a: b", "a: [1]", "a: [{context: b}]", "a: ['']", "{}", "a: [", "a: []"])
def test_a_file_that_is_no_list_of_questions_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "q.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"q\.yaml"):
        read_questions(file)


@pytest.mark.parametrize(
    ("text", "off", "strict"),
    [
        ("Всё хорошо, «да» — 5 % 🙂.", 0, 0),
        ("Слово 建 тут.", 1, 1),
        ("Слово Docker тут.", 0, 6),
        ("Слово рyчка тут.", 1, 1),
        ("И this is what you want тут.", 1, 17),
        ("Код `this is what you want` и\n```py\nthe end of all\n```\nвсё.", 0, 30),
        ("Формула $建$ и \ufffd.", 1, 2),
        ("Кофе\u0301 й.", 0, 0),
    ],
)
def test_the_judge_from_outside(text: str, off: int, strict: int) -> None:
    assert (len(find_violations(text, "balanced")), len(find_violations(text, "strict"))) == (off, strict)
    assert find_violations(text, "off") == find_violations(text, "balanced") and name_foreign(text) == find_violations(
        text, "strict"
    )


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("да " * 8, True),
        ("да " * 7, False),
        ("\\, = " * 8, True),
        ("раз два три четыре пять шесть семь восемь " * 8, True),
        ("раз два три четыре пять шесть семь восемь девять " * 8, False),
        ("да " * 8 + "нет", False),
        ("", False),
    ],
)
def test_loops(text: str, loops: bool) -> None:
    assert ends_in_loop(text) is loops


def test_code_that_parses() -> None:
    text = "```python\nx = 1\n```\nи\n```py\nx =\n```\n```json\n{}\n```\n```yaml\na: [\n```\n```rust\nfn\n```"
    assert parse_code_blocks(text) == [("python", True), ("py", False), ("json", True), ("yaml", False)]


class Scripted:
    """Says «Да, Docker 建 тут.» unless it goes on or is asked for one token; counts what it is asked."""

    capabilities = Capabilities(resume="prefix")

    def __init__(self) -> None:
        self.asked = 0
        self.breaks_at: int | None = None

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        self.asked += 1
        if self.breaks_at == self.asked:
            raise BackendError("gone")
        words = ["Да", ", ", "Docker ", "тут", "."] if request.prefix else ["Да", ", ", "Docker ", "建", " тут", "."]
        done = len(request.prefix)
        for word in words[: request.max_tokens]:
            if done > 0:
                done -= len(word)
                continue
            yield Chunk(word)


def planner(backend: Scripted, name: str = "scripted") -> Planner:
    engine = Engine(backend=backend, name=name, count=lambda text: len(text.split()))
    return Planner(engine, RoleLibrary([]), TemplateLibrary([builtin_templates()]))


WANTED = PlaySetup([BenchQuestion("быт", "Как дела? <script>"), BenchQuestion("быт", "Что нового?")], seeds=2)


def test_replies_are_judged_mode_by_mode(tmp_path: Path) -> None:
    result = measure(planner(Scripted()), WANTED, tmp_path)
    off, balanced, strict = result.modes
    assert [one.replies for one in result.modes] == [4, 4, 4]
    assert (off.broken, balanced.broken, strict.broken) == (4, 0, 0)
    assert balanced.rejected == {"cjk": 4} and off.rejected == {} and balanced.thrown_away > 0
    assert (balanced.clean_pairs, off.clean_pairs, off.per_token) == (0, 0, None)
    assert json.loads((tmp_path / "summary.json").read_text("utf-8"))["modes"][0]["broken"] == 4
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<mark>建</mark>" in page and "<script>" not in page and "&lt;script&gt;" in page
    assert "http://" not in page and "https://" not in page


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    backend = Scripted()
    backend.breaks_at = 9
    with pytest.raises(BackendError):
        measure(planner(backend), WANTED, tmp_path)
    kept = (tmp_path / KEPT).read_text("utf-8").splitlines()
    (tmp_path / KEPT).write_text("\n".join([*kept, '{"half']) + "\n", "utf-8")
    again = Scripted()
    result = measure(planner(again), WANTED, tmp_path)
    assert [one.replies for one in result.modes] == [4, 4, 4]
    whole = Scripted()
    fresh = measure(planner(whole), WANTED, tmp_path / "fresh")
    assert [one.text for one in fresh.replies] == [one.text for one in result.replies] and again.asked < whole.asked


def test_a_folder_of_another_model_is_not_gone_on_with(tmp_path: Path) -> None:
    measure(planner(Scripted()), WANTED, tmp_path)
    with pytest.raises(InputError, match="another model"):
        measure(planner(Scripted(), "other"), WANTED, tmp_path)


def test_the_command(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the embedded model needs torch")
    file = tmp_path / "q.yaml"
    file.write_text("быт:\n  - Кто ты?\n", "utf-8")
    arguments = ["bench", "replies", "--questions", str(file), "--max-tokens", "8", "--out", str(tmp_path / "out")]
    said = CliRunner().invoke(app, [*arguments, "--mode", "off", "--mode", "strict", "--json"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert [one["mode"] for one in found["modes"]] == ["off", "strict"] and found["modes"][1]["broken"] == 0
    assert Path(found["report"]).is_file()
    assert CliRunner().invoke(app, [*arguments, "--mode", "loud"]).exit_code == 2
