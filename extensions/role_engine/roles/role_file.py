"""One role file as it is written, before what it extends is added."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from role_engine.errors import RoleError
from role_engine.files import UnreadableFile, is_file, read_bounded, read_unlinked, version_of
from role_engine.language.policy import LanguagePolicy
from role_engine.roles.role import (
    JINJA_IN_A_CARD,
    RESERVED_IDS,
    Budget,
    Example,
    Filled,
    Knowledge,
    Lora,
    RoleId,
    RoleSection,
    Sampling,
    TemplateName,
    Thinking,
    is_role_id,
)
from role_engine.roles.yaml_errors import explain, without_nulls
from role_engine.roles.yaml_reading import KeyPath, read_marked

MAX_ROLE_FILE_BYTES = 1_000_000
MAX_SYSTEM_FILE_BYTES = 16_000_000
TEXT_SUFFIXES = (".md", ".markdown", ".txt")
"""What a role's file is called for it to be read as text wherever it is read: as `system_file` and as knowledge."""

Appended = Literal["system", "negative", "allow"]


class RoleFileKeys(RoleSection):
    """The keys of a role file. What is None or unset was not said."""

    name: Filled | None = None
    description: str | None = None
    extends: RoleId | None = None
    override: tuple[Appended, ...] = ()
    system: Filled | None = None
    system_file: Filled | None = None
    greeting: str | None = None
    examples: tuple[Example, ...] | None = None
    reminder: str | None = None
    negative: tuple[Filled, ...] | None = None
    template: TemplateName | None = None
    language: LanguagePolicy | None = None
    thinking: Thinking | None = None
    handoff: tuple[RoleId, ...] | None = None
    knowledge: Knowledge | None = None
    lora: Lora | None = None
    sampling: Sampling | None = Field(default=None)
    budget: Budget | None = None
    jinja: bool | None = None
    card: Filled | None = None


@dataclass(frozen=True, slots=True)
class RoleSource:
    """A role file that was read and is valid in itself.

    Attributes:
        id: the file's stem.
        path: the file.
        said: what the file says, nested, only the keys that it names; texts and paths are resolved.
        extends: the parent's id, or None.
        override: keys whose inherited text is replaced instead of continued.
        reads: other files that `said` was made from, whether they exist or not.
        lines: the line of each key.
    """

    id: str
    path: Path
    said: Mapping[str, Any]
    extends: str | None
    override: frozenset[str]
    reads: tuple[Path, ...]
    lines: Mapping[KeyPath, int]

    def line(self, *where: str | int) -> int | None:
        return self.lines.get(where)


class SystemFileError(RoleError):
    """The role's `system_file` cannot be used. `reads` names it, so that the library sees when that changes."""

    def __init__(
        self, message: str, *, reads: Path, path: Path, line: int | None, hint: str = "", kind: str = ""
    ) -> None:
        super().__init__(message, path=path, line=line, hint=hint, kind=kind, values={"name": reads.name})
        self.reads = (reads,)


def load_role_file(path: Path, text: str | None = None) -> RoleSource:
    """Read and check one file. What it extends is not looked at.

    Args:
        text: what the file would hold; None: what it holds.

    Raises:
        RoleError: with file and line: not a role's name, unreadable, not YAML, an unknown key, a wrong value.
    """
    try:
        return _loaded(path, text)
    except (OSError, ValueError, RecursionError) as error:  # one file must not take the library with it
        raise RoleError(f"Cannot be read: {getattr(error, 'strerror', None) or error}.", path=path) from None


