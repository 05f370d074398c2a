"""Mode files: the project's and the user's, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from role_engine.errors import ModeError
from role_engine.modes.library import ModeLibrary, load_mode_file
from role_engine.modes.procedure import says

LIST = """\
name: Список
description: Сначала список, потом ответ.
passes:
  - id: items
    title: Список
    ask: "{{question}} Составь список."
answer:
  ask: "{{question}} Вот список: {{items}}"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "list.yaml").write_text(LIST, encoding="utf-8")
    return tmp_path


def test_what_the_project_brings() -> None:
    library = ModeLibrary()
    assert library.names() == ("none", "think", "recursion", "conflict")
    assert library.tokens() == ("<|think|>", "<|recursion|>", "<|conflict|>")
    assert library.errors() == {}


def test_a_users_mode_stands_behind_them(own: Path) -> None:
    library = ModeLibrary([own])
    assert library.names()[-1] == "list"
    assert library.get("list").token == "<|list|>"


def test_a_users_file_goes_before_the_projects(own: Path) -> None:
    (own / "think.yaml").write_text(LIST, encoding="utf-8")
    assert ModeLibrary([own]).get("think").name == "Список"


def test_a_file_that_changes_is_read_again(own: Path) -> None:
    library = ModeLibrary([own])
    assert library.get("list").name == "Список"
    (own / "list.yaml").write_text(LIST.replace("name: Список", "name: Перечень"), encoding="utf-8")
    assert library.get("list").name == "Перечень"
    (own / "list.yaml").unlink()
    with pytest.raises(ModeError, match=r"'list'.*Known thinking modes: conflict, none, recursion, think"):
        library.get("list")


def test_a_broken_file_is_told_and_the_others_do_not_notice(own: Path) -> None:
    (own / "bad.yaml").write_text("name: x\n", encoding="utf-8")
    library = ModeLibrary([own])
    assert "bad" in library.errors() and "bad" not in library
    assert "list" in library


@pytest.mark.parametrize(
    ("change", "line", "says_"),
    [
        (("name:", "nme:"), 1, "Unknown key 'nme'. Did you mean 'name'?"),
        (("title:", "titel:"), 5, "Unknown key 'titel' in `passes.0`. Did you mean 'title'?"),
        (("id: items", "id: question"), 4, "cannot name a pass"),
        (("name: Список", "name: Список\ntoken: рекурсия"), 2, "is no token"),
        (("name: Список", "name: Список\nrepeat: 99"), 2, "a number from 1 to 8, or depth, or rounds"),
        (("name: Список", "name: Список\nid: other"), 2, "Unknown key 'id'"),
        (("{{items}}", "{{itmes}}"), None, "There is nothing called {{itmes}}; known: question"),
        (("answer:", "answer:\n  voice: 4"), 8, "answer.voice"),
        (("name: Список", "name: Список\nvoices: [a]"), None, None),
        (("answer:", "answer:\n  voice: 2\nvoices: [poet]"), None, "`voices` names 1"),
    ],
)
def test_what_is_wrong(own: Path, change: tuple[str, str], line: int | None, says_: str | None) -> None:
    path = own / "list.yaml"
    text = LIST.replace(*change)
    if change[1].startswith("answer:\n  voice: 2"):
        text = LIST.replace("answer:", "voices: [poet]\nanswer:\n  voice: 2")
    path.write_text(text, encoding="utf-8")
    if says_ is None:
        load_mode_file(path)
        return
    with pytest.raises(ModeError) as caught:
        load_mode_file(path)
    assert says_ in str(caught.value)
    assert caught.value.line == line
    assert caught.value.path == path


@pytest.mark.parametrize("name", ["none", "Имя", "a b"])
def test_a_name_that_is_no_id(own: Path, name: str) -> None:
    path = own / f"{name}.yaml"
    path.write_text(LIST, encoding="utf-8")
    with pytest.raises(ModeError, match="cannot be a mode's id"):
        load_mode_file(path)


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("Замечаний нет.", True),
        ("«замечаний нет»", True),
        ("Замечаний нет, ответ верен.", True),
        ("Замечаний нет, но дата неверна.", False),
        ("По существу замечаний нет.", False),
        ("Замечаний нет к первому абзацу. Во втором пропущено главное, и вывод не следует из сказанного.", False),
        ("Нет", False),
        ("", False),
    ],
)
def test_nothing_to_remark(text: str, done: bool) -> None:
    assert says(text, "замечаний нет") is done


def test_the_documented_example_is_a_mode(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "modes.md").read_text("utf-8")
    path = tmp_path / "list.yaml"
    path.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    assert load_mode_file(path).token == "<|list|>"
