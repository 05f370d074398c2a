"""`role-engine serve`: what it refuses before anything is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from role_engine.errors import InputError, RoleEngineError, SettingsError, UnknownRole
from role_engine.hosts.cli.serve import serve
from role_engine.hosts.serve.server import listening_socket
from role_engine.paths import folders


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Any:
    monkeypatch.delenv("ROLE_ENGINE_API_KEY", raising=False)
    app = typer.Typer()

    @app.callback()
    def options(context: typer.Context) -> None:
        context.obj = folders(folder.parent, {})

    app.command("serve")(serve)
    return lambda *arguments: CliRunner().invoke(app, ["serve", "--model", "nowhere", *arguments]).exception


@pytest.mark.parametrize(
    ("arguments", "kind", "said"),
    [
        (["--host", "0.0.0.0"], SettingsError, "there is no key"),
        (["--key-file", "missing"], InputError, "cannot be read"),
        (["--role", "nobody"], UnknownRole, "Known roles"),
        (["--port", "0"], RoleEngineError, ""),  # no such model, or nothing to run it with
    ],
)
def test_refusals(run: Any, arguments: list[str], kind: type[Exception], said: str) -> None:
    error = run(*arguments)
    assert isinstance(error, kind)
    assert said in str(error)


def test_a_taken_port(run: Any) -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        assert "Cannot serve on" in str(run("--port", str(taken.getsockname()[1])))


def test_a_key_opens_the_door(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLE_ENGINE_API_KEY", "key")
    assert "there is no key" not in str(run("--host", "0.0.0.0", "--port", "0"))
