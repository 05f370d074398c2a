"""Role files as the page writes them: whole, never over a version that somebody else wrote, deleted into a bin."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from role_engine.cards import companions
from role_engine.errors import SettingsError
from role_engine.hosts.new_role import write_new_role
from role_engine.roles import MAX_ROLE_FILE_BYTES, Role, RoleLibrary, RoleReport, validate_role_file
from role_engine.roles.role import is_role_id
from role_engine.roles.role_file import read_text

BIN = "roles-bin"


class ChangedMeanwhile(SettingsError):
    """The file is not the one that was opened: somebody else has written it since."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A role's file as it was read; `version` is its content's hash, `own`: it lies in the user's own folder."""

    id: str
    text: str
    version: str
    own: bool


class RoleFiles:
    """The user's folder of roles, and what lies behind it.

    Args:
        folder: where files are written; the library's first folder.
    """

    def __init__(self, folder: Path, library: RoleLibrary) -> None:
        self.folder, self.library = folder, library

    def open(self, role_id: str) -> Opened:
        """The file that answers to a role's id, valid or not.

        Raises:
            RoleEngineError: there is none, or it cannot be read.
        """
        _check_id(role_id)
        for folder in self.library.folders:
            path = folder / f"{role_id}.yaml"
            if path.is_file():
                text = read_text(path, MAX_ROLE_FILE_BYTES)
                return Opened(role_id, text, _hash(path), self._is_own(path))
        raise SettingsError(
            f"There is no file of a role {role_id!r} any more.", kind="role gone", values={"name": role_id}
        )

    def check(
        self, role_id: str, text: str, templates: Collection[str] | None = None, modes: Collection[str] | None = None
    ) -> RoleReport:
        """What `roles validate` would say of the file with that text."""
        path = self.folder / f"{role_id}.yaml"
        return validate_role_file(path, self.library, templates=templates, modes=modes, text=text)

    def save(self, role_id: str, text: str, version: str) -> Opened:
        """Write a role that was opened as `version`. One that the project brings gets a file of the user's own.

        Raises:
            RoleEngineError: the text makes no role; nothing was written.
            ChangedMeanwhile: somebody else wrote the file; nothing was written.
        """
        _check_id(role_id)
        report = self.check(role_id, text)
        if report.role is None:
            raise report.problems[0]
        if len(text.encode()) > MAX_ROLE_FILE_BYTES:
            raise SettingsError(f"It is larger than {MAX_ROLE_FILE_BYTES:,} bytes.", hint="Use `system_file`.")
        there = self.open(role_id)
        if there.version != version:
            raise ChangedMeanwhile("Somebody else has changed this file since it was opened.", hint="Open it again.")
        _write(self.folder / f"{role_id}.yaml", text, over=there.own)
        return self.open(role_id)

    def new(self, role_id: str, title: str, parent: Role | None) -> Opened:
        """A role to start from.

        Raises:
            SettingsError: the id is none, or taken.
        """
        self._check_free(role_id)
        write_new_role(self.folder, role_id, title=title or role_id, parent=parent)
        return self.open(role_id)

    def duplicate(self, role_id: str, new_id: str) -> Opened:
        """The same file under another id, in the user's folder."""
        self._check_free(new_id)
        _write(self.folder / f"{new_id}.yaml", self.open(role_id).text, over=False)
        return self.open(new_id)

    def delete(self, role_id: str) -> Path:
        """Put a role's file into the bin beside the folder, and what an import has laid beside it; where it lies now.

        Raises:
            SettingsError: it is not the user's own.
        """
        _check_id(role_id)
        path = self.folder / f"{role_id}.yaml"
        if not path.is_file():
            raise SettingsError("This role comes with the project and cannot be deleted.", kind="not own")
        bin_ = self.folder.parent / BIN
        stamp = f"{datetime.now():%Y%m%d-%H%M%S-%f}"
        kept = bin_ / f"{role_id}.{stamp}.yaml"
        beside = self._only_its_own(role_id)
        try:
            bin_.mkdir(parents=True, exist_ok=True)
            os.replace(path, kept)
            for file in beside:
                os.replace(file, bin_ / f"{role_id}.{stamp}{file.name.removeprefix(role_id)}")
        except OSError as error:
            raise SettingsError(f"Cannot be deleted: {error.strerror}.", path=path) from None
        return kept

    def _only_its_own(self, role_id: str) -> tuple[Path, ...]:
        """The files of the card that it was made of, where no other role, a copy of it, lives on them."""
        files = companions(role_id, self.folder)
        others = [source.said for key, source in self.library.sources().items() if key != role_id]
        used = {path for said in others for path in (said.get("card"), *said.get("knowledge", {}).get("files", ()))}
        return () if any(file.resolve() in used for file in files) else files

    def _check_free(self, role_id: str) -> None:
        _check_id(role_id)
        if role_id in self.library or role_id in self.library.errors():
            message = f"There is a role {role_id!r} already."
            raise SettingsError(message, hint="Choose another id.", kind="taken", values={"name": role_id})

    def _is_own(self, path: Path) -> bool:
        return path.parent.resolve() == self.folder.resolve()


def _check_id(role_id: str) -> None:
    if not is_role_id(role_id):
        hint = "Use 1 to 64 of a-z, 0-9, _ and -."
        raise SettingsError(
            f"{role_id!r} cannot be a role's id.", hint=hint, kind="no_role_id", values={"name": role_id}
        )


def _hash(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def _write(path: Path, text: str, *, over: bool) -> None:
    """Under a temporary name first; not `over` a file: never, even where it appears at the last moment."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        if over:
            os.replace(part, path)
        else:
            _claim(part, path)
    except FileExistsError:
        raise ChangedMeanwhile("There is such a file already.", path=path) from None
    except OSError as error:
        raise SettingsError(f"Cannot be written: {error.strerror}.", path=path) from None
    finally:
        part.unlink(missing_ok=True)


def _claim(part: Path, path: Path) -> None:
    """Give a file its name, if that is free."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        os.replace(part, path)
