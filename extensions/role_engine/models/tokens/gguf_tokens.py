"""Tokens in a GGUF file: its spare entries get names. It has no more of them than its converter left."""

from __future__ import annotations

import base64
from collections.abc import Collection
from pathlib import Path
from typing import Any

from role_engine.errors import InputError, ModelError
from role_engine.models.gguf_file import INT32, STRING, UINT32, GgufHeader, read_gguf
from role_engine.models.gguf_model import CONTROL, PADDING, SPLIT_COUNT, TOKENS, TYPES, USER_DEFINED, spare_entries
from role_engine.models.markers import RESERVED
from role_engine.models.token_manifest import MANIFEST, Edit, Manifest, read_manifest
from role_engine.models.tokens.adding import TokensRequest
from role_engine.models.tokens.gguf_rows import EMBEDDING, mean_row, read_row, row_size
from role_engine.models.tokens.gguf_writing import field_bytes, write_gguf
from role_engine.models.tokens.removing import chosen_tokens, former_bytes
from role_engine.models.tokens.result import Progress, TokensResult
from role_engine.models.tokens.staging import check_space, stage_directory
from role_engine.models.tokens.wanted import not_there_yet

_ENTRY, _TYPE = "entry", "type"
_ELSEWHERE = "Do it to the Hugging Face directory, and convert that."


def add_to_gguf(
    path: Path, out: Path, wanted: TokensRequest, *, force: bool, progress: Progress | None
) -> TokensResult:
    """See `add_tokens`."""
    if wanted.protocol is not None:
        raise ModelError("A protocol cannot be changed in a GGUF file.", path=path, hint=_ELSEWHERE)
    if wanted.context is not None:
        raise ModelError(
            "The context of a GGUF file is chosen when it is loaded.",
            path=path,
            hint="llama.cpp: --rope-scaling yarn --rope-scale 4 --yarn-orig-ctx 32768 -c 131072.",
        )
    header = read_gguf(path)
    tokens, types = _entries(header)
    manifest = read_manifest(path) or Manifest(file=path.name, rows_before=len(tokens), rows_after=len(tokens))
    new = not_there_yet(wanted.tokens, {text: n for n, text in enumerate(tokens)})
    spare = spare_entries(tokens) or [n for n, text in enumerate(tokens) if RESERVED.fullmatch(text)]
    if len(spare) < len(new):
        raise ModelError(
            f"It has {len(spare)} spare entries, and a GGUF file is not grown.", path=path, hint=_ELSEWHERE
        )
    vectors, notes = _vectors(header, tokens, [token.description for token in new])
    tensor, fields, rows = header.tensors.get(EMBEDDING), dict[str, bytes | None](), dict[int, bytes]()
    for token_id, token, vector in zip(spare, new, vectors, strict=False):
        former = {_ENTRY: tokens[token_id], _TYPE: str(types[token_id])}
        if vector is not None and tensor is not None:
            former[EMBEDDING] = base64.b64encode(read_row(header, tensor, token_id, len(vector))).decode()
            rows[token_id] = vector
        tokens[token_id], types[token_id] = token.text, CONTROL if token.special else USER_DEFINED
        if token.kind == "pad":
            before = header.get(PADDING, int)
            manifest.edits.append(
                Edit(
                    reason="pad",
                    file=path.name,
                    key=(PADDING,),
                    existed=before is not None,
                    before=before,
                    after=token_id,
                )
            )
            fields[PADDING] = field_bytes(PADDING, UINT32, token_id)
        manifest.tokens.append(token.to_added(token_id, former))
    ids = ",".join(str(token.id) for token in manifest.tokens if token.banned)
    notes.append(f"a GGUF file cannot forbid a token: but in the webui, ban these until they are trained: {ids}")
    return _written(header, out, fields, tokens, types, rows, manifest, notes, force=force, progress=progress)


