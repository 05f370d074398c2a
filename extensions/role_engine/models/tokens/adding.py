"""Adding tokens to a Hugging Face directory: a changed copy, in which nothing but the new rows is new."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.errors import InputError, ModelError
from role_engine.models.huggingface import GENERATION, inspect_directory
from role_engine.models.json_files import integers, mapping
from role_engine.models.place import CONFIG
from role_engine.models.token_manifest import Manifest, read_manifest
from role_engine.models.tokenizer_facts import (
    SPECIAL_TOKENS_MAP,
    TEMPLATE_JINJA,
    TEMPLATE_JSON,
    TOKENIZER,
    TOKENIZER_CONFIG,
)
from role_engine.models.tokens.context import context_change
from role_engine.models.tokens.directory import ModelDirectory
from role_engine.models.tokens.result import Progress, TokensResult
from role_engine.models.tokens.rows import mean
from role_engine.models.tokens.shards import RowChanges
from role_engine.models.tokens.staging import stage_directory
from role_engine.models.tokens.tokenizer_entries import add_entries, read_known_ids
from role_engine.models.tokens.turn_markers import CHATML_END, CHATML_START, TurnMarkers
from role_engine.models.tokens.wanted import PAD, WantedToken, not_there_yet

MULTIPLE = 64
"""Rows of a grown embedding: a multiple of what matrix units like."""
_SAMPLE = 256
"""Rows that a padding row is the mean of. Such a row's logit is a mean of theirs, so it is never the greatest."""


@dataclass(frozen=True)
class TokensRequest:
    """What is to be done to a model.

    Attributes:
        tokens: modes, roles, tools, pad; the protocol's own come with it.
        protocol: own marks for turns.
        context: tokens to look back on.
        i_will_train: other marks although the model was trained on its own.
    """

    tokens: tuple[WantedToken, ...] = ()
    protocol: TurnMarkers | None = None
    context: int | None = None
    i_will_train: bool = False

    @property
    def new_tokens(self) -> tuple[WantedToken, ...]:
        return (*self.tokens, *(self.protocol.tokens() if self.protocol else ()))


def add_to_directory(
    path: Path, out: Path, wanted: TokensRequest, *, force: bool, copy: bool, progress: Progress | None
) -> TokensResult:
    """See `add_tokens`."""
    model = ModelDirectory(path)
    manifest = read_manifest(path) or Manifest(rows_before=model.rows, rows_after=model.rows)
    notes: list[str] = []
    ids = read_known_ids(model.settings, path)
    new = not_there_yet(wanted.new_tokens, ids, may_be_there="pad")  # that one is then only named as such
    if wanted.protocol is not None:
        _check_protocol(path, wanted)
    first = max(ids.values(), default=-1) + 1
    changes = _rows(model, new, first, manifest) if new else {}
    if new:
        add_entries(model.settings, new, first)
        _ban(model, [token.id for token in manifest.tokens if token.banned])
    new_ids = {**ids, **{token.text: first + n for n, token in enumerate(new)}}
    if any(token.kind == "pad" for token in wanted.tokens):
        _set_pad(model, new_ids[PAD])
    if wanted.protocol is not None:
        _set_protocol(model, wanted.protocol, new_ids)
    if wanted.context is not None:
        notes += _set_context(model, wanted.context)
    manifest.edits += model.settings.edits
    with stage_directory(out, path, force=force) as part:
        copied = model.write(part, out, changes, copy=copy, progress=progress)
        manifest.write(part)
        _verify(part / TOKENIZER, manifest)
    if copied.left:
        notes.append(f"left out, since they lack the new rows: {', '.join(copied.left)}")
    return TokensResult(out, manifest, tuple(copied.rewritten), copied.linked, tuple(notes))


