"""One writer at a time in a folder: among this program's threads, and among programs where the system has locks.

On Linux and macOS the folder itself is locked, so no lock file is left lying about, and a killed program's lock is gone
with it. Elsewhere a small file in the folder is.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 10.0
"""Seconds that a writer waits for another."""

_LOCK_FILE = ".role-engine.lock"
_PAUSE = 0.01
_BUSY = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class FolderBusy(OSError):
    """Another program has been writing in the folder for longer than anybody should."""

    def __init__(self, folder: Path) -> None:
        super().__init__(errno.EBUSY, "another program is writing there, try again", str(folder))


class _Turn:
    """One folder's lock within this program; its owner may take it again."""

    def __init__(self) -> None:
        self.lock, self.depth, self.users = threading.RLock(), 0, 0
        self.handle: int | None = None


_turns: dict[str, _Turn] = {}
_turns_lock = threading.Lock()


@contextmanager
def folder_lock(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Be the only one of ours that writes in `folder`, which is there. May be nested.

    Raises:
        FolderBusy: another writer does not end.
        OSError: there is no such folder.
    """
    key = os.path.realpath(folder)
    with _turns_lock:
        turn = _turns.setdefault(key, _Turn())
        turn.users += 1
    try:
        if not turn.lock.acquire(timeout=patience):
            raise FolderBusy(folder)
        try:
            if turn.depth == 0:
                turn.handle = _lock_for_programs(folder, patience)
            turn.depth += 1
            try:
                yield
            finally:
                turn.depth -= 1
                if turn.depth == 0:
                    release(turn.handle)
                    turn.handle = None
        finally:
            turn.lock.release()
    finally:
        with _turns_lock:
            turn.users -= 1
            if not turn.users:
                _turns.pop(key, None)


def hold(handle: int) -> bool | None:
    """Take the lock of an open file or folder, which goes with the handle. False: another has it; None: none here."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _BUSY else None
    return True


def release(handle: int | None) -> None:
    """Give the lock back and close; only closing would leave it with whatever has been forked meanwhile."""
    if handle is None:
        return
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


if sys.platform == "win32":

    def _lock_for_programs(folder: Path, patience: float) -> int | None:
        import msvcrt

        handle = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT)
        deadline = time.monotonic() + patience
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
                return handle
            except OSError:
                if time.monotonic() > deadline:
                    os.close(handle)
                    raise FolderBusy(folder) from None
                time.sleep(_PAUSE)

else:

    def _lock_for_programs(folder: Path, patience: float) -> int | None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            deadline = time.monotonic() + patience
            while (held := hold(handle)) is False:
                if time.monotonic() > deadline:
                    raise FolderBusy(folder)
                time.sleep(_PAUSE)
        except BaseException:
            with suppress(OSError):
                os.close(handle)
            raise
        if held is None:  # a network disk without locks: then only this program's threads take turns
            os.close(handle)
            return None
        return handle
