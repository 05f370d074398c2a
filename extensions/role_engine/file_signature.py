"""Whether a file is still as it was when it was read."""

from __future__ import annotations

from pathlib import Path

Signature = tuple[int, int, int, int] | None
"""(mtime, ctime, size, inode), or None where there is no file. Times in nanoseconds."""


def signature_of(path: Path) -> Signature:
    """The file as it is now."""
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return None
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino
