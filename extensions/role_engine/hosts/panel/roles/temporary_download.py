"""A file that the page gives out: there for the download, and not left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from role_engine.files import passing_folder


class TemporaryDownload:
    """One file at a time of one browser session. It goes with the next one, with the session, with the program."""

    def __init__(self) -> None:
        self._remove: Callable[[], Any] | None = None

    def put(self, name: str, content: bytes, folder: Path) -> Path:
        """Write the file into a folder of its own.

        Args:
            folder: where gradio gives files out from; elsewhere, it would make a copy that stays.
        """
        self.clear()
        own, remove = passing_folder(folder, "download", self)
        self._remove = remove
        file = own / name
        file.write_bytes(content)
        return file

    def clear(self) -> None:
        if self._remove is not None:
            self._remove()
            self._remove = None