def _rows(model: ModelDirectory, new: list[WantedToken], first: int, manifest: Manifest) -> dict[str, RowChanges]:
    """The new tokens' rows, and their entries in the manifest."""
    tokenizer = load_tokenizer(model.path / TOKENIZER)
    vectors = [_mean_of(model, model.input_name, token_ids(tokenizer, token.description)) for token in new]
    last = first + len(new)
    spare = range(first, min(last, model.rows))
    changes: dict[str, RowChanges] = {name: RowChanges() for name in model.shared} if spare or last > model.rows else {}
    former = {name: model.read(name, list(spare)) for name in model.shared}
    for number, token in enumerate(new):
        token_id, kept = first + number, {}
        if number < len(spare):
            kept = {name: base64.b64encode(rows[number]).decode() for name, rows in former.items()}
            for name in model.shared:
                changes[name].replaced[token_id] = vectors[number]
        manifest.tokens.append(token.to_added(token_id, kept))
    if last > model.rows:
        _grow(model, new, vectors, first, changes)
        manifest.rows_after = -(-last // MULTIPLE) * MULTIPLE
    return changes


def _grow(
    model: ModelDirectory, new: list[WantedToken], vectors: list[bytes], first: int, changes: dict[str, RowChanges]
) -> None:
    """Rows behind the last: of the new tokens, then padding. A head of its own has nothing to keep there: padding."""
    rows = -(-(first + len(new)) // MULTIPLE) * MULTIPLE
    begin = max(first, model.rows)
    for name in model.grows():
        filler = _mean_of(model, name, list(range(0, min(first, model.rows), max(1, first // _SAMPLE))))
        own = vectors[begin - first :] if name in model.shared else [filler] * (first + len(new) - begin)
        gap = [filler] * max(0, first - model.rows)  # a tokenizer that is longer than its embedding
        padding = [filler] * (rows - (first + len(new)))
        changes.setdefault(name, RowChanges()).appended = [*gap, *own, *padding]
    config = model.settings.touch(CONFIG)
    inner = mapping(config, "text_config")
    (inner if "vocab_size" in inner else config)["vocab_size"] = rows


def _mean_of(model: ModelDirectory, tensor: str, rows: list[int]) -> bytes:
    known = [row for row in rows if row < model.rows]
    if not known:
        raise ModelError("The description's tokens have no rows in the embedding.", path=model.path)
    return mean(model.read(tensor, known), model.tensors[tensor].dtype)


def _ban(model: ModelDirectory, ids: list[int]) -> None:
    """Untrained tokens are suppressed where `generate` looks: a row that nobody trained may win by chance."""
    generation = model.settings.json(GENERATION)
    if not model.settings.exists(GENERATION) or not generation:
        config = model.config
        for key in ("bos_token_id", "eos_token_id", "pad_token_id"):
            if config.get(key) is not None:
                model.settings.set(GENERATION, (key,), config[key], "ban")
    now = [*integers(generation.get("suppress_tokens")), *ids]
    model.settings.touch(GENERATION)["suppress_tokens"] = sorted(set(now))


def _set_pad(model: ModelDirectory, token_id: int) -> None:
    settings = model.settings
    settings.set(TOKENIZER_CONFIG, ("pad_token",), PAD, "pad")
    if settings.exists(SPECIAL_TOKENS_MAP):
        settings.set(SPECIAL_TOKENS_MAP, ("pad_token",), PAD, "pad")
    settings.set(CONFIG, ("pad_token_id",), token_id, "pad")
    if settings.exists(GENERATION):
        settings.set(GENERATION, ("pad_token_id",), token_id, "pad")


def _check_protocol(path: Path, wanted: TokensRequest) -> None:
    report = inspect_directory(path)
    if report.kind != "base" and not wanted.i_will_train:
        raise ModelError(
            f"{report.name} is {'an instruct model' if report.kind == 'instruct' else 'perhaps an instruct model'}: "
            "trained on its own marks, it does not know others, and its replies would fall apart.",
            hint="Take the base model, or say --i-will-train.",
        )


def _set_protocol(model: ModelDirectory, protocol: TurnMarkers, ids: dict[str, int]) -> None:
    """The chat templates with the new marks; what ended a reply with the old one ends it with the new one as well."""
    settings, found = model.settings, False
    if settings.exists(TEMPLATE_JINJA):
        text = (model.path / TEMPLATE_JINJA).read_text("utf-8")
        found = CHATML_START in text
        settings.set_text(TEMPLATE_JINJA, protocol.rewritten(text), "protocol")
    for file in (TEMPLATE_JSON, TOKENIZER_CONFIG):
        given = settings.json(file).get("chat_template") if settings.exists(file) else None
        changed = _rewritten(protocol, given)
        if changed != given:
            found = True
            settings.set(file, ("chat_template",), changed, "protocol")
    if not found:
        raise ModelError(f"It has no chat template with {CHATML_START}, which the protocol's marks could replace.")
    for file in (TOKENIZER_CONFIG, SPECIAL_TOKENS_MAP):
        end = settings.json(file).get("eos_token") if settings.exists(file) else None
        if CHATML_END in (end, end.get("content") if isinstance(end, dict) else None):
            settings.set(file, ("eos_token",), protocol.end, "protocol")
    new, old = ids[protocol.end], ids.get(CHATML_END)
    for file in (CONFIG, GENERATION):
        ends = integers(settings.json(file).get("eos_token_id")) if settings.exists(file) else ()
        if old in ends:
            settings.set(file, ("eos_token_id",), [new, *ends], "protocol")


def _rewritten(protocol: TurnMarkers, given: Any) -> Any:
    """A template, or several by name."""
    if isinstance(given, str):
        return protocol.rewritten(given)
    if isinstance(given, list):
        return [
            {**item, "template": protocol.rewritten(item["template"])}
            if isinstance(item, dict) and isinstance(item.get("template"), str)
            else item
            for item in given
        ]
    return given


def _set_context(model: ModelDirectory, tokens: int) -> tuple[str, ...]:
    change = context_change(model.config, tokens)
    for key, value in change.values.items():
        model.settings.set(CONFIG, (key,), value, "context")
    model.settings.set(TOKENIZER_CONFIG, ("model_max_length",), tokens, "context")
    return change.notes


def _verify(tokenizer_file: Path, manifest: Manifest) -> None:
    """That the tokenizer, loaded as hosts load it, gives each token its id and takes it for one token."""
    if not manifest.tokens:
        return
    tokenizer = load_tokenizer(tokenizer_file)
    for token in manifest.tokens:
        if tokenizer.encode(token.token, add_special_tokens=False).ids != [token.id]:
            raise ModelError(
                f"The tokenizer does not read {token.token} as {token.id}: its ids have gaps.", path=tokenizer_file.name
            )


def load_tokenizer(path: Path) -> Any:
    """The tokenizer in a `tokenizer.json`.

    Raises:
        ModelError: the package `tokenizers` is missing.
        InputError: the package cannot read the file.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise ModelError("Adding tokens needs the package `tokenizers`.", hint="pip install tokenizers") from None
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the package raises bare Exceptions
        raise InputError(f"Is not a tokenizer: {error}.", path=path) from None


def token_ids(tokenizer: Any, description: str) -> list[int]:
    """The description's tokens.

    Raises:
        ModelError: it has none.
    """
    ids: list[int] = tokenizer.encode(description, add_special_tokens=False).ids
    if not ids:
        raise ModelError(f"The tokenizer makes nothing of {description!r}.")
    return ids
