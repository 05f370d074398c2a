"""Entries of a tokenizer: the files are edited as JSON, so that all that is not ours stays as it is.

Saving through a library would rewrite the whole file in the form of its own version. A tokenizer's added tokens get
their ids in order when it is loaded, whatever stands beside them: new ones come last, without a gap.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from role_engine.errors import InputError, ModelError
from role_engine.models.json_files import mapping
from role_engine.models.tokenizer_facts import TOKENIZER, TOKENIZER_CONFIG, vocabulary_of
from role_engine.models.tokens.settings_files import SettingsFiles
from role_engine.models.tokens.wanted import WantedToken

ADDED_TOKENS = "added_tokens.json"
_OFF = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}


def read_known_ids(settings: SettingsFiles, model: Path) -> dict[str, int]:
    """Every entry's id, added ones included.

    Raises:
        InputError: no `tokenizer.json`, or a malformed one.
        ModelError: `tokenizer_config.json` has tokens of its own, which get their ids only when it is loaded.
    """
    if not settings.exists(TOKENIZER):
        raise InputError(
            f"There is no {TOKENIZER}.",
            path=model,
            hint="Load the tokenizer with transformers and save it once: that writes one.",
        )
    whole = settings.json(TOKENIZER)
    ids = dict(vocabulary_of(whole, model / TOKENIZER))
    listed = whole.setdefault("added_tokens", [])
    if not isinstance(listed, list) or not all(_is_entry(entry) for entry in listed):
        raise InputError("Its added tokens are in no form that is known here.", path=model / TOKENIZER)
    ids.update((entry["content"], entry["id"]) for entry in listed)
    elsewhere = mapping(settings.json(TOKENIZER_CONFIG), "added_tokens_decoder")
    for value in elsewhere.values():
        if isinstance(value, dict) and value.get("content") not in ids:
            raise ModelError(
                f"{TOKENIZER_CONFIG} has the token {value.get('content')!r}, and {TOKENIZER} does not.",
                path=model,
                hint="Load the tokenizer with transformers and save it once.",
            )
    return ids


def add_entries(settings: SettingsFiles, tokens: Sequence[WantedToken], first: int) -> None:
    """Append the tokens, with the ids from `first` on."""
    listed = settings.touch(TOKENIZER)["added_tokens"]
    told = isinstance(settings.json(TOKENIZER_CONFIG).get("added_tokens_decoder"), dict)
    in_config = TOKENIZER_CONFIG if told else None
    for token_id, token in enumerate(tokens, first):
        entry: dict[str, Any] = {"content": token.text, **_OFF, "special": token.special}
        listed.append({"id": token_id, **entry})
        if in_config:
            settings.touch(in_config)["added_tokens_decoder"][str(token_id)] = entry
        if settings.exists(ADDED_TOKENS):
            settings.touch(ADDED_TOKENS)[token.text] = token_id


def remove_entries(settings: SettingsFiles, ids: Collection[int]) -> None:
    """Take out the added tokens of these ids."""
    whole = settings.touch(TOKENIZER)
    whole["added_tokens"] = [entry for entry in whole["added_tokens"] if entry["id"] not in ids]
    decoder = mapping(settings.json(TOKENIZER_CONFIG), "added_tokens_decoder")
    for token_id in ids:
        if decoder.pop(str(token_id), None) is not None:
            settings.touch(TOKENIZER_CONFIG)
    if settings.exists(ADDED_TOKENS):
        added = settings.touch(ADDED_TOKENS)
        for text in [text for text, token_id in added.items() if token_id in ids]:
            del added[text]


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("content"), str) and type(entry.get("id")) is int
