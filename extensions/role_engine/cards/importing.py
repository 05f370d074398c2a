"""A card becomes a role file and what lies beside it. Nothing that is there is ever overwritten."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.cards import charx
from role_engine.cards.card import Card
from role_engine.cards.card_file import JPEG
from role_engine.cards.role_names import role_id_of
from role_engine.cards.sidecar import SUFFIX, sidecar_bytes
from role_engine.cards.to_role import role_of
from role_engine.errors import InputError, RoleError, SettingsError
from role_engine.roles import MAX_ROLE_FILE_BYTES, RoleLibrary
from role_engine.roles.role import is_role_id
from role_engine.roles.yaml_reading import read_marked
from role_engine.roles.yaml_writing import to_yaml

LOREBOOK = ".lorebook.md"
ARCHIVE = ".charx"
_ANOTHER = "Give another id with --as."
_HEADER = (
    "# Из карточки персонажа. Она сама — в {card}; выгрузить её: role-engine roles export {id} --format {format}\n"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has written: the role file first."""

    id: str
    files: tuple[Path, ...]
    warnings: tuple[str, ...]


def import_card(
    card: Card,
    folder: Path,
    library: RoleLibrary,
    *,
    role_id: str | None = None,
    extends: str | None = None,
    templates: Collection[str] | None = None,
) -> Imported:
    """Write a card's role into `folder`.

    Args:
        library: what the role must not collide with, and may extend.
        role_id: None: made of the character's name, else of the file's.
        extends, templates: see `role_of`.

    Raises:
        SettingsError: the id is none, or something of that name is there.
        InputError: the card makes no role.
    """
    draft = role_of(card, library, extends=extends, templates=templates)
    role_id = role_id or role_id_of(draft.said["name"]) or role_id_of(card.path.stem)
    if not is_role_id(role_id):
        raise SettingsError(
            f"{role_id!r} cannot be a role's id.", hint="Give one with --as: 1 to 64 of a-z, 0-9, _ and -."
        )
    said = draft.said
    files: dict[str, bytes] = {}
    if draft.knowledge:
        said = {**said, "knowledge": {"files": [role_id + LOREBOOK], **said.get("knowledge", {})}}
        files[role_id + LOREBOOK] = draft.knowledge.encode()
    files[role_id + SUFFIX] = sidecar_bytes(card, said)
    if card.archive is not None:
        files[role_id + ARCHIVE] = charx.with_card_json(card.archive, b"{}", card.path)
    if card.picture is not None:
        files[role_id + (".jpg" if card.picture.startswith(JPEG) else ".png")] = card.picture
    role_file = _role_file(role_id, card, {**said, "card": role_id + SUFFIX})
    if len(role_file) > MAX_ROLE_FILE_BYTES:
        raise InputError(
            f"The card's texts are larger than a role file may be ({MAX_ROLE_FILE_BYTES:,} bytes).", path=card.path
        )
    try:
        read_marked(role_file.decode(), card.path)  # a megabyte of turns is more than a role may hold
    except RoleError as error:
        raise InputError(f"The card makes no role: {error.message}", path=card.path) from None
    files = {role_id + ".yaml": role_file, **files}
    _refuse_taken(role_id, library)
    refuse_existing(folder / name for name in files)
    return Imported(role_id, write_all(folder, files), draft.warnings)


def companions(role_id: str, folder: Path) -> tuple[Path, ...]:
    """The files that an import has laid beside a role's own."""
    if not (folder / (role_id + SUFFIX)).is_file():
        return ()
    names = (role_id + suffix for suffix in (SUFFIX, LOREBOOK, ARCHIVE, ".png", ".jpg"))
    return tuple(folder / name for name in names if (folder / name).is_file())


def _role_file(role_id: str, card: Card, said: Mapping[str, Any]) -> bytes:
    form = "webui" if card.kind == "webui" else "card-v3" if card.kind == "v3" else "card-v2"
    return (_HEADER.format(card=role_id + SUFFIX, id=role_id, format=form) + to_yaml(said)).encode()


def _refuse_taken(role_id: str, library: RoleLibrary) -> None:
    if role_id in library or role_id in library.errors():
        message = f"There is a role {role_id!r} already."
        raise SettingsError(message, hint=_ANOTHER, kind="taken", values={"name": role_id})


def refuse_existing(paths: Iterable[Path]) -> None:
    """
    Raises:
        SettingsError: one of the files is there.
    """
    for path in paths:
        if os.path.lexists(path):
            raise SettingsError("There is such a file already.", path=path, hint=_ANOTHER)


def write_all(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """All of them or none, the last first: what the role file names is there before it is.

    Raises:
        SettingsError: they cannot be written.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in reversed(list(files.items())):
            write_new(folder / name, content)
            written.append(folder / name)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise SettingsError(f"Cannot be written: {error.strerror or error}.", path=folder) from None
    return tuple(reversed(written))


def write_new(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then give it its own."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
