"""The roles of one or more folders, always as fresh as the files.

Each access looks at the folders (names, times, sizes, inodes) and reads again only what has changed. A file that no
longer works keeps its last good version, and its error is shown; the others do not notice.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from role_engine.errors import RoleEngineError, RoleError, UnknownRole
from role_engine.file_signature import Signature, signature_of
from role_engine.roles.inheritance import chain, merge
from role_engine.roles.role import Role
from role_engine.roles.role_file import RoleSource, SystemFileError, load_role_file

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Shelf:
    """What is known of one file."""

    path: Path
    signature: Signature
    reads: dict[Path, Signature] = field(default_factory=dict)
    source: RoleSource | None = None  # the last one that worked
    version: int = 0  # of `source`: another number, another content
    error: RoleEngineError | None = None

    def stale(self, signature: Signature) -> bool:
        return self.signature != signature or any(signature_of(path) != seen for path, seen in self.reads.items())


class RoleLibrary:
    """Roles by id. Of two files with the same id the one in the earlier folder counts.

    A folder that does not exist is an empty one. All methods may be called from any thread.

    Attributes:
        parses: how many times a role file has been read since the library was made.
    """

    def __init__(self, folders: Sequence[Path | str]) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self.parses = 0
        self._lock = threading.RLock()
        self._shelves: dict[str, _Shelf] = {}
        self._roles: dict[str, Role] = {}
        self._made_of: dict[str, tuple[tuple[str, int], ...]] = {}
        self._errors: dict[str, RoleEngineError] = {}
        self._lora_logged: set[str] = set()

    def get(self, role_id: str) -> Role:
        """The role of that id.

        Raises:
            UnknownRole: no file answers to the name.
            RoleError: a file does, but it has never been valid.
        """
        with self._lock:
            self._refresh()
            if role_id in self._roles:
                return self._roles[role_id]
            if role_id in self._errors:
                raise self._errors[role_id]
            raise UnknownRole(role_id, self._roles)

    def find(self, role_id: str) -> Role | None:
        """The role of that id; None where there is none that works."""
        with self._lock:
            self._refresh()
            return self._roles.get(role_id)

    def ids(self) -> tuple[str, ...]:
        """The ids of the roles that can be had, sorted."""
        with self._lock:
            self._refresh()
            return tuple(sorted(self._roles))

    def all(self) -> tuple[Role, ...]:
        """The roles that can be had, by id."""
        with self._lock:
            self._refresh()
            return tuple(self._roles[role_id] for role_id in sorted(self._roles))

    def errors(self) -> dict[str, RoleEngineError]:
        """What is wrong, by id: roles that cannot be had, and roles whose last good version is in use."""
        with self._lock:
            self._refresh()
            return dict(self._errors)

    def sources(self) -> dict[str, RoleSource]:
        """The files as they are written, by id."""
        with self._lock:
            self._refresh()
            return {role_id: shelf.source for role_id, shelf in self._shelves.items() if shelf.source is not None}

    def reload(self) -> None:
        """Forget what is known of the files and read all of them again; last good versions stay."""
        with self._lock:
            for shelf in self._shelves.values():
                shelf.signature = None
            self._refresh()

    def __contains__(self, role_id: object) -> bool:
        return role_id in self.ids()

    def __iter__(self) -> Iterator[Role]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.ids())

    def _refresh(self) -> None:
        changed = False
        found = self._scan()
        for role_id in self._shelves.keys() - found.keys():
            del self._shelves[role_id]
            changed = True
        for role_id, (path, signature) in found.items():
            shelf = self._shelves.get(role_id)
            if shelf is None or shelf.path != path:  # another file: what the old one said does not count
                shelf = self._shelves[role_id] = _Shelf(path, None)
            if shelf.stale(signature):
                self._read(shelf, signature)
                changed = True
        if changed:
            self._assemble()

    def _scan(self) -> dict[str, tuple[Path, Signature]]:
        found: dict[str, tuple[Path, Signature]] = {}
        for folder in self.folders:
            try:
                with os.scandir(folder) as entries:
                    names = [entry.name for entry in entries if _is_role_file(entry.name)]
            except OSError:
                continue
            for name in names:
                path = folder / name
                signature = signature_of(path)
                if signature is not None:
                    found.setdefault(path.stem, (path, signature))
        return found

    def _read(self, shelf: _Shelf, signature: Signature) -> None:
        self.parses += 1
        shelf.signature, shelf.error = signature, None
        reads: Sequence[Path] = ()
        try:
            shelf.source, shelf.version = load_role_file(shelf.path), self.parses
            reads = shelf.source.reads
        except RoleError as error:
            shelf.error = error
            if isinstance(error, SystemFileError):
                reads = error.reads
        shelf.reads = {path: signature_of(path) for path in reads}

    def _assemble(self) -> None:
        """Make the roles whose chain has changed; a chain that broke leaves the role as it was."""
        sources = {role_id: shelf.source for role_id, shelf in self._shelves.items() if shelf.source is not None}
        roles: dict[str, Role] = {}
        made_of: dict[str, tuple[tuple[str, int], ...]] = {}
        errors = {role_id: shelf.error for role_id, shelf in self._shelves.items() if shelf.error is not None}
        for role_id in sources:
            try:
                links = chain(role_id, sources, broken=errors)
                identity = tuple((link.id, self._shelves[link.id].version) for link in links)
                if self._made_of.get(role_id) == identity:
                    roles[role_id] = self._roles[role_id]
                else:
                    roles[role_id] = merge(links)
                    self._tell_of_lora(roles[role_id])
                made_of[role_id] = identity
            except RoleError as error:
                errors.setdefault(role_id, error)
                if role_id in self._roles:
                    roles[role_id] = self._roles[role_id]
        self._roles, self._made_of, self._errors = roles, made_of, errors

    def _tell_of_lora(self, role: Role) -> None:
        if role.lora is not None and role.id not in self._lora_logged:
            self._lora_logged.add(role.id)
            log.warning("role %s: `lora` is not built yet and is ignored", role.id)


def _is_role_file(name: str) -> bool:
    return name.endswith(".yaml") and not name.startswith(".")
