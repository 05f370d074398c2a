"""The settings that the page keeps: `settings.yaml` in the home folder, beside roles and templates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from role_engine.errors import SettingsError
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
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(to_yaml(values) if values else "", encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise SettingsError(f"Cannot be written: {error.strerror}.", path=path) from None
    finally:
        part.unlink(missing_ok=True)
