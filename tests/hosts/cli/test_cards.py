"""`role-engine roles import` and `roles export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cards.building import PICTURE, as_json, card_png
from tests.hosts.cli.conftest import Cli

DATA: dict[str, Any] = {
    "name": "Алиса",
    "description": "Живёт в лесу.",
    "first_mes": "Привет!",
    "extensions": {"regex_scripts": [{}]},
    "character_book": {"entries": [{"keys": ["дракон"], "content": "Спит."}]},
}
DOCUMENT = {"spec": "chara_card_v2", "spec_version": "2.0", "data": DATA}


@pytest.fixture
def alice(home: Path) -> Path:
    path = home / "Alice.png"
    path.write_bytes(card_png(DOCUMENT))
    return path


def test_a_card_becomes_a_role_that_works(cli: Cli, home: Path, alice: Path) -> None:
    outcome = cli("roles", "import", alice)
    assert (outcome.code, outcome.out) == (0, "roles/alisa.yaml\n")
    assert outcome.err == "note: regex scripts (1) are kept in the card and not run\n"
    assert sorted(path.name for path in (home / "roles").iterdir()) == [
        "alisa.card.json", "alisa.lorebook.md", "alisa.png", "alisa.yaml",
    ]  # fmt: skip
    assert (home / "roles/alisa.png").read_bytes() == PICTURE
    assert cli("roles", "validate", "roles/alisa.yaml").code == 0
    prompt = cli("render", "--role", "alisa", "Кто ты?").out
    assert "Живёт в лесу." in prompt and "Отвечай только по-русски" in prompt


def test_json_names_all_that_was_written(cli: Cli, alice: Path) -> None:
    found = cli("roles", "import", alice, "--as", "alice", "--extends", "", "--json").json
    assert found["id"] == "alice" and found["files"][0] == "roles/alice.yaml" and len(found["files"]) == 4
    assert len(found["warnings"]) == 1
    assert cli("roles", "show", "alice", "--json").json["system"] == "Живёт в лесу."


def test_an_existing_role_stays(cli: Cli, alice: Path) -> None:
    assert cli("roles", "import", alice).code == 0
    assert "--as" in cli("roles", "import", alice).refusal
    assert "--as" in cli("roles", "import", alice, "--as", "poet").refusal
    assert "--as" in cli("roles", "import", alice, "--as", "../x").refusal


@pytest.mark.parametrize(
    ("raw", "said"), [(b"", "empty"), (b"\x89PNG\r\n\x1a\n", "cut short"), (b"{}", "no character")]
)
def test_no_card_is_one_clear_line(cli: Cli, home: Path, raw: bytes, said: str) -> None:
    (home / "x.png").write_bytes(raw)
    assert said in cli("roles", "import", "x.png").refusal
    assert "no such file" in cli("roles", "import", "y.png").refusal
    assert not (home / "roles").exists()


def test_an_export_goes_to_standard_output_or_to_a_file(cli: Cli, home: Path, alice: Path) -> None:
    cli("roles", "import", alice)
    assert cli("roles", "export", "alisa", "--format", "card-v2").json == DOCUMENT
    assert cli("roles", "export", "alisa", "--format", "card-v3", "--out", "b.json").out == "b.json\n"
    assert json.loads((home / "b.json").read_text("utf-8"))["spec"] == "chara_card_v3"
    assert "--out" in cli("roles", "export", "alisa", "--format", "card-v3", "--out", "b.json").refusal
    assert ".charx" in cli("roles", "export", "alisa", "--format", "card-v3", "--out", "b.exe").refusal
    assert cli("roles", "export", "alisa", "--format", "card-v4").code == 2
    assert "poet" in cli("roles", "export", "poett", "--format", "card-v3").refusal
    assert "poet" not in {path.stem for path in home.iterdir()}


def test_a_webui_character_gets_its_picture_beside_it(cli: Cli, home: Path, alice: Path) -> None:
    cli("roles", "import", alice)
    outcome = cli("roles", "export", "alisa", "--format", "webui", "--out", "Алиса.yaml")
    assert outcome.out == "Алиса.yaml\nАлиса.png\n"
    assert (home / "Алиса.png").read_bytes() == PICTURE
    assert cli("roles", "import", "Алиса.yaml", "--as", "again").code == 0
    assert (home / "roles/again.png").read_bytes() == PICTURE


def test_another_picture(cli: Cli, home: Path) -> None:
    (home / "p.png").write_bytes(PICTURE)
    (home / "card.json").write_bytes(as_json(DOCUMENT))
    cli("roles", "import", "card.json")
    assert cli("roles", "export", "alisa", "--format", "card-v3", "--out", "a.png", "--picture", "p.png").code == 0
    assert (home / "a.png").read_bytes().startswith(PICTURE[:40])
    (home / "p.png").write_bytes(b"x")
    outcome = cli("roles", "export", "alisa", "--format", "card-v3", "--out", "b.png", "--picture", "p.png")
    assert "no PNG" in outcome.refusal and not (home / "b.png").exists()


def test_documents_that_cannot_be_in_a_card_are_told(cli: Cli, home: Path) -> None:
    (home / "roles").mkdir()
    (home / "roles/book.pdf").write_bytes(b"%PDF")
    (home / "roles/reader.yaml").write_text(
        "name: Чтец\nsystem: Читай.\nknowledge: {files: [book.pdf]}\n", encoding="utf-8"
    )
    outcome = cli("roles", "export", "reader", "--format", "card-v3")
    assert outcome.code == 0 and "book.pdf" in outcome.err
    assert "character_book" not in outcome.json["data"]


def test_a_lorebook_goes_into_a_role_and_answers_from_there(cli: Cli, home: Path) -> None:
    (home / "roles").mkdir()
    (home / "roles/les.yaml").write_text("name: Лес\nsystem: Ты — лес.\n", encoding="utf-8")
    entry = {"key": ["/драк(он|ошка)/"], "comment": "Горыныч", "content": "Дракон спит за рекой."}
    (home / "w.json").write_text(json.dumps({"entries": {"0": entry}}), encoding="utf-8")
    outcome = cli("roles", "import", "w.json", "--into", "les")
    assert (outcome.code, outcome.out, outcome.err) == (0, "roles/w.lorebook.md\n", "")
    assert "Дракон спит за рекой." in cli("render", "--role", "les", "Где спит дракон?").out
    assert cli("roles", "validate", "roles/les.yaml").code == 0
    assert cli("roles", "import", "w.json", "--as", "v", "--json").json["id"] is None
    assert "no role knows it yet" in cli("roles", "import", "w.json", "--as", "u").err


def test_what_does_not_go_together_is_refused(cli: Cli, home: Path, alice: Path) -> None:
    (home / "w.json").write_text(json.dumps({"entries": {"0": {"key": ["x"], "content": "X."}}}), encoding="utf-8")
    assert "extends nothing" in cli("roles", "import", "w.json", "--extends", "poet").refusal
    assert "a role of its own" in cli("roles", "import", alice, "--into", "poet").refusal
    (home / "p.json").write_text('{"input_sequence": "a", "output_sequence": "b"}', encoding="utf-8")
    assert "instruct preset, not a card" in cli("roles", "import", "p.json").refusal
