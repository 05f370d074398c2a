from __future__ import annotations

from pathlib import Path

import pytest

from role_engine import RoleLibrary
from role_engine.cards.importing import BIN
from role_engine.errors import RoleEngineError, SettingsError
from role_engine.hosts.panel.roles.role_files import ChangedMeanwhile, RoleFiles

POET = "# мой поэт\nname: Поэт\nsystem: Ты — поэт.\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "roles"
    folder.mkdir(parents=True)
    (folder / "poet.yaml").write_text(POET, encoding="utf-8")
    return folder


@pytest.fixture
def files(own: Path, tmp_path: Path) -> RoleFiles:
    brought = tmp_path / "brought"
    brought.mkdir()
    (brought / "clerk.yaml").write_text("name: Писарь\nsystem: Ты — писарь.\n", encoding="utf-8")
    return RoleFiles(own, RoleLibrary([own, brought]))


def test_a_role_is_saved_as_it_was_written(files: RoleFiles, own: Path) -> None:
    opened = files.open("poet")
    assert opened.text == POET and opened.own
    saved = files.save("poet", POET.replace("поэт.", "поэт моря."), opened.version)
    assert (own / "poet.yaml").read_text("utf-8").startswith("# мой поэт\n")
    assert files.library.get("poet").system == "Ты — поэт моря."
    assert saved.version != opened.version
    assert [path.name for path in own.iterdir()] == ["poet.yaml"], "no temporary file stays"


def test_somebody_elses_newer_version_is_not_overwritten(files: RoleFiles, own: Path) -> None:
    opened = files.open("poet")
    (own / "poet.yaml").write_text("name: Другой\nsystem: Ты — другой.\n", encoding="utf-8")
    with pytest.raises(ChangedMeanwhile):
        files.save("poet", POET, opened.version)
    assert "Другой" in (own / "poet.yaml").read_text("utf-8")


@pytest.mark.parametrize(("text", "line"), [("name: [\n", 2), ("name: Поэт\nsistem: Ты.\n", 2), ("name: Поэт\n", None)])
def test_what_makes_no_role_is_not_written(files: RoleFiles, own: Path, text: str, line: int | None) -> None:
    opened = files.open("poet")
    with pytest.raises(RoleEngineError) as refused:
        files.save("poet", text, opened.version)
    assert refused.value.line == line
    assert (own / "poet.yaml").read_text("utf-8") == POET
    assert [problem.line for problem in files.check("poet", text).problems] == [line]


def test_a_role_of_the_project_becomes_a_copy_of_the_users(files: RoleFiles, own: Path, tmp_path: Path) -> None:
    opened = files.open("clerk")
    assert not opened.own
    files.save("clerk", opened.text + "reminder: Пиши.\n", opened.version)
    assert files.library.get("clerk").reminder == "Пиши."
    assert "reminder" not in (tmp_path / "brought" / "clerk.yaml").read_text("utf-8")
    with pytest.raises(ChangedMeanwhile):  # opened before there was a copy
        files.save("clerk", opened.text, opened.version)


def test_new_and_copied_roles_take_no_name_that_is_taken(files: RoleFiles, own: Path) -> None:
    assert files.new("mine", "Моя", None).own
    assert files.library.get("mine").name == "Моя"
    assert files.duplicate("poet", "poet2").text == POET
    for taken in ("poet", "clerk", "../poet", "none", "Ж"):
        with pytest.raises(SettingsError):
            files.new(taken, "Моя", None)
        with pytest.raises(SettingsError):
            files.duplicate("poet", taken)
    assert (own / "poet.yaml").read_text("utf-8") == POET


def test_a_deleted_role_lies_in_the_bin(files: RoleFiles, own: Path) -> None:
    kept = files.delete("poet")
    assert kept.read_text("utf-8") == POET and kept.parent == own.parent / BIN
    assert "poet" not in files.library
    for gone in ("poet", "clerk", "../../etc/passwd"):
        with pytest.raises(SettingsError):
            files.delete(gone)


def test_what_an_import_laid_beside_a_role_goes_with_it(files: RoleFiles, own: Path) -> None:
    def beside(role: str) -> list[Path]:
        made = [own / f"{role}{suffix}" for suffix in (".card.json", ".lorebook.md", ".png")]
        for path in made:
            path.write_text("{}", encoding="utf-8")
        return made

    made, note = beside("poet"), own / "poet.md"
    note.touch()
    kept = files.delete("poet")
    assert not any(path.exists() for path in made) and note.exists()
    assert sorted(path.name.removeprefix(kept.stem) for path in kept.parent.iterdir()) == [
        *(".card.json", ".lorebook.md", ".png", ".yaml")
    ]

    (own / "poet.yaml").write_text(f"{POET}card: poet.card.json\n", encoding="utf-8")
    made = beside("poet")
    files.duplicate("poet", "copy")
    files.delete("poet")
    assert all(path.exists() for path in made), "the copy lives on them"
