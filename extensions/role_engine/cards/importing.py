"""A card becomes a role file and what lies beside it. Nothing that is there is ever overwritten."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from role_engine.cards import charx
from role_engine.cards.card import Card
from role_engine.cards.card_file import JPEG
from role_engine.cards.role_names import role_id_of
from role_engine.cards.sidecar import SUFFIX, read_sidecar, sidecar_bytes
from role_engine.cards.to_role import role_of
from role_engine.errors import InputError, RoleError, SettingsError
from role_engine.files import FileChanged, folder_lock, is_file, move_file, write_together
from role_engine.roles import MAX_ROLE_FILE_BYTES, RoleLibrary
from role_engine.roles.role import is_role_id
from role_engine.roles.yaml_reading import read_marked
from role_engine.roles.yaml_writing import to_yaml

LOREBOOK = ".lorebook.md"
ARCHIVE = ".charx"
BIN = "roles-bin"
"""Beside the folder of roles: where deleted ones are kept."""
_ANOTHER = "Give another id with --as."
_AGAIN = "Try again."
_HEADER = (
    "# Из карточки персонажа. Она сама — в {card}; выгрузить её: role-engine roles export {id} --format {format}\n"
)


@dataclass(frozen=True, slots=True)
class ImportedRole:
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
) -> ImportedRole:
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
    warnings = draft.warnings
    if put_aside := put_stranded_aside(role_id, folder, library):
        names = ", ".join(path.name for path in put_aside)
        warnings = (*warnings, f"of an earlier import without a role, now in {put_aside[0].parent.name}: {names}")
    return ImportedRole(role_id, write_files(folder, files, role_id + ".yaml"), warnings)


def companions(role_id: str, folder: Path) -> tuple[Path, ...]:
    """The files that an import has laid beside a role's own."""
    if not is_file(folder / (role_id + SUFFIX)):
        return ()
    names = (role_id + suffix for suffix in (SUFFIX, LOREBOOK, ARCHIVE, ".png", ".jpg"))
    return tuple(folder / name for name in names if is_file(folder / name))


def find_unused_companions(role_id: str, folder: Path, library: RoleLibrary) -> tuple[Path, ...]:
    """What an import has laid beside a role, where no other role lives on it: a copy, or one that names its lorebook.

    Of a copy it is what was laid beside the role that it is a copy of, once that one has gone.
    """
    sources = library.sources()
    card = sources[role_id].said.get("card") if role_id in sources else None
    owners = [role_id]
    if card is not None and card.parent == folder.resolve() and card.name.endswith(SUFFIX):
        owners.append(card.name.removesuffix(SUFFIX))
    others = [source.said for key, source in sources.items() if key != role_id]
    used = {path for said in others for path in (said.get("card"), *said.get("knowledge", {}).get("files", ()))}
    found: tuple[Path, ...] = ()
    for owner in dict.fromkeys(owners):
        files = companions(owner, folder)
        if (owner == role_id or not os.path.lexists(folder / f"{owner}.yaml")) and not used.intersection(
            file.resolve() for file in files
        ):
            found += files
    return found


def put_stranded_aside(role_id: str, folder: Path, library: RoleLibrary) -> tuple[Path, ...]:
    """Move what an earlier import left without its role (the role file was deleted by hand) into the bin; where to.

    Raises:
        SettingsError: it cannot be moved.
    """
    if os.path.lexists(folder / (role_id + ".yaml")):
        return ()
    files = find_unused_companions(role_id, folder, library)
    try:
        if files:
            read_sidecar(folder / (role_id + SUFFIX))
    except InputError:  # not written by an import: somebody's own file of that name
        return ()
    return put_into_bin(role_id, files)


def put_into_bin(role_id: str, files: Sequence[Path]) -> tuple[Path, ...]:
    """Move files of a role, all of one folder, into the bin beside that folder; their paths there.

    Raises:
        SettingsError: they cannot be moved.
    """
    if not files:
        return ()
    bin_, stamp = files[0].parent.parent / BIN, f"{datetime.now():%Y%m%d-%H%M%S-%f}"
    moved = []
    try:
        with folder_lock(files[0].parent):
            for file in sorted(files, key=lambda file: file.name.endswith(SUFFIX)):  # by which the others are known
                kept = bin_ / f"{role_id}.{stamp}{file.name[file.name.index('.') :]}"
                move_file(file, kept)
                moved.append(kept)
    except OSError as error:
        raise SettingsError(f"Cannot be deleted: {error.strerror}.", path=files[0]) from None
    return tuple(moved)


def _role_file(role_id: str, card: Card, said: Mapping[str, Any]) -> bytes:
    form = "webui" if card.kind == "webui" else "card-v3" if card.kind == "v3" else "card-v2"
    return (_HEADER.format(card=role_id + SUFFIX, id=role_id, format=form) + to_yaml(said)).encode()


def _refuse_taken(role_id: str, library: RoleLibrary) -> None:
    if role_id in library or role_id in library.errors():
        message = f"There is a role {role_id!r} already."
        raise SettingsError(message, hint=_ANOTHER, kind="taken", values={"name": role_id})


def write_files(folder: Path, files: Mapping[str, bytes], last: str, *, version: str | None = None) -> tuple[Path, ...]:
    """All of them or none, `last` last: what the role file names is there before it is. See `write_together`.

    Raises:
        SettingsError: one of them is there, or they cannot be written.
    """
    try:
        write_together(folder, files, last, version=version)
    except FileExistsError as error:
        raise SettingsError("There is such a file already.", path=error.filename, hint=_ANOTHER) from None
    except FileChanged as error:
        raise SettingsError("Somebody else has just changed this file.", path=error.filename, hint=_AGAIN) from None
    except OSError as error:
        raise SettingsError(f"Cannot be written: {error.strerror or error}.", path=folder) from None
    return tuple(folder / name for name in files)
