"""Several files of one folder that belong together: all of them or none, whatever happens meanwhile.

They are written into a folder of work, which notes what it is about to put where; then each is given its name, the one
that counts last. A kill before that last step is undone by the next writer there, or at the next start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from role_engine.files.locks import folder_lock, release
from role_engine.files.temporary import (
    clear_leftovers,
    digest,
    flush_names,
    make_folder,
    remove,
    temporary_path,
    write_all,
    write_journal,
)
from role_engine.files.writing import already_there, give_name, require_version


def write_together(folder: Path, files: Mapping[str, bytes], last: str, *, version: str | None = None) -> None:  # noqa: C901 - the steps of one transaction, in their order
    """Write `files`, new ones, of which `last` gets its name last: whoever reads it finds the others there.

    Args:
        version: `last` is no new file: it takes the place of the one whose content this was (`version_of`).

    Raises:
        FileExistsError: one of them is there; `filename` says which.
        FileChanged: `last` is not what it was.
        FolderBusy: another program is writing there and does not end.
        OSError: they cannot be written. None of them is there then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    new = [name for name in files if name != last]
    with folder_lock(folder):
        clear_leftovers([folder])
        for name in files:
            if (name != last or version is None) and os.path.lexists(folder / name):
                raise already_there(folder / name)
        work = temporary_path(folder / last)
        handle = make_folder(work)
        placed: list[Path] = []
        try:
            for name, content in files.items():
                _write(work / name, content)
            if version is not None:
                require_version(folder / last, version)
                with suppress(OSError):
                    os.chmod(work / last, os.stat(folder / last).st_mode & 0o777)
            write_journal(work, {"files": {name: digest(files[name]) for name in new}, "last": last})
            flush_names(work)
            try:
                for name in new:
                    give_name(work / name, folder / name)
                    placed.append(folder / name)
                if version is None:
                    give_name(work / last, folder / last)
                else:
                    os.replace(work / last, folder / last)
            except BaseException:
                while placed:
                    os.unlink(placed[-1])
                    placed.pop()
                raise
            remove(work)
        except BaseException:
            if not placed:  # else what is there waits to be taken back
                remove(work)
            raise
        finally:
            release(handle)
    flush_names(folder)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        write_all(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
