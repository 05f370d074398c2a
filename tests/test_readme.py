"""What the READMEs show is true: every command and every snippet in them runs.

A command finds its way to run in `test_every_command_runs`; one that is not known there fails the test.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary, validate_role_file
from tests import installing
from tests.installing import CHECKOUT, program, write
from tests.readme_commands import BASH, blocks, commands, words
from tests.test_install import make_webui
from tests.test_install_environment import TOOL_INSIDE, Machine

READMES = [CHECKOUT / "README.md", CHECKOUT / "README.ru.md"]
COMMANDS = list(dict.fromkeys(command for path in READMES for command in commands(path)))
SERVER = re.compile(r"http://127\.0\.0\.1:(5000|7861)")

pytestmark = installing.needs_bash


def needs_torch() -> None:
    for name in ("torch", "transformers"):
        pytest.importorskip(name, reason=f"the embedded model needs {name}")


def extras() -> set[str]:
    tomllib = pytest.importorskip("tomllib", reason="reading pyproject.toml needs Python 3.11")
    return set(tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with the command `role-engine`, and an empty home."""
    home = tmp_path_factory.mktemp("home")
    program(home / "bin/role-engine", f'#!/bin/sh\nexec "{sys.executable}" -m role_engine "$@"\n')
    path = f"{home / 'bin'}:{os.environ['PATH']}"
    more = {"HOME": str(home), "PATH": path, "PYTHONPATH": str(CHECKOUT / "extensions"), "PYTHONUTF8": "1"}
    return installing.plain_environment(**more)


@pytest.fixture(scope="module")
def server(shell: dict[str, str]) -> Iterator[str]:
    """The README's `role-engine serve`, on a free port; its address."""
    needs_torch()
    pytest.importorskip("uvicorn", reason="serve needs uvicorn")
    command = [sys.executable, "-u", "-m", "role_engine", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=shell, cwd=shell["HOME"], text=True, stderr=subprocess.PIPE)
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if address := re.search(r"http://127\.0\.0\.1:\d+", line):
            break
    else:
        raise AssertionError("serve did not start:\n" + "".join(told))
    yield address.group()
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0


def run(command: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BASH, "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True, encoding="utf-8",
        capture_output=True, timeout=110, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command.split())[:60])
def test_every_command_runs(  # noqa: C901 - a case for each command of the READMEs
    command: str, shell: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    match words(command):
        case ["./install.sh", "--demo", *options]:
            demo(options[1:], tmp_path)
        case ["./install.sh", "--test", *options]:
            assert Machine(tmp_path).run("--test", *options).returncode == 0
        case ["./install.sh", "--help"]:
            assert "Usage:" in run(command, shell, CHECKOUT).stdout
        case ["./install.sh", *_, "~/text-generation-webui"]:
            webui = make_webui(tmp_path / "text-generation-webui")
            here = shell | {"HOME": str(tmp_path), "ROLE_ENGINE_PYTHON": sys.executable}
            if "--uninstall" in command:
                run("./install.sh ~/text-generation-webui", here, CHECKOUT)
            result = run(command, here, CHECKOUT)
            assert result.returncode == 0, result.stderr
            assert (webui / "user_data/extensions/role_engine/script.py").exists() is ("--uninstall" not in command)
        case ["pip", "install", *options, what] if set(options) <= {"-e"}:
            named = re.fullmatch(r"(\.|role-engine)(?:\[(.*)\])?", what)
            assert named, command
            assert set((named[2] or "demo").split(",")) <= extras()
        case ["curl", *_]:
            result = run(SERVER.sub(request.getfixturevalue("server"), command), shell, tmp_path)
            assert '"role_engine":' in result.stdout and '"philosopher"' in result.stdout, result
        case ["role-engine", "serve", *options]:
            assert options == [], "the fixture that serves gives no options"
            assert request.getfixturevalue("server")
        case ["role-engine", "chat", *_]:
            needs_torch()
            result = run(command, shell, tmp_path)
            assert result.returncode == 0, result.stderr
            assert result.stdout.strip()
        case ["role-engine", "check", *_]:
            assert run(command, shell, tmp_path).returncode == 1
        case ["role-engine", "render", *_, question]:
            assert question in run(command, shell, tmp_path).stdout
        case ["role-engine", "roles", "validate", file]:
            write(tmp_path / file, blocks(READMES[0], "yaml")[0])
            result = run(command, shell, tmp_path)
            assert result.returncode == 0, result.stderr
        case _:
            pytest.fail(f"there is no way to run it: {command}")


def demo(options: list[str], folder: Path) -> None:
    """The installer with a Python that fetches nothing, and the real demo in what it made."""
    needs_torch()
    machine = Machine(folder)
    machine.free(9000)
    text = f'#!/bin/sh\nPYTHONPATH="{CHECKOUT / "extensions"}" exec "{sys.executable}" -m role_engine "$@"\n'
    program(machine.programs / "tool-inside", text)
    assert text != TOOL_INSIDE
    result = machine.run("--demo", "--", "--questions", "2", *options, HOME=str(folder), PYTHONUTF8="1")
    assert result.returncode == 0, result.stderr
    assert "guard off" in result.stdout and "guard on" in result.stdout


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_role_of_the_readme_is_valid(path: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "botanist.yaml", blocks(path, "yaml")[0])
    library = RoleLibrary([tmp_path, CHECKOUT / "roles"])
    names = TemplateLibrary([CHECKOUT / "prompt-templates"]).names()
    assert validate_role_file(file, library, templates=names).problems == ()
    assert "Отвечай" in library.get("botanist").system  # from the role that it extends


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_demos_environment_is_where_it_says(path: Path) -> None:
    named = set(re.findall(r"(\.role-engine/\w+)/bin/", path.read_text("utf-8")))
    installer = (CHECKOUT / "installer/environment.sh").read_text("utf-8")
    assert "OWN=$SELF/.role-engine\nVENV=$OWN/venv\n" in installer
    assert named == {".role-engine/venv"}


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_check_in_python(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    snippet = next(block for block in blocks(path, "python") if "LanguagePolicy" in block)
    exec(compile(snippet, str(path), "exec"), {})
    assert capsys.readouterr().out.startswith("cjk")


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_openai_client(path: Path, server: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("openai", reason="the README shows its client")
    snippet = next(block for block in blocks(path, "python") if "OpenAI" in block)
    exec(compile(SERVER.sub(server, snippet), str(path), "exec"), {})
    text, report = capsys.readouterr().out.rsplit("\n", 2)[:2]
    assert text.strip()
    assert "'role': 'philosopher'" in report


def test_an_engine_of_ones_own_as_in_the_docs(capsys: pytest.CaptureFixture[str]) -> None:
    snippet = blocks(CHECKOUT / "docs" / "architecture.md", "python")[0]
    exec(compile(snippet, "architecture.md", "exec"), {})
    assert capsys.readouterr().out == "Я попугай\n2\n"


def test_every_python_snippet_is_one_of_these() -> None:
    for path in READMES:
        assert len(blocks(path, "python")) == 2


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (CHECKOUT / target).exists(), target


def test_both_readmes_say_the_same() -> None:
    headings = [len(re.findall(r"^## ", path.read_text("utf-8"), re.MULTILINE)) for path in READMES]
    assert headings[0] == headings[1]
    assert commands(READMES[0]) == commands(READMES[1])


def test_the_readmes_stay_short() -> None:
    for path in READMES:
        assert len(path.read_text("utf-8").splitlines()) <= 160
