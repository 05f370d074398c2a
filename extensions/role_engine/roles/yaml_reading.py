"""YAML as role files use it: plain data with line numbers, and nothing that can do harm.

PyYAML's composer gives the nodes with their marks; the values are built here, by the YAML 1.2 core rules, so that
`mode: off` is the word «off» and not the value false. Aliases, tags and deep nesting are refused while the events are
read, before anything is built: an alias bomb never gets to expand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from role_engine.errors import RoleError

KeyPath = tuple[str | int, ...]

MAX_DEPTH = 16
MAX_NODES = 10_000
"""Keys and values. PyYAML takes a tenth of a millisecond for each: a megabyte of them would take ten seconds."""

_NULL = re.compile(r"|~|null|Null|NULL")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")

CORE_TYPES = {"null": _NULL, "bool": _BOOL, "int": _INT, "float": _FLOAT}
"""What a plain scalar that matches wholly is, the first that does; all else is text."""


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """A document and the line, from 1, of every key and item in it."""

    data: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, where: KeyPath) -> int | None:
        """The line of `where`, or of the nearest thing round it that has one."""
        for length in range(len(where), 0, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return None


def read_marked(text: str, path: Path) -> MarkedDocument:
    """The mapping that `text` holds.

    Raises:
        RoleError: not YAML, not one mapping, a key twice, an alias, a tag, nesting over `MAX_DEPTH`, more than
            `MAX_NODES`.
    """
    node = read_nodes(text, path)
    if node is None:
        raise RoleError("Is empty.", path=path, hint="A role needs at least `name` and `system`.", kind="empty")
    return mark_lines(node, path)


def mark_lines(node: yaml.MappingNode, path: Path) -> MarkedDocument:
    """What nodes mean, and where they stand.

    Raises:
        RoleError: a key twice, or one that is no word; a number without end.
    """
    marked = MarkedDocument({})
    marked.data.update(_build(node, (), marked.lines, path))
    return marked


def read_nodes(text: str, path: Path) -> yaml.MappingNode | None:
    """The mapping that `text` holds as nodes, each with its marks; None for a text without a document.

    Raises:
        RoleError: as `read_marked`, but for what only the values show.
    """
    try:
        node = _PlainLoader(text).get_single_node()
    except _Refused as refused:
        kind, said, message, line, hint = refused.args
        raise RoleError(message, path=path, line=line, hint=hint, kind=kind, values={"said": said}) from None
    except yaml.reader.ReaderError as error:
        raise RoleError(
            f"Holds the character U+{int(error.character):04X}, which YAML does not allow.",
            path=path,
            line=text.count("\n", 0, error.position) + 1,
            hint="Remove it.",
            kind="character",
            values={"said": f"U+{int(error.character):04X}"},
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RoleError(
            f"Is not valid YAML: {error.problem or error.context}.",
            path=path,
            line=mark.line + 1 if mark else None,
            hint="Check the indentation, the colons and the quotes there.",
            kind="not yaml",
            values={"problem": error.problem or error.context or "", "context": error.context or ""},
        ) from None
    except yaml.YAMLError as error:
        raise RoleError(f"Is not valid YAML: {' '.join(str(error).split())}.", path=path) from None
    if node is not None and not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        raise RoleError("Must be a mapping of keys to values.", path=path, line=line, kind="no mapping")
    return node


class _Refused(Exception):
    """YAML that a role file does not use: (kind, what it is, message, line, hint)."""


class _PlainLoader(yaml.SafeLoader):
    """Composes nodes, and looks at every event before it does."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = self.documents = self.nodes = 0

    def get_event(self) -> Any:
        event: Any = super().get_event()  # type: ignore[no-untyped-call]  # the stubs leave it open
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Refused("documents", "", "Holds more than one YAML document.", line, "One file, one role.")
        elif isinstance(event, yaml.AliasEvent):
            message = f"Uses the YAML alias *{event.anchor}."
            raise _Refused("alias", event.anchor, message, line, "Write the value out, or use `extends`.")
        elif (tag := getattr(event, "tag", None)) is not None:
            raise _Refused("tag", tag, f"Uses the YAML tag {tag}.", line, "Roles are plain data: drop it.")
        if isinstance(event, yaml.NodeEvent):
            self.nodes += 1
            if self.nodes > MAX_NODES:
                message = f"Holds more than {MAX_NODES:,} keys and values."
                raise _Refused("nodes", MAX_NODES, message, line, "Put long texts into files: `knowledge`.")
        if isinstance(event, yaml.CollectionStartEvent):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise _Refused("nesting", MAX_DEPTH, f"Is nested more than {MAX_DEPTH} deep.", line, "")
        elif isinstance(event, yaml.CollectionEndEvent):
            self.depth -= 1
        return event


def is_plain_text(text: str) -> bool:
    """Whether `text`, without quotes, would be read as a text and not as a number, true, false or nothing."""
    return not any(kind.fullmatch(text) for kind in CORE_TYPES.values())


def _build(node: yaml.Node, where: KeyPath, lines: dict[KeyPath, int], path: Path) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, where, lines, path)
    if isinstance(node, yaml.SequenceNode):
        items = []
        for index, item in enumerate(node.value):
            inner = (*where, index)
            lines[inner] = item.start_mark.line + 1
            items.append(_build(item, inner, lines, path))
        return items
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node, path)


def _mapping(node: yaml.MappingNode, where: KeyPath, lines: dict[KeyPath, int], path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise RoleError("A key must be a word.", path=path, line=line, kind="key no word")
        key = key_node.value
        if key in found:
            said = f"The key {key!r} stands twice."
            raise RoleError(said, path=path, line=line, hint="Keep one of the two.", kind="twice", values={"key": key})
        inner = (*where, key)
        lines[inner] = line
        found[key] = _build(value_node, inner, lines, path)
    return found


def _scalar(node: yaml.ScalarNode, path: Path) -> Any:
    text: str = node.value
    if node.style is not None:  # quoted or a block: text, whatever it looks like
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        if len(text) > 40:
            line, said = node.start_mark.line + 1, f"The number {text[:20]}… is too long."
            raise RoleError(said, path=path, line=line, kind="long number", values={"said": text[:20]})
        return int(text) if _INT.fullmatch(text) else float(text)
    return text
