"""Tokens of modes, roles and tools in a model's files: added, listed, taken out. The model itself is never touched."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from role_engine.models.place import model_place
from role_engine.models.token_manifest import MANIFEST, AddedToken, Manifest, read_manifest
from role_engine.models.tokens.adding import TokensRequest, add_to_directory
from role_engine.models.tokens.gguf_tokens import add_to_gguf, remove_from_gguf
from role_engine.models.tokens.removing import remove_from_directory
from role_engine.models.tokens.result import Progress, TokensResult
from role_engine.models.tokens.turn_markers import TurnMarkers, read_protocol
from role_engine.models.tokens.wanted import WantedToken, mode_token, pad_token, role_token, tool_tokens

__all__ = [
    "MANIFEST",
    "AddedToken",
    "Manifest",
    "TokensRequest",
    "TokensResult",
    "TurnMarkers",
    "WantedToken",
    "add_tokens",
    "list_tokens",
    "mode_token",
    "pad_token",
    "read_protocol",
    "remove_tokens",
    "role_token",
    "tool_tokens",
]


def add_tokens(
    model: Path | str,
    out: Path | str,
    wanted: TokensRequest,
    *,
    force: bool = False,
    copy: bool = False,
    progress: Progress | None = None,
) -> TokensResult:
    """Write a copy of a model that has more tokens; rows that are spare first, and only then new ones.

    Args:
        model: a Hugging Face directory or a GGUF file.
        out: the directory to be made.
        wanted: the tokens, marks for turns, the context.
        force: replace `out` where it holds a model.
        copy: no links to files of `model`.
        progress: told how many bytes have been written, and of how many.

    Raises:
        InputError: a file of the model is malformed.
        ModelError: the wish does not fit the model, `out` is there, the disk is full.
    """
    place = model_place(model)
    if place.is_file():
        return add_to_gguf(place, Path(out).expanduser(), wanted, force=force, progress=progress)
    return add_to_directory(place, Path(out).expanduser(), wanted, force=force, copy=copy, progress=progress)


def remove_tokens(
    model: Path | str,
    out: Path | str,
    names: Collection[str] | None = None,
    *,
    force: bool = False,
    copy: bool = False,
    progress: Progress | None = None,
) -> TokensResult:
    """Write a copy of a model without tokens that `add_tokens` gave it, and with the settings as they were before.

    Args:
        names: texts or names of tokens; None: everything that was added, a longer context included.
        model, out, force, copy, progress: as in `add_tokens`.

    Raises:
        InputError, ModelError: as `add_tokens`; or there is nothing to remove.
    """
    place = model_place(model)
    if place.is_file():
        return remove_from_gguf(place, Path(out).expanduser(), names, force=force, progress=progress)
    return remove_from_directory(place, Path(out).expanduser(), names, force=force, copy=copy, progress=progress)


def list_tokens(model: Path | str) -> Manifest | None:
    """What was added to a model; None: nothing.

    Raises:
        InputError: there is no such model, or its list is malformed.
    """
    return read_manifest(model_place(model))
