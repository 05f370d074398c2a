"""The library is as fresh as its files, reads no more than it must, and outlives a broken one."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

import pytest

from role_engine.errors import RoleError, UnknownRole
from role_engine.roles import RoleLibrary


def write(folder: Path, role_id: str, text: str) -> None:
    """As an editor saves: a new file under the old name."""
    path = folder / f"{role_id}.yaml"
    part = folder / f".{role_id}.part"
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def role(name: str, more: str = "") -> str:
    return f"name: {name}\nsystem: Система роли {name}.\n{more}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "base", role("Основа"))
    write(tmp_path, "child", "name: Дитя\nextends: base\n")
    write(tmp_path, "other", role("Другая"))
    return tmp_path


def test_an_unchanged_library_reads_nothing_again(folder: Path) -> None:
    library = RoleLibrary([folder])
    first = library.all()
    assert library.parses == 3
    for _ in range(5):
        assert library.all() == first
        assert library.get("child") is first[1]
        assert "child" in library
        assert library.errors() == {}
    assert library.parses == 3


def test_only_what_has_changed_is_read_again(folder: Path) -> None:
    library = RoleLibrary([folder])
    other = library.get("other")
    write(folder, "base", role("Основа", "greeting: Новое.\n"))
    assert library.get("child").greeting == "Новое."  # the child of a changed parent changes with it
    assert library.parses == 4
    assert library.get("other") is other


def test_a_change_of_equal_size_in_the_same_file_is_seen(folder: Path) -> None:
    library = RoleLibrary([folder])
    assert library.get("other").name == "Другая"
    path = folder / "other.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Другая", "Другой"), encoding="utf-8")
    assert library.get("other").name == "Другой"


def test_new_and_deleted_files(folder: Path) -> None:
    library = RoleLibrary([folder])
    assert library.ids() == ("base", "child", "other")
    write(folder, "new", role("Новая"))
    (folder / "other.yaml").unlink()
    assert library.ids() == ("base", "child", "new")
    with pytest.raises(UnknownRole):
        library.get("other")


def test_a_broken_file_keeps_its_last_good_version(folder: Path) -> None:
    library = RoleLibrary([folder])
    assert library.get("base").name == "Основа"
    write(folder, "base", "name: Основа\nsytem: x\n")
    assert library.get("base").name == "Основа"
    assert library.get("child").system == "Система роли Основа."
    assert list(library.errors()) == ["base"]
    assert library.errors()["base"].line == 2
    write(folder, "base", role("Мощная основа"))
    assert library.get("base").name == "Мощная основа"
    assert library.errors() == {}


def test_a_file_that_never_worked_raises_its_own_error(folder: Path) -> None:
    write(folder, "bad", "nam: x\n")
    library = RoleLibrary([folder])
    assert "bad" not in library
    with pytest.raises(RoleError, match="Unknown key 'nam'"):
        library.get("bad")


def test_a_child_outlives_its_parent_and_says_so(folder: Path) -> None:
    library = RoleLibrary([folder])
    before = library.get("child")
    (folder / "base.yaml").unlink()
    assert library.get("child") == before
    assert "not there" in str(library.errors()["child"])
    write(folder, "base", role("Основа", "greeting: Снова.\n"))
    assert library.get("child").greeting == "Снова."
    assert library.errors() == {}


def test_a_new_circle_keeps_the_last_good_versions(folder: Path) -> None:
    library = RoleLibrary([folder])
    before = library.get("child")
    write(folder, "base", role("Основа", "extends: child\n"))
    assert library.get("child") == before
    assert set(library.errors()) == {"base", "child"}


def test_a_changed_system_file_is_seen(folder: Path) -> None:
    book = folder / "book.md"
    write(folder, "reader", "name: Чтец\nsystem_file: book.md\n")
    write(folder, "listener", "name: Слушатель\nextends: reader\n")
    library = RoleLibrary([folder])
    assert "no such file" in str(library.errors()["reader"])
    book.write_text("Том первый.", encoding="utf-8")
    assert library.get("listener").system == "Том первый."
    book.write_text("Том второй, подлиннее.", encoding="utf-8")
    assert library.get("listener").system == "Том второй, подлиннее."
    book.unlink()
    assert library.get("reader").system == "Том второй, подлиннее."
    assert "reader" in library.errors()
    parses = library.parses
    library.all()
    assert library.parses == parses


def test_the_earlier_folder_wins(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    own = tmp_path_factory.mktemp("own")
    library = RoleLibrary([own, folder])
    assert library.get("base").name == "Основа"
    write(own, "base", role("Своя основа"))
    assert library.get("child").system == "Система роли Своя основа."
    (own / "base.yaml").unlink()
    assert library.get("base").name == "Основа"


def test_a_broken_file_of_one_folder_is_not_replaced_by_the_other(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = tmp_path_factory.mktemp("own")
    write(own, "base", "nam: x\n")
    with pytest.raises(RoleError, match="nam"):
        RoleLibrary([own, folder]).get("base")


def test_a_missing_folder_is_an_empty_one(tmp_path: Path) -> None:
    library = RoleLibrary([tmp_path / "later"])
    assert library.all() == ()
    assert len(library) == 0
    (tmp_path / "later").mkdir()
    write(tmp_path / "later", "a", role("А"))
    assert library.ids() == ("a",)


def test_what_is_not_a_role_file_is_passed_over(folder: Path) -> None:
    for name in ("notes.md", ".hidden.yaml", "base.yaml.bak", "base.yaml~", "x.yml"):
        (folder / name).write_text("nothing")
    library = RoleLibrary([folder])
    assert library.ids() == ("base", "child", "other")
    assert library.errors() == {}


def test_an_unknown_name_lists_the_known_ones(folder: Path) -> None:
    with pytest.raises(UnknownRole, match="Did you mean 'child'") as caught:
        RoleLibrary([folder]).get("chld")
    assert caught.value.known == ("base", "child", "other")


@pytest.mark.parametrize("name", ["../base", "base.yaml", "", "BASE", "none", "a/b", "\0"])
def test_a_name_never_becomes_a_path(folder: Path, name: str) -> None:
    with pytest.raises(UnknownRole):
        RoleLibrary([folder]).get(name)


def test_reload_reads_everything_again_and_keeps_what_was_good(folder: Path) -> None:
    library = RoleLibrary([folder])
    before = library.all()
    library.reload()
    assert library.parses == 6
    assert library.all() == before


def test_lora_is_accepted_and_said_to_be_ignored_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(folder, "lora", role("С адаптером", "lora: {path: x, weight: 1.0}\n"))
    library = RoleLibrary([folder])
    with caplog.at_level(logging.WARNING):
        library.all()
        write(folder, "lora", role("С адаптером опять", "lora: {path: x}\n"))
        assert library.get("lora").lora is not None
    assert caplog.text.count("ignored") == 1


def test_a_role_cannot_be_changed(folder: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        RoleLibrary([folder]).get("base").name = "x"


def test_many_threads_while_files_change(folder: Path) -> None:
    library = RoleLibrary([folder])
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                assert library.get("child").system.startswith("Система роли Основа")
                assert {r.id for r in library.all()} == {"base", "child", "other"}
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for i in range(30):
        write(folder, "base", role(f"Основа{i}") if i % 3 else "nam: broken\n")
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
