"""`role-engine roles …`"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from role_engine.roles import RoleLibrary
from tests.hosts.cli.conftest import Cli

ROLES = Path(__file__).parents[3] / "roles"
SHIPPED = {path.stem for path in ROLES.glob("*.yaml")}


@pytest.fixture
def roles(home: Path) -> Path:
    (home / "roles").mkdir()
    return home / "roles"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_list(cli: Cli) -> None:
    outcome = cli("roles", "list")
    assert outcome.code == 0 and outcome.err == ""
    assert {line.split()[0] for line in outcome.out.splitlines()} == SHIPPED
    assert "Философ-архитектор" in outcome.out


def test_list_as_json(cli: Cli) -> None:
    found = cli("roles", "list", "--json").json
    assert {role["id"] for role in found["roles"]} == SHIPPED
    assert found["errors"] == []


def test_list_shows_a_broken_role_and_the_rest(cli: Cli, roles: Path) -> None:
    write(roles / "poet.yaml", "name: Поэт\nsistem: Ты — поэт.\n")
    outcome = cli("roles", "list")
    assert "poet.yaml:2" in outcome.err and "system" in outcome.err
    assert "philosopher" in outcome.out
    assert cli("roles", "list", "--json").json["errors"][0]["id"] == "poet"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"system_file: {'x' * 300}.md", "too long"),
        (f"system_file: {'x' * 300}/y.md", "too long"),
        ("system: Пой.\nknowledge: {files: [LONG.md]}".replace("LONG", "y" * 300), ""),
        ("system: Пой.\ncard: LONG.json".replace("LONG", "z" * 300), ""),
    ],
)
def test_a_role_that_names_what_cannot_be_a_file_leaves_the_others_alone(
    cli: Cli, roles: Path, line: str, said: str
) -> None:
    write(roles / "poet.yaml", f"name: Поэт\n{line}\n")
    listed = cli("roles", "list")
    assert listed.code == 0 and "philosopher" in listed.out and said in listed.err
    checked = cli("roles", "validate", roles / "poet.yaml")
    assert checked.code == 1 and "poet.yaml:" in checked.out and "Traceback" not in checked.err


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_role_that_names_a_file_in_a_closed_folder_leaves_the_others_alone(cli: Cli, roles: Path) -> None:
    (roles / "closed").mkdir(mode=0)
    write(roles / "poet.yaml", "name: Поэт\nsystem_file: closed/x.md\n")
    listed = cli("roles", "list")
    assert listed.code == 0 and "philosopher" in listed.out and "Permission denied" in listed.err


def test_validate_tries_the_jinja_of_a_role(cli: Cli, roles: Path) -> None:
    bomb = "{% set x = [1, 1] %}" + "{% set x = [x, x] %}" * 60 + "{{ x }}"
    write(roles / "bomb.yaml", f"name: Бомба\njinja: true\nsystem: '{bomb}'\n")
    write(roles / "guest.yaml", "name: Гость\njinja: true\nsystem: Я {{ user }}.\n")
    outcome = cli("roles", "validate", roles / "bomb.yaml", roles / "guest.yaml")
    assert outcome.code == 1 and "bomb.yaml:2: The Jinja of role 'bomb' makes a value" in outcome.out
    assert "1 of 2 role files are valid." in outcome.out
    assert "makes a value" in cli("render", "--role", "bomb", "Кто ты?").refusal


def test_show_is_the_whole_role(cli: Cli) -> None:
    shown = yaml.safe_load(cli("roles", "show", "philosopher").out)
    assert shown["name"] == "Философ-архитектор"
    parent = yaml.safe_load(cli("roles", "show", "russian").out)["system"].strip()
    assert shown["system"].startswith(parent), "what it extends is in it"
    assert cli("roles", "show", "philosopher", "--json").json["language"]["target"] == "ru"


def test_show_of_a_broken_role_says_what_is_wrong(cli: Cli, roles: Path) -> None:
    write(roles / "poet.yaml", "name: Поэт\nsistem: Ты — поэт.\n")
    assert "poet.yaml:2" in cli("roles", "show", "poet").refusal


def test_validate_everything(cli: Cli) -> None:
    outcome = cli("roles", "validate")
    assert (outcome.code, outcome.out) == (0, f"{len(SHIPPED)} of {len(SHIPPED)} role files are valid.\n")


def test_validate_a_bad_file(cli: Cli, roles: Path) -> None:
    bad = write(roles / "bad.yaml", "name: Плохая\nsistem: Ты.\n")
    good = write(roles / "good.yaml", "name: Хорошая\nextends: russian\n")
    outcome = cli("roles", "validate", good, bad)
    assert outcome.code == 1
    assert f"{bad}:2" in outcome.out and "1 of 2" in outcome.out
    found = cli("roles", "validate", "--json", good, bad)
    assert found.code == 1
    assert [file["ok"] for file in found.json["files"]] == [True, False]
    assert found.json["ok"] is False


def test_validate_a_role_that_names_a_template_that_is_not_there(cli: Cli, roles: Path) -> None:
    write(roles / "r.yaml", "name: Роль\nsystem: Ты.\ntemplate: qwen3-chatmll\n")
    outcome = cli("roles", "validate", roles / "r.yaml")
    assert outcome.code == 1 and "qwen3-chatml" in outcome.out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("book.md", "Книга.".encode(), ""),
        ("BOOK.TXT", "Книга.".encode(), ""),
        ("book.text", "Книга.".encode(), "'book.text' cannot become knowledge"),
        ("book", "Книга.".encode(), "'book' cannot become knowledge"),
        ("book.pdf", b"%PDF-1.4\n\xe2\xe3", "book.pdf: Is not UTF-8 (byte 9). It must be plain text, .md or .txt;"),
        ("book.md", b"\xcf\xf0", "book.md: Is not UTF-8 (byte 0). Save it as UTF-8."),
    ],
)
def test_validate_a_system_file_of_a_kind_that_is_not_read_everywhere(
    cli: Cli, roles: Path, name: str, content: bytes, said: str
) -> None:
    (roles / name).write_bytes(content)
    (roles / "r.yaml").write_text(f"name: Р\nsystem_file: {name}\n", encoding="utf-8")
    outcome = cli("roles", "validate", roles / "r.yaml")
    assert outcome.code == bool(said)
    if said:
        assert "r.yaml:2: `system_file`" in outcome.out and said in outcome.out and ".md" in outcome.out


def test_validate_a_system_file_that_the_parent_names_is_the_parents_affair(cli: Cli, roles: Path) -> None:
    (roles / "book.text").write_text("Книга.", encoding="utf-8")
    (roles / "parent.yaml").write_text("name: Р\nsystem_file: book.text\n", encoding="utf-8")
    (roles / "child.yaml").write_text("name: Д\nextends: parent\n", encoding="utf-8")
    assert cli("roles", "validate", roles / "child.yaml").code == 0


def test_validate_a_file_that_is_not_there(cli: Cli) -> None:
    assert "no such file" in cli("roles", "validate", "nothing.yaml").refusal


def test_new_writes_a_valid_role_and_prints_its_path(cli: Cli, home: Path) -> None:
    outcome = cli("roles", "new", "gardener", "--title", 'Сад: "овник"')
    assert outcome.out == "roles/gardener.yaml\n"
    role = RoleLibrary([home / "roles", ROLES]).get("gardener")
    assert role.name == 'Сад: "овник"'
    assert cli("roles", "validate", "roles/gardener.yaml").code == 0
    assert [path.name for path in (home / "roles").iterdir()] == ["gardener.yaml"]


def test_new_without_a_parent(cli: Cli) -> None:
    assert cli("roles", "new", "loner", "--extends", "").code == 0
    assert cli("roles", "validate", "roles/loner.yaml").code == 0


@pytest.mark.parametrize("name", ["Gardener", "none", "../up", "a b", "x" * 65])
def test_new_refuses_what_cannot_be_an_id(cli: Cli, home: Path, name: str) -> None:
    assert "cannot be a role's id" in cli("roles", "new", name).refusal
    assert list(home.iterdir()) == []


def test_new_never_overwrites(cli: Cli, roles: Path) -> None:
    mine = write(roles / "mine.yaml", "моё")
    assert "already" in cli("roles", "new", "mine").refusal
    assert mine.read_text("utf-8") == "моё"


def test_new_on_a_role_that_is_not_there(cli: Cli) -> None:
    assert "Did you mean 'russian'?" in cli("roles", "new", "x", "--extends", "rusian").refusal
