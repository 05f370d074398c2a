"""What somebody has to type to call the program again."""

from __future__ import annotations

from pathlib import Path

import pytest

from role_engine.hosts.cli.program_name import program_name
from tests.installing import program


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The program, in an environment below the current folder."""
    path = tmp_path / "own/venv/bin/role-engine"
    path.parent.mkdir(parents=True)
    program(path, "#!/bin/sh\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return str(path)


def test_its_name_where_the_shell_finds_it(called: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(called).parent))
    assert program_name(called) == "role-engine"


def test_its_path_where_the_shell_finds_none(called: str) -> None:
    assert program_name(called) == str(Path("own/venv/bin/role-engine"))


def test_its_path_where_the_shell_finds_another(called: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    program(tmp_path / "other/role-engine", "#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(tmp_path / "other"))
    assert program_name(called) == str(Path("own/venv/bin/role-engine"))


def test_the_whole_path_from_elsewhere(called: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert program_name(called) == called


def test_as_a_module() -> None:
    assert program_name("/checkout/role_engine/__main__.py") == "python -m role_engine"


def test_its_name_when_some_other_program_has_it_inside() -> None:
    assert program_name("/usr/bin/pytest") == "role-engine"
