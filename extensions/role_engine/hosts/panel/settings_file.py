"""The settings that the page keeps: `settings.yaml` in the home folder, beside roles and templates."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from role_engine.errors import SettingsError
from role_engine.roles.yaml_reading import CORE_TYPES
from role_engine.roles.yaml_writing import to_yaml

NAME = "settings.yaml"


class _Loader(yaml.SafeLoader):
    """With the words of YAML 1.2: `mode: off` is the word «off» and not the value false."""


_BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(rf"(?:{CORE_TYPES['bool'].pattern})\Z"), list("tTfF"))


def read_settings(path: Path) -> dict[str, Any]:
    """What the file says; nothing where there is none.

    Raises:
        SettingsError: it cannot be read, or is no mapping.
    """
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), _Loader)
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