def remove_from_gguf(
    path: Path, out: Path, names: Collection[str] | None, *, force: bool, progress: Progress | None
) -> TokensResult:
    """See `remove_tokens`. Entries keep their places in a GGUF file, so any can go."""
    manifest = read_manifest(path)
    going = chosen_tokens(manifest, names, path, any_order=True)
    assert manifest is not None
    header = read_gguf(path)
    tokens, types = _entries(header)
    tensor, fields, rows = header.tensors.get(EMBEDDING), dict[str, bytes | None](), dict[int, bytes]()
    for token in going:
        if token.id >= len(tokens) or _ENTRY not in token.former or not token.former.get(_TYPE, "").isdecimal():
            raise InputError(f"What it says of {token.token} does not fit the file.", path=path.parent / MANIFEST)
        tokens[token.id], types[token.id] = token.former[_ENTRY], int(token.former[_TYPE])
        if EMBEDDING in token.former and tensor is not None:
            rows[token.id] = former_bytes(token, EMBEDDING, row_size(tensor) or 0)
    if any(token.kind == "pad" for token in going):
        for edit in manifest.edits:
            fields[PADDING] = field_bytes(PADDING, UINT32, edit.before) if isinstance(edit.before, int) else None
        manifest.edits = []
    manifest.tokens = [token for token in manifest.tokens if token not in going]
    return _written(header, out, fields, tokens, types, rows, manifest, [], force=force, progress=progress)


def _written(
    header: GgufHeader,
    out: Path,
    fields: dict[str, bytes | None],
    tokens: list[str],
    types: list[int],
    rows: dict[int, bytes],
    manifest: Manifest,
    notes: list[str],
    *,
    force: bool,
    progress: Progress | None,
) -> TokensResult:
    fields[TOKENS] = field_bytes(TOKENS, STRING, tokens, is_array=True)
    fields[TYPES] = field_bytes(TYPES, INT32, types, is_array=True)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, header.size)

    with stage_directory(out, header.path, force=force) as part:
        check_space(part, header.size)
        write_gguf(header, part / header.path.name, fields, {EMBEDDING: rows} if rows else {}, advance)
        left = manifest if manifest.tokens else None
        if left is not None:
            left.write(part)
    return TokensResult(out, left, (header.path.name,), 0, tuple(notes))


def _entries(header: GgufHeader) -> tuple[list[str], list[int]]:
    """Texts and types of the vocabulary, to be changed.

    Raises:
        ModelError: the file is one of several, or has no vocabulary that can be renamed.
    """
    if (header.get(SPLIT_COUNT, int) or 0) > 1:
        raise ModelError(
            "Is one of several files.", path=header.path, hint="Put them together: llama-gguf-split --merge FIRST OUT."
        )
    tokens, types = header.get(TOKENS, list), header.get(TYPES, list)
    sound = tokens and types and len(tokens) == len(types) and header.fields[TOKENS].kind == STRING
    if not sound or header.fields[TYPES].kind != INT32:
        raise ModelError("Has no vocabulary with types, so that no entry can be renamed.", path=header.path)
    return list(tokens), list(types)


def _vectors(header: GgufHeader, tokens: list[str], descriptions: list[str]) -> tuple[list[bytes | None], list[str]]:
    """A row for each description where one can be made; what could not be done."""
    tensor = header.tensors.get(EMBEDDING)
    size = row_size(tensor) if tensor is not None and len(tensor.shape) == 2 else None
    tokenizer = _tokenizer(header, tokens)
    if tensor is None or size is None or tokenizer is None:
        return [None] * len(descriptions), [
            "the rows stay as they are: the file's embedding or tokenizer is not known here"
        ]
    found: list[bytes | None] = []
    for description in descriptions:
        ids = [token for token in tokenizer.encode(description).ids if token < tensor.shape[1]]
        found.append(mean_row(tensor, [read_row(header, tensor, token, size) for token in ids]) if ids else None)
    notes = []
    if None in found:
        notes.append(
            "the rows stay as they are: single rows of this quantisation are not written (F16, BF16, Q8_0 are)"
        )
    return found, notes


def _tokenizer(header: GgufHeader, tokens: list[str]) -> Any:
    """A byte-level BPE out of the file; None for other kinds. Words are split as GPT-2 does: Russian is split alike."""
    merges = header.get("tokenizer.ggml.merges", list)
    if header.get("tokenizer.ggml.model", str) != "gpt2" or not merges:
        return None
    try:
        from tokenizers import Tokenizer, models, pre_tokenizers
    except ImportError:
        raise ModelError("Adding tokens needs the package `tokenizers`.", hint="pip install tokenizers") from None
    pairs = [tuple(merge.split(" ", 1)) for merge in merges]
    try:
        tokenizer = Tokenizer(models.BPE({text: n for n, text in enumerate(tokens)}, pairs))
    except Exception:  # the package raises bare Exceptions, here for merges that do not fit the vocabulary
        return None
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer
