"""The settings that the page keeps: `settings.yaml` in the home folder, beside roles and templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from role_engine.errors import SettingsError
from role_engine.files import folder_lock, replace_file
from role_engine.roles.yaml_writing import to_yaml

NAME = "settings.yaml"


def read_settings(path: Path) -> dict[str, Any]:
    """What the file says; nothing where there is none.

    Raises:
        SettingsError: it cannot be read, or is no mapping.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        why = str(getattr(error, "problem", None) or error)
        at = None if line is None else line + 1
        raise SettingsError(f"Cannot be read: {why}.", path=path, line=at, hint="Mend or delete it.") from None
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise SettingsError("Holds no keys with values.", path=path, hint="Mend or delete it.")
    return said


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
