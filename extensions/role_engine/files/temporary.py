"""Unfinished work on the disk: how it is named, whether its program is still at it, and clearing it away if not.

A name says whose it is, `.NAME.PID-RANDOM.role-engine`, and whoever works on it holds its lock. A kill takes the lock
away, so that the next one to write in that folder, or the next start, knows what may go.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from role_engine.files.locks import folder_lock, hold, release

ENDING = ".role-engine"
JOURNAL = "journal.json"
NEW, FORMER = "new", "former"
"""In the folder of work on a folder: what is being made, and what it takes the place of."""

_PREFIX = "role-engine-"
_NAME = re.compile(r"(?:\..*\.|role-engine-[a-z]+-)(?P<pid>[0-9]+)-[0-9a-f]{12}(?:\.role-engine)?", re.DOTALL)
_LONGEST = 120
"""Bytes of a file's name that its temporary name repeats: names end at 255."""
_PATIENCE = 1.0
"""Seconds: clearing away can be done another time."""
_ABANDONED = 24 * 3600.0
"""Seconds after which unfinished work is nobody's any more, where the system has no locks to tell."""


def is_unfinished(name: str) -> bool:
    """Whether a file or folder of that name is work of ours that has not been finished."""
    return _NAME.fullmatch(name) is not None and (name.endswith(ENDING) or name.startswith(_PREFIX))


def temporary_path(path: Path) -> Path:
    """A name beside `path` that nobody else has."""
    start = path.name.encode("utf-8", "surrogateescape")[:_LONGEST].decode("utf-8", "ignore")
    return path.with_name(f".{start}.{_own_mark()}{ENDING}")


def make_folder(path: Path, mode: int = 0o777) -> int | None:
    """An empty folder with its lock held; the handle that holds it, None on systems without such."""
    while True:
        os.mkdir(path, mode)
        handle = _handle_of_folder(path)
        if handle is None or _is_held(handle, path):
            return handle
        os.close(handle)  # cleared away between the two calls, by somebody who thought it was left over
        with suppress(OSError):
            os.rmdir(path)


def make_file(path: Path, mode: int = 0o666) -> int:
    """An empty file, open for writing, with its lock held."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        if _is_held(handle, path):
            return handle
        os.close(handle)
        with suppress(OSError):
            os.unlink(path)


def remove(path: Path) -> None:
    """A file or a folder, as far as that can be done."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            os.unlink(path)


def passing_folder(place: Path | None, kind: str, owner: object) -> tuple[Path, Callable[[], Any]]:
    """A folder that goes with its owner or with this program, and what removes it sooner.

    Args:
        place: where; None: the system's folder for such.
        kind: a word for its name, of a-z.
        owner: the object that it belongs to.
    """
    place = Path(tempfile.gettempdir()) if place is None else place
    place.mkdir(parents=True, exist_ok=True)
    clear_leftovers([place])
    folder = place / f"{_PREFIX}{kind}-{_own_mark()}"
    handle = make_folder(folder, 0o700)
    return folder, weakref.finalize(owner, _remove_passing, folder, handle, os.getpid())


def _remove_passing(folder: Path, handle: int | None, pid: int) -> None:
    if pid != os.getpid():  # a fork's copy of us
        return
    shutil.rmtree(folder, ignore_errors=True)
    release(handle)


def clear_leftovers(folders: Iterable[Path]) -> list[Path]:
    """Remove what programs that are no more have left unfinished in `folders`; what was removed.

    What they had begun to put in place is taken back where it is still as they wrote it, and a folder that they had
    moved away is back under its name. Nothing but work of ours is touched, and none that somebody is at.
    """
    found: list[Path] = []
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                left = [folder / entry.name for entry in entries if is_unfinished(entry.name)]
        except OSError:
            continue
        if not left:
            continue
        try:
            with folder_lock(folder, _PATIENCE):
                found += [path for path in left if _clear(path)]
        except OSError:  # busy, or not ours to write in: another time
            continue
    return found


def digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def write_journal(work: Path, about: dict[str, Any]) -> None:
    """Note in a folder of work what it is going to do beside itself."""
    handle = os.open(work / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        write_all(handle, json.dumps(about).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def flush_names(folder: Path) -> None:
    """Have the disk know the folder's names, where the system can do that."""
    handle = _handle_of_folder(folder)
    if handle is not None:
        with suppress(OSError):
            os.fsync(handle)
        os.close(handle)


def _own_mark() -> str:
    return f"{os.getpid()}-{secrets.token_hex(6)}"


def _handle_of_folder(path: Path) -> int | None:
    if not hasattr(os, "O_DIRECTORY"):
        return None
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None


def _is_held(handle: int, path: Path) -> bool:
    """Take the lock; False where the file has been cleared away meanwhile."""
    if hold(handle) is False:
        return False
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(path))
    except OSError:
        return False


def _clear(path: Path) -> bool:
    """Remove one piece of unfinished work, if nobody is at it."""
    try:
        about = os.lstat(path)
    except OSError:
        return False
    if not (stat.S_ISDIR(about.st_mode) or stat.S_ISREG(about.st_mode)):
        return False
    if hasattr(os, "getuid") and about.st_uid != os.getuid():
        return False
    handle = None
    if hasattr(os, "O_NOFOLLOW"):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return False
    try:
        held = None if handle is None else hold(handle)
        if held is False or (held is None and not _is_abandoned(path, about)):
            return False
        if stat.S_ISDIR(about.st_mode):
            _take_back(path)
        remove(path)
        return not os.path.lexists(path)
    finally:
        release(handle)


def _is_abandoned(path: Path, about: os.stat_result) -> bool:
    """Without locks: by the number of the program, and by age."""
    found = _NAME.fullmatch(path.name)
    if found is not None and hasattr(os, "O_NOFOLLOW"):  # os.kill is another thing on Windows
        try:
            os.kill(int(found["pid"]), 0)
        except (ProcessLookupError, OverflowError):
            return True
        except OSError:
            pass
    return time.time() - about.st_mtime > _ABANDONED


def _take_back(work: Path) -> None:
    """Undo what work that was cut off had put in place."""
    try:
        said = json.loads((work / JOURNAL).read_bytes())
        folder, last, digests = said.get("folder"), said.get("last"), dict(said.get("files") or {})
        names = [name for name in (folder, last, *digests) if name is not None]
    except (OSError, ValueError, TypeError, AttributeError):
        return  # nothing had been put in place before the journal was whole
    if any(not isinstance(name, str) or os.path.basename(name) != name or name in ("", ".", "..") for name in names):
        return
    home = work.parent
    if folder is not None:
        if os.path.lexists(work / NEW) and os.path.lexists(work / FORMER) and not os.path.lexists(home / folder):
            os.rename(work / FORMER, home / folder)
        return
    if last is None or is_committed(work, last):
        return
    for name, expected in digests.items():
        path = home / name
        with suppress(OSError):
            if stat.S_ISREG(os.lstat(path).st_mode) and digest(path.read_bytes()) == expected:
                os.unlink(path)


def is_committed(work: Path, last: str) -> bool:
    """Whether the last of several files has got its name: moved there, or linked."""
    try:
        mine = os.lstat(work / last)
    except FileNotFoundError:
        return True
    try:
        return os.path.samestat(mine, os.lstat(work.parent / last))
    except OSError:
        return False
