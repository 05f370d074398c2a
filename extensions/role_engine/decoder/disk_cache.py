"""What takes a while to make for a vocabulary, kept on the disk: its tokens' bytes, its tries, its static ban.

A file's name is a hash of what its arrays are made of: the tokenizer, the rules (the very code of `decoder` and
`language`, and the tables of the package `regex`). Where anything of that changes, it is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import regex

from role_engine.files import replace_file
from role_engine.paths import DECODER_CACHE
from role_engine.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = DECODER_CACHE
KEPT_FILES = 32
"""A model has up to six, of about 4 MB together where its vocabulary is Qwen's."""

Arrays = Mapping[str, "NDArray[Any]"]

_SUFFIX, _DIGEST_BYTES = ".kept", 16

logger = logging.getLogger(__name__)


class DiskCache:
    """Arrays by a hash, in files of a folder. May be used by several threads and programs at once.

    A file is written under another name and renamed. One that is damaged is made anew; where nothing can be written,
    everything is made each time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arrays(self, kind: str, made_of: Iterable[str | bytes], make: Callable[[], Arrays]) -> Arrays:
        """The arrays that `make` makes, from the disk where they have been made before.

        Args:
            kind: what they are; a part of the file's name.
            made_of: all that they depend on, besides the rules.
        """
        file = self.folder / f"{kind}-{_digest([_rules(), *made_of]).hex()}{_SUFFIX}"
        found = _read(file)
        if found is None:
            found = make()
            self._write(file, found)
        return found

    def _write(self, file: Path, arrays: Arrays) -> None:
        data = _as_bytes(arrays)
        try:
            replace_file(file, _digest([data]) + data, lasting=False)
            self._forget_the_oldest()
        except OSError as error:
            logger.info("Nothing is kept in %s: %s", self.folder, error)

    def _forget_the_oldest(self) -> None:
        """By when they were last read."""
        ages = {}
        for file in self.folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):  # another program has just removed it
                ages[file] = file.stat().st_mtime
        for file in sorted(ages, key=ages.__getitem__)[:-KEPT_FILES]:
            with contextlib.suppress(OSError):
                file.unlink()


def _as_bytes(arrays: Arrays) -> bytes:
    import numpy as np

    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _read(file: Path) -> Arrays | None:
    """What is in a file: the hash of the rest, and an archive of numpy's. None where it is missing or damaged."""
    import numpy as np

    try:
        content = file.read_bytes()
        data = content[_DIGEST_BYTES:]
        if _digest([data]) != content[:_DIGEST_BYTES]:
            logger.info("%s is damaged, and made anew.", file)
            return None
        os.utime(file)
    except OSError:
        return None
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def file_digest(path: Path, first: int | None = None) -> bytes:
    """A hash of a file's content, or of so many bytes of it, its length and its time.

    Raises:
        OSError: it cannot be read.
    """
    found = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    with path.open("rb") as stream:
        found.update(stream.read() if first is None else stream.read(first))
        if first is not None:
            about = os.fstat(stream.fileno())
            found.update(f"{about.st_size} {about.st_mtime_ns}".encode())
    return found.digest()


def _digest(parts: Iterable[str | bytes]) -> bytes:
    found = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "little"))
        found.update(data)
    return found.digest()


@lru_cache(maxsize=1)
def _rules() -> bytes:
    """A hash of the rules, as they are written."""
    package = Path(__file__).resolve().parents[1]
    files = (file for name in ("decoder", "language") for file in sorted((package / name).rglob("*.py")))
    return _digest([__version__, regex.__version__, *(file.read_bytes() for file in files)])
