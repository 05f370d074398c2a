"""Reading: bounded, and never through a link that has come since a path was resolved."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from role_engine.errors import RoleError
from role_engine.files import UnreadableFile, is_file, read_bounded, read_unlinked
from role_engine.knowledge import KnowledgeLibrary
from role_engine.roles import load_role_file

READERS = [read_bounded, read_unlinked]
needs_links = pytest.mark.skipif(os.name == "nt", reason="links need rights there")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path.resolve()


@pytest.mark.parametrize("read", READERS)
def test_what_is_read_and_what_is_not(folder: Path, read: object) -> None:
    assert callable(read)
    path = folder / "a.md"
    path.write_bytes(b"0123456789")
    assert read(path, 10) == b"0123456789"
    for name, said in (
        ("a.md", "larger than 9"),
        ("none.md", "no such file"),
        ("a.md/b.md", "no such file"),
        (".", "not a file"),
        ("x" * 300, "Cannot be read"),
        ("nul\0", "Cannot be read"),
    ):
        with pytest.raises(UnreadableFile, match=said):
            read(folder / name if name != "." else folder, 9)
        assert not is_file(folder / name) or name == "a.md"


@pytest.mark.parametrize("read", READERS)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_is_not_waited_for(folder: Path, read: object) -> None:
    assert callable(read)
    os.mkfifo(folder / "pipe")
    with pytest.raises(UnreadableFile, match="not a file"):
        read(folder / "pipe", 9)


@needs_links
def test_a_link_anywhere_in_the_path_is_refused(folder: Path) -> None:
    (folder / "secret").mkdir()
    (folder / "secret/a.md").write_bytes(b"1")
    (folder / "link").symlink_to("secret")
    (folder / "a.md").symlink_to("secret/a.md")
    (folder / "loop").symlink_to("loop")
    assert read_bounded(folder / "link/a.md", 9) == read_bounded(folder / "a.md", 9) == b"1"
    for name in ("link/a.md", "a.md", "loop", "loop/a.md"):
        with pytest.raises(UnreadableFile, match="through a link"):
            read_unlinked(folder / name, 9)


class Swapping:
    """Puts a link into a file's place and takes it away again, over and over."""

    def __init__(self, path: Path, other: Path) -> None:
        self._path, self._other, self._end = path, other, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        content, name = self._path.read_bytes(), self._path.name
        link, plain = self._path.with_name(f"{name}.link"), self._path.with_name(f"{name}.plain")
        while not self._end.is_set():
            link.symlink_to(self._other)
            os.replace(link, self._path)
            plain.write_bytes(content)
            os.replace(plain, self._path)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self._thread.join()


@needs_links
def test_a_link_that_is_swapped_in_while_files_are_read(folder: Path) -> None:
    """Of a role that reads its text and its knowledge, over and over: nothing from outside, and nothing is raised."""
    roles = folder / "roles"
    roles.mkdir()
    (folder / "secret.md").write_text("Тайна лежит снаружи.", encoding="utf-8")
    for name in ("text.md", "notes.md"):
        (roles / name).write_text("Маяк стоит на мысу.", encoding="utf-8")
    role = roles / "keeper.yaml"
    role.write_text("name: Смотритель\nsystem_file: text.md\n", encoding="utf-8")
    library, seen = KnowledgeLibrary(folder / "cache"), set()
    with Swapping(roles / "text.md", folder / "secret.md"), Swapping(roles / "notes.md", folder / "secret.md"):
        for number in range(1000):
            try:
                seen.add(load_role_file(role).said["system"])
            except RoleError as error:
                assert "link" in error.message or "leaves the role" in error.message, error
            if number % 20 == 0:
                seen.update(one.text for one in library.find([roles / "notes.md"], "Где маяк, где тайна?", 3))
    assert seen == {"Маяк стоит на мысу."}
