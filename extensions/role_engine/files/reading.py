"""A file's bytes up to a limit, and where that matters never through a link.

Where a link may have been put into a file's place since its path was resolved, looking first and opening then is not
enough: the link can come in between. There each folder of the path is opened from the one before it, links refused.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_PIECE = 1 << 20


class UnreadableFile(Exception):
    """Why a file cannot be read, as one sentence.

    Attributes:
        too_large: it holds more than the limit.
        missing: there is none.
    """

    def __init__(self, message: str, *, too_large: bool = False, missing: bool = False) -> None:
        super().__init__(message)
        self.message, self.too_large, self.missing = message, too_large, missing


def is_file(path: Path) -> bool:
    """Whether there is a plain file; a name that is too long, or a folder that may not be looked into, has none."""
    return os.path.isfile(path)


def read_bounded(path: Path, limit: int) -> bytes:
    """A plain file's bytes, at most `limit`.

    Raises:
        UnreadableFile: there is none, it is something else, it cannot be read, or it holds more.
    """
    try:
        handle = os.open(path, _flags())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return _read(handle, limit)


def read_unlinked(path: Path, limit: int) -> bytes:
    """The same for a path that was resolved: whatever of it has become a link since is not followed.

    Raises:
        UnreadableFile: as `read_bounded`, or a link is in the way.
    """
    try:
        handle = _open_unlinked(path)
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", None)
        if number == errno.ELOOP or (number == errno.ENOTDIR and _has_link(path)):
            raise UnreadableFile("Is reached through a link, and is not read.") from None
        raise _unreadable(path, error) from None
    return _read(handle, limit)


def _flags() -> int:
    """Without waiting for whoever writes into a pipe."""
    return os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def _open_unlinked(path: Path) -> int:
    if not path.is_absolute() or ".." in path.parts:
        raise OSError(errno.EINVAL, "its path was not resolved")
    if not hasattr(os, "O_PATH"):  # no way to walk without the right to list each folder: look on both sides of opening
        handle = os.open(path, _flags() | getattr(os, "O_NOFOLLOW", 0))
        try:
            if os.path.realpath(path) != str(path) or not os.path.samestat(os.fstat(handle), os.lstat(path)):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        except BaseException:
            os.close(handle)
            raise
        return handle
    folder = os.open(path.anchor, os.O_PATH | os.O_DIRECTORY)
    try:
        for part in path.parts[1:-1]:
            inner = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(path.name, _flags() | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def _has_link(path: Path) -> bool:
    return any(os.path.islink(one) for one in (path, *path.parents))


def _read(handle: int, limit: int) -> bytes:
    """One bounded reading: the file may grow meanwhile."""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise UnreadableFile("Is not a file.")
        pieces, left = [], limit + 1
        while left and (piece := os.read(handle, min(left, _PIECE))):
            pieces.append(piece)
            left -= len(piece)
    except OSError as error:
        raise UnreadableFile(f"Cannot be read: {error.strerror or error}.") from None
    finally:
        os.close(handle)
    if not left:
        raise UnreadableFile(f"Is larger than {limit:,} bytes.", too_large=True)
    return b"".join(pieces)


def _unreadable(path: Path, error: OSError | ValueError) -> UnreadableFile:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return UnreadableFile("There is no such file.", missing=True)
    if isinstance(error, (IsADirectoryError, PermissionError)) and os.path.isdir(path):  # Windows says the latter
        return UnreadableFile("Is not a file.")
    if getattr(error, "errno", None) in (errno.ENXIO, errno.EOPNOTSUPP):  # a socket, a pipe nobody writes to
        return UnreadableFile("Is not a file.")
    return UnreadableFile(f"Cannot be read: {getattr(error, 'strerror', None) or error}.")
