"""A lorebook that is a file of its own, in the forms that programs write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.cards.limits import MAX_ENTRIES
from role_engine.cards.lorebook import entries_in
from role_engine.errors import InputError

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Book:
    """A lorebook as it was read.

    Attributes:
        form: who writes it so.
        name: what it calls itself; "" where it does not.
        fields: the book in the form of a card's `character_book`.
        path: where it came from, for errors.
    """

    form: str
    name: str
    fields: dict[str, Any]
    path: Path


def book_of(raw: Mapping[str, Any], path: Path) -> Book | None:
    """The lorebook in a document; None where it is none.

    Raises:
        InputError: it is one, and not built as one.
    """
    for form, marks, entry_of in _FORMS:
        if marks(raw):
            fields = _inner(raw)
            found = entries_in({"entries": fields.get("entries", fields.get("data"))})
            if found is None:
                raise InputError("The lorebook must have a list of `entries`.", path=path)
            if len(found) > MAX_ENTRIES:
                raise InputError(f"The lorebook has more than {MAX_ENTRIES:,} entries.", path=path)
            entries = [entry_of(entry) if isinstance(entry, dict) else entry for entry in found]
            name = fields.get("name", raw.get("name"))
            return Book(form, name if isinstance(name, str) else "", {**fields, "entries": entries}, path)
    return None


def _inner(raw: Mapping[str, Any]) -> dict[str, Any]:
    data = raw.get("data")
    return dict(data) if isinstance(data, dict) else dict(raw)


def _sillytavern(entry: Entry) -> Entry:
    return entry


def _novelai(entry: Entry) -> Entry:
    return {
        "name": entry.get("displayName"),
        "keys": entry.get("keys"),
        "content": entry.get("text"),
        "enabled": entry.get("enabled"),
        "constant": entry.get("forceActivation"),
    }


def _agnai(entry: Entry) -> Entry:
    return {
        "name": entry.get("name"),
        "keys": entry.get("keywords"),
        "content": entry.get("entry"),
        "enabled": entry.get("enabled"),
        "insertion_order": entry.get("weight"),
    }


def _risu(entry: Entry) -> Entry:
    return {
        "name": entry.get("comment"),
        "keys": entry.get("key"),
        "secondary_keys": entry.get("secondkey"),
        "selective": entry.get("selective"),
        "content": entry.get("content"),
        "constant": entry.get("alwaysActive"),
        "insertion_order": entry.get("insertorder"),
        "use_regex": entry.get("useRegex"),
        "enabled": entry.get("mode") != "folder",
    }


def _has_lore(raw: Mapping[str, Any]) -> bool:
    """Entries with a text, and nothing of a card beside them."""
    entries = entries_in(raw) if "entries" in raw else None
    if entries is None or {"spec", "data", "first_mes", "messages"} & raw.keys():
        return False
    return not entries or any(isinstance(entry, dict) and "content" in entry for entry in entries)


_FORMS: tuple[tuple[str, Callable[[Mapping[str, Any]], bool], Callable[[Entry], Entry]], ...] = (
    ("lorebook V3", lambda raw: raw.get("spec") == "lorebook_v3", _sillytavern),
    ("NovelAI", lambda raw: "lorebookVersion" in raw, _novelai),
    ("Agnai", lambda raw: raw.get("kind") == "memory" and "entries" in raw, _agnai),
    ("RisuAI", lambda raw: raw.get("type") == "risu" and isinstance(raw.get("data"), list), _risu),
    ("SillyTavern", _has_lore, _sillytavern),
)
