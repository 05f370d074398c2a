"""`NAME.card.json`, beside an imported role: the card as it came, and the role as it was made of it.

With both, an export gives the card back as it was, and changes in it only what the user has changed in the role.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from role_engine.cards.card import Card, card_of
from role_engine.cards.card_file import read_file
from role_engine.cards.json_reading import read_json
from role_engine.cards.limits import MAX_TEXT
from role_engine.errors import InputError
from role_engine.roles.role_file import RoleFileKeys

SUFFIX = ".card.json"
_MAX_SIDECAR = 2 * MAX_TEXT


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A kept card, and what the role file said when it was imported (resolved as `RoleSource.said` is)."""

    card: Card
    said: Mapping[str, Any]


def sidecar_bytes(card: Card, said: Mapping[str, Any]) -> bytes:
    """The content of `NAME.card.json`.

    Raises:
        InputError: it would be larger than what is read again.
    """
    raw = json.dumps({"card": card.raw, "role": said}, ensure_ascii=False, indent=1).encode() + b"\n"
    if len(raw) > _MAX_SIDECAR:
        raise InputError(f"The card's text is larger than {_MAX_SIDECAR:,} bytes.", path=card.path)
    return raw


def read_sidecar(path: Path) -> Sidecar:
    """Read `NAME.card.json`.

    Raises:
        InputError: it is not there, or is not what an import has written.
    """
    held = read_json(read_file(path, _MAX_SIDECAR), path, limit=_MAX_SIDECAR)
    if not isinstance(held.get("card"), dict) or not isinstance(held.get("role"), dict):
        raise InputError("Is no kept card: it needs `card` and `role`.", path=path)
    try:
        role = RoleFileKeys.model_validate(held["role"])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"The kept role is not valid: `{where}`: {first['msg']}.", path=path) from None
    return Sidecar(card_of(held["card"], path), role.model_dump(exclude_unset=True))
