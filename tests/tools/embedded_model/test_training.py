"""Training, cut short: what it writes, what it tells, and that it can be repeated."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from role_engine import BackendError
from role_engine.embedded import MODEL
from tools.embedded_model.training import MANIFEST, TrainReport, train

STEPS = 2


@pytest.fixture
def torch_is_there() -> None:
    pytest.importorskip("torch", reason="training runs on torch")
    pytest.importorskip("transformers", reason="training runs on transformers")
    pytest.importorskip("safetensors", reason="weights are written as safetensors")


@pytest.mark.usefixtures("torch_is_there")
def test_two_runs_give_the_same_model(tmp_path: Path) -> None:
    told: list[tuple[int, int, float]] = []
    first = train(tmp_path / "one", max_steps=STEPS, progress=lambda *step: told.append(step))
    second = train(tmp_path / "two", max_steps=STEPS)

    assert [(done, of) for done, of, _ in told] == [(1, STEPS), (2, STEPS)]
    assert isinstance(first, TrainReport) and first.steps == STEPS
    assert first.final_loss == pytest.approx(second.final_loss, rel=0.01)
    assert first.corpus == second.corpus

    written = {file.name for file in (tmp_path / "one").iterdir()}
    assert written == {file.name for file in MODEL.iterdir()}
    digests = [json.loads((tmp_path / run / MANIFEST).read_text("utf-8"))["sha256"] for run in ("one", "two")]
    assert digests[0]["tokenizer.json"] == digests[1]["tokenizer.json"]


@pytest.mark.usefixtures("torch_is_there")
def test_the_shipped_tokenizer_is_the_one_that_the_script_makes(tmp_path: Path) -> None:
    train(tmp_path / "one", max_steps=1)
    assert (tmp_path / "one/tokenizer.json").read_bytes() == (MODEL / "tokenizer.json").read_bytes()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("safetensors", "torch", "transformers"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BackendError, match=r"needs the package '\w+'.*pip install torch"):
        train(tmp_path)
