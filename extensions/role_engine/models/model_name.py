"""What a model is called: its folder, or what it says itself."""

from __future__ import annotations

import re
from pathlib import Path

_SNAPSHOT = re.compile(r"[0-9a-f]{40}")
_REPOSITORY = "models--"


def name_of(path: Path) -> str:
    """The folder's or file's name; of a snapshot in Hugging Face's cache that of the repository."""
    path = path.expanduser().absolute()
    if _SNAPSHOT.fullmatch(path.name) and path.parent.name == "snapshots":
        repository = path.parent.parent.name
        if repository.startswith(_REPOSITORY):
            return repository.removeprefix(_REPOSITORY).replace("--", "/")
    return path.stem if path.suffix.lower() == ".gguf" else path.name
