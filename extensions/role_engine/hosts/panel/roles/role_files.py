"""Role files as the page writes them: whole, never over a version that somebody else wrote, deleted into a bin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from role_engine.app.new_role import write_new_role
from role_engine.cards.importing import find_unused_companions, put_into_bin
from role_engine.errors import SettingsError
from role_engine.files import FileChanged, create_file, is_file, replace_file, version_of
from role_engine.prompts.frame import try_texts
from role_engine.roles import MAX_ROLE_FILE_BYTES, Role, RoleLibrary, RoleReport, validate_role_file
from role_engine.roles.role import is_role_id
from role_engine.roles.role_file import read_versioned


class ChangedMeanwhile(SettingsError):
    """The file is not the one that was opened: somebody else has written it since."""


@dataclass(frozen=True, slots=True)
class OpenedRoleFile:
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

    def open(self, role_id: str) -> OpenedRoleFile:
        """The file that answers to a role's id, valid or not.

        Raises:
            RoleEngineError: there is none, or it cannot be read.
        """
        _check_id(role_id)
        for folder in self.library.folders:
            path = folder / f"{role_id}.yaml"
            if is_file(path):
                version, text = read_versioned(path)
                return OpenedRoleFile(role_id, text, version, self._is_own(path))
        raise SettingsError(
            f"There is no file of a role {role_id!r} any more.", kind="role gone", values={"name": role_id}
        )

    def check(
        self, role_id: str, text: str, templates: Collection[str] | None = None, modes: Collection[str] | None = None
    ) -> RoleReport:
        """What `roles validate` would say of the file with that text."""
        path = self.folder / f"{role_id}.yaml"
        return validate_role_file(path, self.library, templates=templates, modes=modes, text=text, render=try_texts)

    def save(self, role_id: str, text: str, version: str) -> OpenedRoleFile:
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
        path, there = self.folder / f"{role_id}.yaml", self.open(role_id)
        if there.version != version:
            raise _changed()
        try:
            if there.own:
                replace_file(path, text.encode(), version=version)
            else:
                create_file(path, text.encode())
        except (FileChanged, FileExistsError):
            raise _changed() from None
        except OSError as error:
            raise _unwritable(error, path) from None
        return OpenedRoleFile(role_id, text, version_of(text.encode()), True)

    def new(self, role_id: str, title: str, parent: Role | None) -> OpenedRoleFile:
        """A role to start from.

        Raises:
            SettingsError: the id is none, or taken.
        """
        self._check_free(role_id)
        write_new_role(self.folder, role_id, title=title or role_id, parent=parent)
        return self.open(role_id)

    def duplicate(self, role_id: str, new_id: str) -> OpenedRoleFile:
        """The same file under another id, in the user's folder."""
        self._check_free(new_id)
        path = self.folder / f"{new_id}.yaml"
        try:
            create_file(path, self.open(role_id).text.encode())
        except FileExistsError:
            raise ChangedMeanwhile("There is such a file already.", path=path) from None
        except OSError as error:
            raise _unwritable(error, path) from None
        return self.open(new_id)

    def delete(self, role_id: str) -> Path:
        """Put a role's file into the bin beside the folder, and what an import has laid beside it; where it lies now.

        Raises:
            SettingsError: it is not the user's own.
        """
        _check_id(role_id)
        path = self.folder / f"{role_id}.yaml"
        if not is_file(path):
            raise SettingsError("This role comes with the project and cannot be deleted.", kind="not own")
        return put_into_bin(role_id, (path, *find_unused_companions(role_id, self.folder, self.library)))[0]

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


def _changed() -> ChangedMeanwhile:
    return ChangedMeanwhile("Somebody else has changed this file since it was opened.", hint="Open it again.")


def _unwritable(error: OSError, path: Path) -> SettingsError:
    return SettingsError(f"Cannot be written: {error.strerror or error}.", path=path)
