"""A file that the page gives out: there for the download, and not left behind."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


class GivenOut:
    """One file at a time of one browser session. It goes with the next one, with the session, with the program."""

    def __init__(self) -> None:
        self._remove: weakref.finalize[..., GivenOut] | None = None

    def put(self, name: str, content: bytes, folder: Path) -> Path:
        """Write the file into a folder of its own.

        Args:
            folder: where gradio gives files out from; elsewhere, it would make a copy that stays.
        """
        self.clear()
        folder.mkdir(parents=True, exist_ok=True)
        own = Path(tempfile.mkdtemp(prefix="role-engine-", dir=folder))
        self._remove = weakref.finalize(self, shutil.rmtree, own, ignore_errors=True)
        file = own / name
        file.write_bytes(content)
        return file

    def clear(self) -> None:
        if self._remove is not None:
            self._remove()
            self._remove = None
