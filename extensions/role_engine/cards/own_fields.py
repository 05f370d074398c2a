"""What a role says and a card has no field for: it travels in the card's `extensions["role_engine"]`.

A card is a stranger's: each value is checked as in a role file, and what is wrong or not for a card to say is left
out with a warning. It stays in the kept card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from role_engine.cards.card import OURS, Card
from role_engine.roles.role import Thinking
from role_engine.roles.role_file import RoleFileKeys

OWN_KEYS = (
    *("description", "negative", "template", "language", "thinking", "handoff"),
    *("knowledge", "lora", "sampling", "budget"),
)
DIGESTS = "written"
"""Digests of the card's texts as role_engine wrote them: they tell whether somebody has edited one since."""

_NOT_FROM_A_CARD = ("jinja", "system_file", "card")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def own_fields(card: Card) -> dict[str, Any]:
    """The card's `extensions["role_engine"]`, unchecked; {} where it has none."""
    found = card.extensions.get(OURS)
    return found if isinstance(found, dict) else {}


def is_as_written(card: Card, field: str) -> bool:
    """Whether role_engine wrote this text of the card, and nobody has edited it."""
    digests = own_fields(card).get(DIGESTS)
    return isinstance(digests, dict) and digests.get(field) == digest(card.text(field))


def read_own(
    card: Card, *, known_roles: Collection[str], templates: Collection[str] | None
) -> tuple[dict[str, Any], list[str]]:
    """The role's keys that the card brings for role_engine, and warnings about those that it may not bring."""
    said: dict[str, Any] = {}
    warnings: list[str] = []
    ours = own_fields(card)
    for key in _NOT_FROM_A_CARD:
        if key in ours:
            warnings.append(f"`{key}` of the card is left out: a card cannot say that")
    for key in OWN_KEYS:
        if ours.get(key) is None:
            continue
        value, problem = ours[key], None
        try:
            RoleFileKeys.model_validate({key: value})
            value, problem = _fitting(key, value, known_roles, templates)
        except ValidationError as error:
            first = error.errors()[0]
            problem = f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}"
        if problem is not None:
            warnings.append(f"`{key}` of the card is left out: {problem}")
            continue
        if value not in ({}, [], ""):
            said[key] = value
        if key == "handoff" and (gone := [name for name in ours[key] if name not in value]):
            warnings.append(f"`handoff` of the card names roles that are not here: {', '.join(gone)}")
    return said, warnings


def _fitting(
    key: str, value: Any, known_roles: Collection[str], templates: Collection[str] | None
) -> tuple[Any, str | None]:
    """The value, of valid form, without what names things that are not here; and why it cannot be used at all."""
    if key == "knowledge":
        return {name: setting for name, setting in value.items() if name != "files"}, None
    if key == "handoff":
        return [name for name in value if name in known_roles], None
    if key == "template" and templates is not None and value not in templates:
        return value, f"there is no template {value}"
    if key == "lora":
        path = PurePosixPath(value["path"].replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in value["path"]:
            return value, "its path leaves the role's folder"
    if key == "thinking":
        thinking = Thinking.model_validate(value)
        if thinking.default not in ("none", *thinking.modes):
            return value, "its default is not among its modes"
    return value, None
