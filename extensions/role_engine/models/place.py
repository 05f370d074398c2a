"""Where a model is, and what it is called."""

from __future__ import annotations

import os
import re
from pathlib import Path

from role_engine.errors import InputError
from role_engine.files import clear_leftovers

CONFIG = "config.json"
_SUFFIX = ".gguf"
_SNAPSHOT = re.compile(r"[0-9a-f]{40}")
_REPOSITORY = "models--"


def name_of(path: Path) -> str:
    """The folder's or file's name; of a snapshot in Hugging Face's cache that of the repository."""
    path = path.expanduser().absolute()
    if _SNAPSHOT.fullmatch(path.name) and path.parent.name == "snapshots":
        repository = path.parent.parent.name
        if repository.startswith(_REPOSITORY):
            return repository.removeprefix(_REPOSITORY).replace("--", "/")
    return path.stem if path.suffix.lower() == _SUFFIX else path.name


def model_place(path: Path | str) -> Path:
    """The directory with a `config.json`, or the GGUF file, that `path` names.

    Raises:
        InputError: it names neither, or several GGUF files.
    """
    place = Path(path).expanduser()
    if not os.path.lexists(place):  # a kill may have come while another took its place
        clear_leftovers([place.parent])
    if place.is_file():
        if place.suffix.lower() == _SUFFIX or _begins_as_gguf(place):
            return place
        raise InputError("Is no model.", path=place, hint="Name a Hugging Face directory or a GGUF file.")
    if not place.is_dir():
        raise InputError("There is no such model.", path=place, hint="Name a Hugging Face directory or a GGUF file.")
    if (place / CONFIG).is_file():
        return place
    files = sorted(file for file in place.iterdir() if file.suffix.lower() == _SUFFIX and file.is_file())
    whole = [file for file in files if "-of-" not in file.stem or "-00001-of-" in file.stem]
    if len(whole) == 1:
        return whole[0]
    if whole:
        raise InputError(
            "Holds several GGUF files.", path=place, hint=f"Name one: {', '.join(file.name for file in whole)}."
        )
    raise InputError(f"Holds neither {CONFIG} nor a GGUF file.", path=place, hint="Name a model's own directory.")


def _begins_as_gguf(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"GGUF"
    except OSError:
        return False
