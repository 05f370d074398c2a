"""A folder that appears with all that is in it, or not at all.

It is made inside a folder of work beside its place. Where it takes another's place, that one goes into the folder of
work first; a kill between the two renames is mended by the next writer there: the former folder is back under its name.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from role_engine.files.locks import folder_lock, release
from role_engine.files.temporary import (
    FORMER,
    NEW,
    clear_leftovers,
    flush_names,
    make_folder,
    remove,
    temporary_path,
    write_journal,
)


@contextmanager
def new_folder(
    path: Path, *, replace: bool = False, lasting: bool = True, accept: Callable[[], None] | None = None
) -> Iterator[Path]:
    """An empty folder beside `path`, which becomes `path` when the block ends well, and vanishes when it does not.

    Args:
        replace: in the place of a folder that is there.
        lasting: it is to survive a power cut; False for what can be made again.
        accept: asked once more before a folder that is there is replaced; what it raises ends the whole.

    Raises:
        FileExistsError: something is there, and `replace` is not given.
        OSError: it cannot be written; nothing is left behind, and what was there is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers([path.parent])
    work = temporary_path(path)
    handle = make_folder(work)
    try:
        os.mkdir(work / NEW)
        yield work / NEW
        if lasting:
            _bring_to_disk(work / NEW)
        with folder_lock(path.parent):
            if not os.path.lexists(path):
                os.rename(work / NEW, path)
            elif replace:
                if accept is not None:
                    accept()
                _swap(work, path)
            else:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        if lasting:
            flush_names(path.parent)
    finally:
        if os.path.lexists(path) or not os.path.lexists(work / FORMER):  # else what was there waits to be put back
            remove(work)
        release(handle)


@contextmanager
def fill_folder(path: Path, last: str) -> Iterator[Path]:
    """An empty folder whose files take their places in `path` when the block ends well, each as a whole.

    Args:
        path: made where it is missing; what else is in it stays.
        last: the file that says what the others are, and comes after them.

    Raises:
        OSError: they cannot be written.
    """
    path.mkdir(parents=True, exist_ok=True)
    clear_leftovers([path])
    work = temporary_path(path / last)
    handle = make_folder(work)
    try:
        yield work
        _bring_to_disk(work)
        with folder_lock(path):
            for file in sorted(work.iterdir(), key=lambda file: (file.name == last, file.name)):
                os.replace(file, path / file.name)
        flush_names(path)
    finally:
        remove(work)
        release(handle)


def _swap(work: Path, path: Path) -> None:
    write_journal(work, {"folder": path.name})
    os.rename(path, work / FORMER)
    try:
        os.rename(work / NEW, path)
    except BaseException:
        with suppress(OSError):
            if not os.path.lexists(path):
                os.rename(work / FORMER, path)
        raise


def _bring_to_disk(folder: Path) -> None:
    """Bytes before names: a power cut leaves no half folder under the final name."""
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_nlink == 1:
            handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
