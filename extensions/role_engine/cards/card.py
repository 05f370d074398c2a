"""A character card, whatever file it came in, with everything that was in it."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from role_engine.cards.other_files import refuse_other_file
from role_engine.errors import InputError

Kind = Literal["v1", "v2", "v3", "webui"]

V1_TEXTS = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
V2_TEXTS = (*V1_TEXTS, "creator_notes", "system_prompt", "post_history_instructions", "creator", "character_version")
SPECS = {"v2": ("chara_card_v2", "2.0"), "v3": ("chara_card_v3", "3.0")}
OURS = "role_engine"
"""Our name among a card's `extensions`."""

_OF_CARDS = frozenset({"first_mes", "mes_example", "personality", "scenario"})
_WEBUI_KEYS = frozenset({"context", "greeting", "bot", "<|bot|>", "char_name", "char_persona", "char_greeting"})


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it was read.

    Attributes:
        kind: `v1`, `v2`, `v3`: SillyTavern's; `webui`: a character of text-generation-webui.
        raw: the whole document, unknown keys and all.
        path: where it came from, for errors.
        picture: a PNG or JPEG, without the card in it.
        archive: the whole `.charx`.
        warnings: what is odd about it and no reason to refuse it.
    """

    kind: Kind
    raw: dict[str, Any]
    path: Path
    picture: bytes | None = None
    archive: bytes | None = None
    warnings: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """Where name, description and the rest stand."""
        data: dict[str, Any] = self.raw["data"] if self.kind in SPECS else self.raw
        return data

    def text(self, *keys: str) -> str:
        """The first of these fields that is filled; "" where none is.

        Raises:
            InputError: a field holds something other than text.
        """
        for key in keys:
            if filled := as_text(self.fields.get(key), key, self.path):
                return filled
        return ""

    @property
    def extensions(self) -> dict[str, Any]:
        """The card's `extensions`, {} where it has none."""
        found = self.fields.get("extensions") if self.kind in SPECS else None
        return found if isinstance(found, dict) else {}


def card_of(raw: dict[str, Any], path: Path) -> Card:
    """The card in a document, its kind told by its keys.

    Raises:
        InputError: it is no character card.
    """
    spec, data = raw.get("spec"), raw.get("data")
    if isinstance(data, dict) and (spec is not None or "name" in data):
        kind: Literal["v2", "v3"] = "v2" if spec in (None, SPECS["v2"][0]) else "v3"
        return Card(kind, raw, path, warnings=_spec_warnings(kind, spec, raw.get("spec_version")))
    if spec is not None:
        raise InputError("The card has a `spec` and no `data`.", path=path)
    if not _OF_CARDS & raw.keys():
        refuse_other_file(raw, path)
    if _WEBUI_KEYS & raw.keys():
        return Card("webui", raw, path)
    if "name" in raw and any(key in raw for key in V1_TEXTS[1:]):
        return Card("v1", raw, path)
    raise InputError(
        "This is no character card.",
        path=path,
        hint="A card has `name` with `description`, or `spec` with `data`; a webui character `name` with `context`.",
    )


def _spec_warnings(kind: Literal["v2", "v3"], spec: object, version: object) -> tuple[str, ...]:
    known_spec, known_version = SPECS[kind]
    if spec is not None and spec != known_spec:
        return (f"the card says that it is {str(spec)[:40]!r}, which is not known: it is read as {known_spec}",)
    found = re.fullmatch(r"(\d{1,4})(?:\.(\d{1,4}))?.*", str(version or "")[:40], re.DOTALL)
    if found and (int(found[1]), int(found[2] or 0)) > (int(known_version[0]), 0):
        return (f"the card is of version {str(version)[:40]}, newer than {known_version}: what is new in it is kept",)
    return ()


def as_text(value: Any, key: str, path: Path) -> str:
    """A field as text: null is empty, a number is its digits.

    Raises:
        InputError: a list, an object, true or false.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise InputError(f"`{key}` of the card must be text, not {type(value).__name__}.", path=path)
    return value


def convert(raw: dict[str, Any], kind: Kind, to: Literal["v2", "v3"]) -> dict[str, Any]:
    """A copy of a `v1`, `v2` or `v3` document in the form of `to`; nothing of it is dropped."""
    raw = copy.deepcopy(raw)
    if kind == to:
        return raw
    document = raw if kind in SPECS else {"data": raw}
    data = document["data"]
    for key in V2_TEXTS:
        data.setdefault(key, "")
    data.setdefault("alternate_greetings", [])
    data.setdefault("tags", [])
    data.setdefault("extensions", {})
    if to == "v3":
        data.setdefault("group_only_greetings", [])
        book = data.get("character_book")
        entries = book.get("entries") if isinstance(book, dict) else None
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                entry.setdefault("use_regex", False)
    spec, version = SPECS[to]
    return {**document, "spec": spec, "spec_version": version}
