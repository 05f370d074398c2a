"""The small JSON files of a model directory, read without trusting them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from role_engine.errors import InputError

MAX_JSON_BYTES = 256 << 20
"""The largest `tokenizer.json` in use has some 35 MB."""


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        InputError: it is not there, cannot be read, is too large, or holds something else.
    """
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            raise InputError(f"Is larger than {MAX_JSON_BYTES >> 20} MB: no file of a model's settings is.", path=path)
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"Cannot be read: {error.strerror or error}.", path=path) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"Is not valid JSON: {error}.", path=path) from None
    if not isinstance(value, dict):
        raise InputError("Must hold a JSON object.", path=path)
    return value


def read_json_if_there(path: Path) -> dict[str, Any]:
    """The same; an empty object where there is no such file."""
    return read_json(path) if path.is_file() else {}


def to_text(value: object) -> str:
    """A value as model directories have it: two spaces, a line end; readable letters, if all are whole characters."""
    readable = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    try:
        readable.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=2) + "\n"
    return readable


def integer(values: Mapping[str, Any], *names: str) -> int | None:
    """The first of these keys that holds a whole number from 0; others are passed over, whatever they hold."""
    for name in names:
        value = values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def number(values: Mapping[str, Any], *names: str) -> float | None:
    """The first of these keys that holds a finite number."""
    for name in names:
        value = values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
            return float(value)
    return None


def text(values: Mapping[str, Any], *names: str) -> str | None:
    """The first of these keys that holds a string with something in it."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and value:
            return value
    return None


def mapping(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What the key holds, if that is an object; else an empty one."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def integers(value: object) -> tuple[int, ...]:
    """A whole number or a list of such, as token ids are given in configs."""
    listed = value if isinstance(value, list) else [value]
    return tuple(item for item in listed if isinstance(item, int) and not isinstance(item, bool) and item >= 0)
