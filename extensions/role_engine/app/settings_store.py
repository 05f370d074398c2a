"""The settings that the page keeps: `settings.yaml` in the home folder, beside roles and templates."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from role_engine.errors import RoleError, SettingsError
from role_engine.files import folder_lock, replace_file
from role_engine.roles import MAX_ROLE_FILE_BYTES
from role_engine.roles.role_file import read_text
from role_engine.roles.yaml_reading import mark_lines, read_nodes
from role_engine.roles.yaml_writing import to_yaml

NAME = "settings.yaml"


def read_settings(path: Path) -> dict[str, Any]:
    """What the file says, read as role files are: `off` and `yes` are words. Nothing where there is none.

    Raises:
        SettingsError: it cannot be read, or is no mapping.
    """
    if not os.path.lexists(path):
        return {}
    try:
        root = read_nodes(read_text(path, MAX_ROLE_FILE_BYTES), path)
        return mark_lines(root, path).data if root is not None else {}
    except RoleError as error:
        why = error.message[:1].lower() + error.message[1:]
        message = f"Cannot be read: {why.removeprefix('cannot be read: ')}"
        raise SettingsError(message, path=path, line=error.line, hint="Mend or delete it.") from None


def write_settings(path: Path, values: Mapping[str, Any]) -> None:
    """Replace the file, whole.

    Raises:
        SettingsError: it could not be written.
    """
    try:
        replace_file(path, (to_yaml(values) if values else "").encode())
    except OSError as error:
        raise SettingsError(f"Cannot be written: {error.strerror}.", path=path) from None


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Between reading the file and writing it again nobody else writes it: no setting of another saver is lost.

    Raises:
        SettingsError: the folder cannot be written in, or another program is writing there and does not end.
    """
    with ExitStack() as held:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(folder_lock(path.parent))
        except OSError as error:
            raise SettingsError(f"Cannot be written: {error.strerror}.", path=path) from None
        yield
