"""A role's main texts as fields of a form: read out of its file, and put into it with nothing else there touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from role_engine.roles.yaml_writing import to_yaml

FIELDS = ("name", "description", "system", "greeting", "reminder")


def fields_of(text: str) -> dict[str, str] | None:
    """The fields' texts, "" for what the file does not say; None for a text that is no mapping."""
    try:
        said = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None
    if not isinstance(said, dict):
        return None
    return {field: value if isinstance(value := said.get(field), str) else "" for field in FIELDS}


def with_field(text: str, field: str, value: str) -> str:
    """The file with one field changed; comments and all other keys stay as they are written.

    A text that cannot be read comes back as it is.
    """
    there = fields_of(text)
    if there is None or there[field] == value:
        return text
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    line = to_yaml({field: value})
    if root.flow_style:
        return to_yaml({**_mapping(text), field: value})
    for key, node in root.value:
        if key.value == field:
            start, end = key.start_mark.index, node.end_mark.index
            if not text[start:end].endswith("\n"):
                line = line.rstrip("\n")
                end = _after_comment_of_block(text, end, line)
                line = line if "\n" not in line or text[end : end + 1] in ("\n", "") else line + "\n"
            return text[:start] + line + text[end:]
    return text + ("" if text.endswith("\n") or not text else "\n") + line


def _after_comment_of_block(text: str, end: int, line: str) -> int:
    """A text of several lines cannot have a comment behind it on its line: the comment goes with the old text."""
    if "\n" not in line:
        return end
    newline = text.find("\n", end)
    return len(text) if newline < 0 else newline


def _mapping(text: str) -> Mapping[str, Any]:
    said: Mapping[str, Any] = yaml.safe_load(text)
    return said