def _loaded(path: Path, text: str | None) -> RoleSource:  # noqa: C901 - a branch for each thing that can be wrong with a file
    stem = path.stem
    if not is_role_id(stem):
        why = "it means no role" if stem in RESERVED_IDS else "an id is 1 to 64 of a-z, 0-9, _ and -"
        raise RoleError(f"{stem!r} cannot be a role's id: {why}.", path=path, hint="Rename the file.")
    marked = read_marked(read_text(path, MAX_ROLE_FILE_BYTES) if text is None else text, path)
    data = without_nulls(marked.data)
    try:
        model = RoleFileKeys.model_validate(data)
    except ValidationError as error:
        raise explain(error.errors()[0], marked, path, RoleFileKeys) from None
    if model.system is not None and model.system_file is not None:
        raise RoleError(
            "Both `system` and `system_file` are given.",
            path=path,
            line=marked.line(("system_file",)),
            hint="Keep one.",
            kind="two systems",
        )
    said = model.model_dump(exclude_unset=True)
    reads: tuple[Path, ...] = ()
    if model.system_file is not None:
        line = marked.line(("system_file",))
        file = _inside(path, model.system_file, line)
        reads = (file,)
        try:
            said["system"] = read_text(file, MAX_SYSTEM_FILE_BYTES, unlinked=True)
        except RoleError as error:
            hint = error.hint
            if is_file(file) and not is_named_as_text(file):  # a PDF saved as UTF-8 is no text either
                hint = "It must be plain text, .md or .txt; `knowledge.files` may be pdf and docx as well."
            raise SystemFileError(
                f"`system_file`, {file.name}: {error.message}",
                reads=file,
                path=path,
                line=line,
                hint=hint,
                kind="" if os.path.lexists(file) else "no system file",
            ) from None
        if not said["system"].strip():
            message = f"`system_file`: {file.name} is empty."
            raise SystemFileError(message, reads=file, path=path, line=line, kind="empty system file")
        said["system_file"] = file
    if "files" in said.get("knowledge", {}):
        said["knowledge"]["files"] = tuple(
            _inside(path, str(name), marked.line(("knowledge", "files", index)))
            for index, name in enumerate(said["knowledge"]["files"])
        )
    if model.card is not None:
        said["card"] = _inside(path, model.card, marked.line(("card",)))
        if model.jinja:
            line = marked.line(("jinja",))
            raise RoleError(
                f"`jinja`: {JINJA_IN_A_CARD}.", path=path, line=line, hint="Drop it.", kind="jinja in a card"
            )
    for key in ("extends", "override"):
        said.pop(key, None)
    return RoleSource(stem, path, said, model.extends, frozenset(model.override), reads, marked.lines)


def is_named_as_text(file: Path) -> bool:
    return file.suffix.lower() in TEXT_SUFFIXES


def read_text(path: Path, limit: int, *, unlinked: bool = False) -> str:
    """A text file's content as UTF-8, with line feeds only.

    Args:
        unlinked: the path was resolved; what has become a link since is not read.

    Raises:
        RoleError: it cannot be read, holds more than `limit` bytes, or is not UTF-8.
    """
    return _text_of(_read(path, limit, unlinked), path)


def read_versioned(path: Path) -> tuple[str, str]:
    """A role file's version (`role_engine.files.version_of`) and its text: of one and the same reading.

    Raises:
        RoleError: as `read_text`.
    """
    raw = _read(path, MAX_ROLE_FILE_BYTES, False)
    return version_of(raw), _text_of(raw, path)


def _read(path: Path, limit: int, unlinked: bool) -> bytes:
    try:
        return read_unlinked(path, limit) if unlinked else read_bounded(path, limit)
    except UnreadableFile as error:
        hint = "Put a long text into `system_file` or `knowledge`." if error.too_large else ""
        raise RoleError(error.message, path=path, hint=hint) from None


def _text_of(raw: bytes, path: Path) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RoleError(
            f"Is not UTF-8 (byte {error.start}).",
            path=path,
            line=raw.count(b"\n", 0, error.start) + 1,
            hint="Save it as UTF-8.",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _inside(role_path: Path, name: str, line: int | None) -> Path:
    """The file `name` of the role's own folder, symlinks resolved."""
    folder = role_path.parent.resolve()
    hint = "Paths are relative to the role's own folder, and nothing outside it is read."
    try:
        file = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise RoleError(f"{name!r} is not a path: {error}.", path=role_path, line=line) from None
    if Path(name).is_absolute() or not file.is_relative_to(folder):
        message = f"{name!r} leaves the role's folder."
        raise RoleError(message, path=role_path, line=line, hint=hint, kind="outside", values={"name": name})
    return file
