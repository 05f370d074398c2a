"""A role's files on the command line: in the prompt, in its bill, and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.cli.conftest import Cli

ASKED = "Когда сажать чеснок?"


@pytest.fixture(autouse=True)
def gardener(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROLE_ENGINE_CACHE", str(home / "cache"))
    roles = home / "roles"
    roles.mkdir()
    (roles / "notes.md").write_text("# Огород\n\nЧеснок сажают в октябре.\n", encoding="utf-8")
    (roles / "gardener.yaml").write_text(
        "name: Огородник\nsystem: Ты — огородник.\nreminder: По-русски.\nknowledge:\n  files:\n    - notes.md\n",
        encoding="utf-8",
    )
    return roles


def test_render_shows_the_block_and_its_cost(cli: Cli, home: Path) -> None:
    outcome = cli("render", "--role", "gardener", ASKED)
    assert f"{ASKED}\n\nИнформация (notes.md, «Огород»): Чеснок сажают в октябре.\n\nПо-русски." in outcome.out
    assert "knowledge" in outcome.err
    assert list((home / "cache" / "knowledge").glob("*/*/about.json"))


def test_the_bill_has_it_as_a_part(cli: Cli) -> None:
    bill = cli("render", "--role", "gardener", "--json", ASKED).json["bill"]
    assert bill["parts"]["knowledge"] > 10
    assert sum(bill["parts"].values()) == bill["total"]
    assert cli("render", "--role", "gardener", "--json", "Привет!").json["bill"]["parts"]["knowledge"] == 0


def test_validate_says_what_is_wrong_with_a_file_and_where(cli: Cli, gardener: Path) -> None:
    assert cli("roles", "validate", "roles/gardener.yaml").code == 0
    (gardener / "notes.md").write_bytes("Старый текст".encode("cp1251"))
    outcome = cli("roles", "validate", "roles/gardener.yaml")
    assert outcome.code == 1
    assert "gardener.yaml:6: `knowledge.files`, notes.md: Is not UTF-8 (byte 0). Save it as UTF-8." in outcome.out


def test_a_link_out_of_the_roles_folder_is_refused(cli: Cli, home: Path, gardener: Path) -> None:
    (home / "secret.md").write_text("Тайна чеснока.", encoding="utf-8")
    (gardener / "notes.md").unlink()
    (gardener / "notes.md").symlink_to(home / "secret.md")
    outcome = cli("render", "--role", "gardener", ASKED)
    assert "leaves the role's folder" in outcome.refusal
