"""A role as the bytes of a card file: JSON, YAML, PNG or `.charx`."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from role_engine.cards import charx, png
from role_engine.cards.card import convert
from role_engine.cards.card_file import KEYWORDS, read_file
from role_engine.cards.from_role import ExportedRole, Format, document_of
from role_engine.cards.importing import ARCHIVE
from role_engine.cards.limits import MAX_FILE, MAX_PICTURE
from role_engine.cards.sidecar import read_sidecar
from role_engine.errors import InputError, SettingsError
from role_engine.files import is_file
from role_engine.roles import RoleLibrary
from role_engine.roles.role_file import MAX_SYSTEM_FILE_BYTES, read_text
from role_engine.roles.yaml_writing import to_yaml

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "webui": (".yaml", ".yml", ".json"),
    "card-v2": (".json", ".png"),
    "card-v3": (".json", ".png", ".charx"),
}
_TEXT_FILES = (".txt", ".md")


def gather_export(name: str, library: RoleLibrary) -> tuple[ExportedRole, tuple[str, ...]]:
    """All that an export of the role `name` is made of, and warnings about what cannot be in it.

    Raises:
        UnknownRole: there is none.
        RoleError: its file is broken, or a knowledge file cannot be read.
        InputError: its kept card is gone or broken.
    """
    role = library.get(name)
    source = library.sources()[name]
    parent = library.get(source.extends) if source.extends is not None else None
    kept = read_sidecar(source.said["card"]) if "card" in source.said else None
    knowledge: list[tuple[str, str]] = []
    warnings: list[str] = []
    own = source.said.get("knowledge", {}).get("files", ())
    for file in own if kept is not None else role.knowledge.files:  # what an imported role extends stays behind
        if file.suffix.lower() in _TEXT_FILES:
            knowledge.append((file.stem, read_text(file, MAX_SYSTEM_FILE_BYTES, unlinked=True)))
        else:
            warnings.append(f"{file.name} is left out: only .txt and .md files go into a card")
    return ExportedRole(role, source, parent, kept, knowledge), tuple(warnings)


def file_of(exported: ExportedRole, to: Format, suffix: str, *, picture: Path | None = None) -> bytes:
    """The role as a file.

    Args:
        suffix: one of `SUFFIXES[to]`, which says what kind of file.
        picture: a PNG for the card; None: the one that came with it, else a plain grey one.

    Raises:
        SettingsError: that format has no such file.
        InputError: the picture is no PNG.
    """
    if suffix not in SUFFIXES[to]:
        known = ", ".join(SUFFIXES[to])
        raise SettingsError(f"{to} cannot be a {suffix or 'file without a suffix'}.", hint=f"Known: {known}.")
    document = document_of(exported, to)
    if suffix in (".yaml", ".yml"):
        return to_yaml(document, width=float("inf")).encode()
    if suffix == ".json":
        return json_bytes(document, indent=2) + b"\n"
    path = exported.source.path
    if suffix == ".charx":
        kept = _beside(path, ARCHIVE) if exported.kept is not None else None
        archive = read_file(kept, 2 * MAX_FILE, unlinked=True) if kept is not None else None
        return charx.with_card_json(archive, json_bytes(document, indent=2), path.with_suffix(ARCHIVE))
    carried = {"chara": document}
    if to == "card-v3":  # older programs read the other one
        carried = {"chara": convert(document, "v3", "v2"), "ccv3": document}
    texts = {keyword: base64.b64encode(json_bytes(card)) for keyword, card in carried.items()}
    return png.with_texts(_picture(exported, picture), texts, KEYWORDS, picture or path)


def find_picture(exported: ExportedRole) -> Path | None:
    """The picture that came with the role's card."""
    found = (_beside(exported.source.path, suffix) for suffix in (".png", ".jpg"))
    return next((file for file in found if file is not None), None)


def _beside(path: Path, suffix: str) -> Path | None:
    """The file of another suffix in the role's own folder, links resolved; None: there is none, or it lies outside."""
    folder = path.parent.resolve()
    file = (folder / path.with_suffix(suffix).name).resolve()
    return file if is_file(file) and file.is_relative_to(folder) else None


def json_bytes(document: Mapping[str, Any], *, indent: int | None = None) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=indent).encode()


def _picture(exported: ExportedRole, picture: Path | None) -> bytes:
    picture = picture or find_picture(exported)
    if picture is None:
        return png.blank()
    raw = read_file(picture, MAX_PICTURE)
    if not raw.startswith(png.SIGNATURE):
        raise InputError("Is no PNG, and only those carry cards.", path=picture, hint="Give one with --picture.")
    return raw
