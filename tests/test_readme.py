"""What the README and the docs show is true: their snippets run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary, validate_role_file

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.ru.md"]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_role_of_the_readme_is_valid(path, tmp_path):
    file = tmp_path / "botanist.yaml"
    file.write_text(blocks(path, "yaml")[0], encoding="utf-8")
    library = RoleLibrary([tmp_path, ROOT / "roles"])
    names = TemplateLibrary([ROOT / "prompt-templates"]).names()
    assert validate_role_file(file, library, templates=names).problems == ()
    assert "Отвечай" in library.get("botanist").system  # from the role that it extends


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_python_of_the_readme_runs(path, capsys):
    snippet = next(block for block in blocks(path, "python") if "LanguagePolicy" in block)
    exec(compile(snippet, str(path), "exec"), {})
    assert capsys.readouterr().out.startswith("cjk")


def test_an_engine_of_ones_own_as_in_the_docs(capsys):
    snippet = blocks(ROOT / "docs" / "architecture.md", "python")[0]
    exec(compile(snippet, "architecture.md", "exec"), {})
    assert capsys.readouterr().out == "Я попугай\n2\n"


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_commands_of_the_readme_run(path):
    shown = next(block for block in blocks(path, "bash") if "role-engine check" in block)
    assert "role-engine check --mode strict - <<< 'Это рyчка'" in shown
    assert "role-engine render --role philosopher 'Кто ты?'" in shown
    assert role_engine("check", "--mode", "strict", "-", given="Это рyчка").returncode == 1
    rendered = role_engine("render", "--role", "philosopher", "Кто ты?")
    assert rendered.returncode == 0
    assert "Кто ты?" in rendered.stdout


def role_engine(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "role_engine", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "extensions"), "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, input=given, text=True, capture_output=True, check=False)


def test_both_readmes_have_the_same_sections():
    headings = [len(re.findall(r"^## ", path.read_text("utf-8"), re.MULTILINE)) for path in READMES]
    assert headings[0] == headings[1]
