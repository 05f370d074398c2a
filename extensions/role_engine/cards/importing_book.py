"""A lorebook becomes a knowledge file, by itself or of a role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from role_engine.cards.book import Book
from role_engine.cards.importing import LOREBOOK, write_files
from role_engine.cards.lorebook import Lorebook, read_entries
from role_engine.cards.role_names import role_id_of
from role_engine.cards.to_role import FACTS
from role_engine.errors import InputError, SettingsError
from role_engine.prompts.neutral import neutralise
from role_engine.roles import MAX_ROLE_FILE_BYTES, Role, RoleLibrary
from role_engine.roles.role import is_role_id
from role_engine.roles.role_file import read_versioned
from role_engine.roles.yaml_editing import read_values, with_value

SOME_CHARACTER = "персонаж"
"""Who {{char}} is in a lorebook that no role has yet."""


_PLACEHOLDER = re.compile(r"(\{\{\s*(?:user|char|date)\s*\}\})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImportedBook:
    """What has been written.

    Attributes:
        role: the role that knows it now; None: none does yet.
        files: the knowledge file first, and the role's file where that was changed.
        warnings: what a user might not expect.
    """

    role: str | None
    files: tuple[Path, ...]
    warnings: tuple[str, ...]


def import_book(
    book: Book, folder: Path, library: RoleLibrary, *, into: str | None = None, name: str | None = None
) -> ImportedBook:
    """Write a lorebook into `folder` as `NAME.lorebook.md`, and have a role know it.

    Args:
        into: a role in `folder`. What always holds goes into its text; without a role it stands in the file like all
            the rest.
        name: None: made of the book's name, else of the file's.

    Raises:
        UnknownRole: there is no such role.
        SettingsError: the role is not in `folder`, the name is none, or a file of that name is there.
        InputError: the lorebook is not built as one, or says nothing.
        RoleError: the role's file is broken.
    """
    role = library.get(into) if into is not None else None
    name = name or role_id_of(book.name) or role_id_of(book.path.stem)
    if not is_role_id(name):
        raise SettingsError(f"{name!r} cannot be a file's name here.", hint="Give one with --as: a-z, 0-9, _ and -.")
    target = folder / (name + LOREBOOK)
    if role is not None:
        return _into_role(book, role, target, library)
    said, warnings = _all_keyed(book, SOME_CHARACTER)
    files = write_files(folder, {target.name: said.text.encode()}, target.name)
    hint = f"no role knows it yet: put it into one, `knowledge: {{files: [{target.name}]}}`, or import it --into ROLE"
    return ImportedBook(None, files, (hint, *warnings))


def _into_role(book: Book, role: Role, target: Path, library: RoleLibrary) -> ImportedBook:
    path = library.sources()[role.id].path
    if path.parent.resolve() != target.parent.resolve():
        raise SettingsError(
            f"The role {role.id!r} comes with role_engine and stays as it is.",
            hint=f"Make one of your own: role-engine roles new NAME --extends {role.id}.",
        )
    version, text = read_versioned(path)
    values = read_values(text)
    if role.jinja or "system_file" in values:  # its text is not for us to write into
        said, warnings = _all_keyed(book, role.name)
    else:
        said, warnings = _read(book, role.name), ()
    if said.pinned:
        system = str(values.get("system") or "").rstrip()
        facts = f"{system}\n\n## {FACTS}\n\n{_harmless(said.pinned)}\n".lstrip()
        text = with_value(text, ["system"], facts, ["name", "extends"])
    files: dict[str, bytes] = {target.name: said.text.encode()} if said.text else {}
    if files:
        listed = values.get("knowledge")
        known = list(listed.get("files") or ()) if isinstance(listed, dict) else []
        text = with_value(text, ["knowledge", "files"], [*known, target.name])
    if len(text.encode()) > MAX_ROLE_FILE_BYTES:
        raise InputError(f"The role's file would be larger than {MAX_ROLE_FILE_BYTES:,} bytes.", path=path)
    written = write_files(target.parent, {**files, path.name: text.encode()}, path.name, version=version)
    return ImportedBook(role.id, written, warnings)


def _read(book: Book, char: str, *, pin: bool = True) -> Lorebook:
    said = read_entries(book.fields, book.path, where="lorebook", char=char, pin=pin)
    if not said.keyed and not said.pinned:
        raise InputError("The lorebook has no entry that is switched on and says anything.", path=book.path)
    return said


def _all_keyed(book: Book, char: str) -> tuple[Lorebook, tuple[str, ...]]:
    """The book with everything in its file, and what to say of that."""
    count = len(_read(book, char).pinned_numbers)
    note = f"entries that always hold ({count}) are looked up like the others: copy into `system` what must never fail"
    return _read(book, char, pin=False), (note,) if count else ()


def _harmless(text: str) -> str:
    """A stranger's text in a role of the user's: control tokens and template marks broken, but for our placeholders."""
    pieces = _PLACEHOLDER.split(text)
    return "".join(piece if number % 2 else neutralise(piece) for number, piece in enumerate(pieces))
