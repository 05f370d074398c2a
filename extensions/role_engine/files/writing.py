"""One file, whole under its name or not at all.

It is written under a temporary name beside its own, brought to the disk, and then given its name: by a link where
nothing may be there yet, which fails where something is; by a rename where it takes a file's place. A program that is
killed meanwhile leaves the temporary file, which the next writer in that folder clears away.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from role_engine.files.locks import folder_lock, release
from role_engine.files.temporary import clear_leftovers, digest, flush_names, make_file, temporary_path, write_all

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EINVAL)
"""What a file system says that has no second names for a file."""


class FileChanged(OSError):
    """The file is not the one that was read: somebody has written, or removed, it since."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ESTALE, "somebody else has changed this file since it was read", str(path))


def version_of(content: bytes) -> str:
    """What tells one content of a file from another."""
    return digest(content)


def create_file(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Write a new file. Its folder is made where there is none.

    Args:
        lasting: it is to survive a power cut; False for what can be made again.

    Raises:
        FileExistsError: something of that name is there, be it since a moment ago; it is left alone.
        OSError: it cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with folder_lock(path.parent):
        clear_leftovers([path.parent])
        if os.path.lexists(path):
            raise already_there(path)
        with _written(path, content, lasting) as part:
            give_name(part, path)
    if lasting:
        flush_names(path.parent)


def replace_file(path: Path, content: bytes, *, version: str | None = None, lasting: bool = True) -> None:
    """Write a file in the place of what is there, if anything. Its permissions stay.

    Args:
        version: `version_of` what was read; looking at it and replacing the file are one step for all that write
            through here. None: whatever is there.
        lasting: see `create_file`.

    Raises:
        FileChanged: there is another content, or no file any more; it is left alone.
        FolderBusy: another program is writing there and does not end.
        OSError: it cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with folder_lock(path.parent):
        clear_leftovers([path.parent])
        if version is not None:
            require_version(path, version)
        if os.path.lexists(path) and not os.access(path, os.W_OK):  # a rename would not ask
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        with _written(path, content, lasting) as part:
            os.replace(part, path)
    if lasting:
        flush_names(path.parent)


@contextmanager
def file_being_made(path: Path) -> Iterator[Path]:
    """An empty file for a program that writes by name; it takes the place of `path` when the block ends well.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers([path.parent])
    part = temporary_path(path)
    handle = make_file(part)
    try:
        yield part
        if os.name == "nt":  # nobody's open file is renamed there
            os.close(handle)
            handle = -1
        else:
            os.fsync(handle)
        os.replace(part, path)
    finally:
        if handle >= 0:
            release(handle)
        with suppress(OSError):
            os.unlink(part)
    flush_names(path.parent)


def move_file(path: Path, target: Path) -> None:
    """Give a file another name, in another folder of the same disk too.

    Raises:
        FileExistsError: something of that name is there.
        OSError: it cannot be moved; it is where it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with folder_lock(target.parent):
        if os.path.lexists(target):
            raise already_there(target)
        os.rename(path, target)


def append_line(path: Path, line: str) -> None:
    """Add a line to a file that grows by lines. Half a line that a full disk or a kill left is ended before it.

    Raises:
        OSError: it cannot be written; the file is as long as before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    with folder_lock(path.parent):
        handle = os.open(path, flags, 0o666)
        try:
            size = os.fstat(handle).st_size
            broken = False
            if size:
                os.lseek(handle, size - 1, os.SEEK_SET)
                broken = os.read(handle, 1) != b"\n"
            try:
                write_all(handle, (b"\n" if broken else b"") + line.encode("utf-8", "replace") + b"\n")
            except OSError:
                with suppress(OSError):
                    os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)


def give_name(part: Path, path: Path) -> None:
    """Name a file, if the name is free; it may keep the former name besides.

    Raises:
        FileExistsError: it is not.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise already_there(path) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise already_there(path) from None
        os.rename(part, path)


@contextmanager
def _written(path: Path, content: bytes, lasting: bool) -> Iterator[Path]:
    part = temporary_path(path)
    handle = make_file(part)
    try:
        write_all(handle, content)
        with suppress(OSError):  # no file yet, or a system without permissions
            os.chmod(part, os.stat(path).st_mode & 0o777)
        if lasting:
            os.fsync(handle)
        if os.name == "nt":
            os.close(handle)
            handle = -1
        yield part
    finally:
        if handle >= 0:
            release(handle)
        with suppress(OSError):
            os.unlink(part)


def require_version(path: Path, version: str) -> None:
    try:
        same = version_of(path.read_bytes()) == version
    except FileNotFoundError:
        same = False
    if not same:
        raise FileChanged(path)


def already_there(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
