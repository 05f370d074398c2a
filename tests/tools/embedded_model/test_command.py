"""`python -m tools.embedded_model`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from role_engine.embedded import MODEL
from tools.embedded_model.__main__ import train_embedded


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command()(train_embedded)
    return app


def test_exporting_without_a_file_is_wrong_use(app: typer.Typer, tmp_path: Path) -> None:
    outcome = CliRunner().invoke(app, [str(tmp_path), "--export-only"])
    assert outcome.exit_code == 2


def test_it_writes_gguf_from_a_model_that_is_there(app: typer.Typer, tmp_path: Path) -> None:
    pytest.importorskip("gguf", reason="writing GGUF needs the gguf package")
    pytest.importorskip("torch", reason="bfloat16 weights are read with torch")
    shutil.copytree(MODEL, tmp_path / "model")
    out = tmp_path / "model.gguf"
    outcome = CliRunner().invoke(app, [str(tmp_path / "model"), "--export-only", "--gguf", str(out), "--json"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout) == {"gguf": str(out)}
    assert out.read_bytes()[:4] == b"GGUF"


def test_it_trains_with_a_bar_on_standard_error(app: typer.Typer, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training runs on torch")
    pytest.importorskip("transformers", reason="training runs on transformers")
    pytest.importorskip("safetensors", reason="weights are written as safetensors")
    outcome = CliRunner().invoke(app, [str(tmp_path / "model"), "--steps", "1", "--json"])
    assert outcome.exit_code == 0, outcome.output
    assert json.loads(outcome.stdout)["steps"] == 1
    assert "training" in outcome.stderr
    assert (tmp_path / "model/model.safetensors").is_file()
