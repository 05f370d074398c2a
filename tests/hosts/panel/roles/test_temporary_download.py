from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

from role_engine.hosts.panel.roles.temporary_download import TemporaryDownload

EXTENSIONS = str(Path(__file__).parents[3] / "extensions")


def test_a_file_goes_with_the_next_one_and_with_its_session(tmp_path: Path) -> None:
    given_out = TemporaryDownload()
    first = given_out.put("poet.png", b"1", tmp_path / "cache")
    assert first.name == "poet.png" and first.read_bytes() == b"1"
    second = given_out.put("poet.png", b"2", tmp_path / "cache")
    assert not first.exists() and second.read_bytes() == b"2"
    given_out.clear()
    given_out.clear()
    assert list((tmp_path / "cache").iterdir()) == []
    given_out.put("poet.png", b"3", tmp_path)
    del given_out
    gc.collect()
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_a_file_goes_with_the_program(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from role_engine.hosts.panel.roles.temporary_download import TemporaryDownload\n"
        "kept = TemporaryDownload(); assert kept.put('a', b'1', pathlib.Path(sys.argv[1])).exists()"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], check=True, env={"PYTHONPATH": EXTENSIONS}, timeout=60
    )
    assert list(tmp_path.iterdir()) == []
