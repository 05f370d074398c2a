from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from role_engine.app.new_role import write_new_role
from role_engine.errors import SettingsError


def test_a_file_that_comes_while_the_role_is_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody puts a role there between any look and the writing: as soon as a file is opened or named."""
    path = tmp_path / "poet.yaml"
    real_open, real_link = os.open, os.link

    def put_there() -> None:
        descriptor = real_open(path, os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, b"theirs")
        os.close(descriptor)

    def racing_open(name: object, *arguments: object, **options: object) -> int:
        if not path.exists():
            put_there()
        return real_open(name, *arguments, **options)  # type: ignore[arg-type]

    def racing_link(source: Path, target: Path) -> None:
        path.unlink()  # as late as can be: nothing was there when the text was written
        put_there()
        real_link(source, target)

    with monkeypatch.context() as patch, pytest.raises(SettingsError, match="such a role already"):
        patch.setattr(os, "open", racing_open)
        patch.setattr(os, "link", racing_link)
        write_new_role(tmp_path, "poet", title="Поэт", parent=None)
    assert path.read_bytes() == b"theirs"
    assert [found.name for found in tmp_path.iterdir()] == ["poet.yaml"]


@pytest.mark.parametrize("number", range(10))
def test_of_many_that_write_one_role_one_wins(tmp_path: Path, number: int) -> None:
    titles = [f"Поэт {number}{letter}" for letter in "абвг"]
    barrier, refused = threading.Barrier(len(titles)), list[str]()

    def write(title: str) -> None:
        barrier.wait()
        try:
            write_new_role(tmp_path, "poet", title=title, parent=None)
        except SettingsError:
            refused.append(title)

    threads = [threading.Thread(target=write, args=[title]) for title in titles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = set(titles) - set(refused)
    assert f'name: "{winner}"' in (tmp_path / "poet.yaml").read_text("utf-8")
