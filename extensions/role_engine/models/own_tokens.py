"""Tokens that this project gave a model, as an inspection sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from role_engine.models.report import OwnToken
from role_engine.models.token_manifest import read_manifest


def own_tokens(model: Path) -> tuple[OwnToken, ...]:
    """By the manifest in the directory, or beside the file.

    Raises:
        InputError: it is malformed.
    """
    manifest = read_manifest(model)
    tokens = manifest.tokens if manifest is not None else ()
    return tuple(OwnToken(text=token.token, kind=token.kind, trained=token.trained) for token in tokens)


def without_untrained(marks: Iterable[str], added: Sequence[OwnToken]) -> list[str]:
    """The marks that say something of the model: not those that were added and that nobody has trained."""
    untrained = {token.text for token in added if not token.trained}
    return [mark for mark in marks if mark not in untrained]
