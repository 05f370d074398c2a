"""What constrains the model is made when `serve` starts, and kept on the disk."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.hosts.serve.embedded_server import embedded_server


def test_masks_are_made_before_anybody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLE_ENGINE_CACHE", str(tmp_path))
    with embedded_server("--no-page"):
        limit = time.monotonic() + 60
        while len([*tmp_path.glob("decoder/*.kept")]) < 4:  # characters, vocabulary, the tries of both modes
            assert time.monotonic() < limit, [*tmp_path.rglob("*")]
            time.sleep(0.1)
    assert {file.name.split("-")[0] for file in tmp_path.glob("decoder/*.kept")} == {
        "characters",
        "tokens",
        "vocabulary",
    }
