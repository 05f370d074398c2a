"""The one question «what is this model?», for a directory or a file."""

from __future__ import annotations

from pathlib import Path

from role_engine.errors import InputError
from role_engine.models.gguf_model import inspect_gguf
from role_engine.models.huggingface import CONFIG, inspect_directory
from role_engine.models.report import ModelReport

_SUFFIX = ".gguf"


def inspect_model(path: Path | str) -> ModelReport:
    """What is known of a model without loading it: base or instruct, roles, thinking, tokens, context, shapes.

    Args:
        path: a Hugging Face directory, a GGUF file, or a directory that holds one (of a split one: its parts).

    Raises:
        InputError: there is no model, or one of its files is malformed.
    """
    place = model_place(path)
    return inspect_gguf(place) if place.is_file() else inspect_directory(place)


def model_place(path: Path | str) -> Path:
    """The directory with a `config.json`, or the GGUF file, that `path` names.

    Raises:
        InputError: it names neither, or several GGUF files.
    """
    place = Path(path).expanduser()
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
