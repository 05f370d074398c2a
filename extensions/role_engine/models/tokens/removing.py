"""Taking added tokens out again: entries, rows and settings as they were before."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from pathlib import Path

from role_engine.errors import InputError, ModelError, suggest_known
from role_engine.models.huggingface import GENERATION
from role_engine.models.json_files import integers
from role_engine.models.token_manifest import MANIFEST, AddedToken, Edit, Manifest, read_manifest
from role_engine.models.tokens.directory import ModelDirectory
from role_engine.models.tokens.result import Progress, TokensResult
from role_engine.models.tokens.shards import RowChanges, row_bytes
from role_engine.models.tokens.staging import stage_directory
from role_engine.models.tokens.tokenizer_entries import read_known_ids, remove_entries


def chosen_tokens(
    manifest: Manifest | None, names: Collection[str] | None, path: Path, *, any_order: bool = False
) -> list[AddedToken]:
    """The tokens to take out, by their text or name; None: all.

    Raises:
        ModelError: none was added, one is not among those that were, or (unless in `any_order`) one that stays comes
            after one that goes: it would get another id.
    """
    if manifest is None or not (manifest.tokens or manifest.edits):
        raise ModelError("No token was added to it with `tokens add`.", path=path)
    if names is None:
        return list(manifest.tokens)
    texts = {token.token for token in manifest.tokens}
    going: set[str] = set()
    for name in names:
        found = {token.token for token in manifest.tokens if name in (token.token, token.name)}
        if not found:
            raise ModelError(f"{name} was not added to it.", hint=suggest_known(name, texts, "tokens"))
        going |= found
    if any(token.kind == "protocol" for token in manifest.tokens if token.token in going):
        going |= {token.token for token in manifest.tokens if token.kind == "protocol"}
    chosen = [token for token in manifest.tokens if token.token in going]
    first = min(token.id for token in chosen)
    later = [token.token for token in manifest.tokens if token.id > first and token.token not in going]
    if later and not any_order:
        raise ModelError(f"Tokens that come after would get other ids: {', '.join(later)}.", hint="Remove those too.")
    return chosen


def remove_from_directory(
    path: Path, out: Path, names: Collection[str] | None, *, force: bool, copy: bool, progress: Progress | None
) -> TokensResult:
    """See `remove_tokens`."""
    manifest = read_manifest(path)
    going = chosen_tokens(manifest, names, path)
    assert manifest is not None
    model = ModelDirectory(path)
    ids = {token.id for token in going}
    ours, known = {token.id for token in manifest.tokens}, read_known_ids(model.settings, path)
    if foreign := [text for text, n in known.items() if ids and n > min(ids) and n not in ours]:
        raise ModelError(f"Tokens that were added since would get other ids: {', '.join(foreign)}.")
    changes = _former_rows(model, going)
    if ids:
        remove_entries(model.settings, ids)
    notes = _undo(model, manifest, going, everything=names is None)
    manifest.tokens = [token for token in manifest.tokens if token not in going]
    _unban(model, ids)
    if grown := [token.token for token in going if not token.former]:
        notes.append(f"the embedding stays as large as it grew for {', '.join(grown)}: it is never shrunk")
    left = manifest if manifest.tokens or manifest.edits else None
    with stage_directory(out, path, force=force) as part:
        copied = model.write(part, out, changes, copy=copy, progress=progress)
        if left is not None:
            left.write(part)
    return TokensResult(out, left, tuple(copied.rewritten), copied.linked, tuple(notes))


def former_bytes(token: AddedToken, name: str, size: int) -> bytes:
    """What a row held.

    Raises:
        InputError: the manifest does not hold a row of that size.
    """
    try:
        raw = base64.b64decode(token.former[name], validate=True)
    except (KeyError, binascii.Error):
        raw = b""
    if len(raw) != size:
        raise InputError(f"The former row of {token.token} is damaged.", path=MANIFEST)
    return raw


def _former_rows(model: ModelDirectory, going: list[AddedToken]) -> dict[str, RowChanges]:
    changes: dict[str, RowChanges] = {}
    for token in going:
        for name in token.former:
            if name not in model.tensors or token.id >= model.tensors[name].shape[0]:
                raise InputError(f"Names the tensor {name!r}, which has no row {token.id}.", path=model.path / MANIFEST)
            size = row_bytes(model.tensors[name])
            changes.setdefault(name, RowChanges()).replaced[token.id] = former_bytes(token, name, size)
    return changes


def _undo(model: ModelDirectory, manifest: Manifest, going: list[AddedToken], *, everything: bool) -> list[str]:
    """Settings back, the last change first. A context goes only with everything else, a ban with the last token."""
    reasons = {token.kind for token in going if token.kind in ("pad", "protocol")}
    last = len(going) == len(manifest.tokens)
    notes, kept = [], list[Edit]()
    if last:
        _unban(model, {token.id for token in manifest.tokens})  # before its file is compared with what it was
    for edit in reversed(manifest.edits):
        if not (everything or edit.reason in reasons or (last and edit.reason == "ban")):
            kept.append(edit)
        elif not model.settings.undo(edit):
            notes.append(f"{edit.file}: {'.'.join(edit.key) or 'the text'} was changed since and stays as it is")
    manifest.edits = kept[::-1]
    return notes


def _unban(model: ModelDirectory, ids: Collection[int]) -> None:
    if not model.settings.exists(GENERATION) or not ids:
        return
    generation = model.settings.touch(GENERATION)
    if "suppress_tokens" in generation:
        generation["suppress_tokens"] = [n for n in integers(generation["suppress_tokens"]) if n not in ids]
        if not generation["suppress_tokens"]:
            del generation["suppress_tokens"]
