"""One key of a role file set or taken out, with everything else left as it is written: comments, order, quotes, blanks.

The file is cut at the marks of PyYAML's nodes and put together again. No library does this to the letter: ruamel.yaml
keeps comments, but writes the whole document anew. Each result is read again before it is given out, so a text that is
cut wrongly in some corner of YAML is never seen: it is written in a plainer way instead, at last as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from role_engine.errors import RoleError
from role_engine.roles.yaml_reading import mark_lines, read_nodes
from role_engine.roles.yaml_writing import on_one_line, to_yaml

_HERE = Path("role.yaml")  # errors of texts that belong to no file
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_ONE_LINE = 90  # characters; a longer list gets a line for each item

Writer = Callable[[Any, int], "tuple[str, list[str]]"]
"""`writer(value, column)`: what stands behind the key's colon, and the lines below it, for a key in that column."""


def read_values(text: str) -> dict[str, Any]:
    """What a role file says, nested; nothing for a text that is empty.

    Raises:
        RoleError: it cannot be read.
    """
    root = read_nodes(text, _HERE)
    return mark_lines(root, _HERE).data if root is not None else {}


def with_value(text: str, where: Sequence[str], value: Any, order: Sequence[str] = ()) -> str:
    """`text` with the key at the path `where` set to `value`; None takes it out, and mappings that become empty.

    The file ends with a line end then.

    Args:
        order: where among its neighbours a key of the document that is new would stand.

    Raises:
        RoleError: `text` cannot be read.
    """
    if text and not text.endswith("\n"):
        text += "\n"  # or what is put behind a block would change the block's end
    root = read_nodes(text, _HERE)
    wanted = _with(mark_lines(root, _HERE).data if root is not None else {}, where, value)
    for writer in (_readable, _inline):
        changed = _Edit(text, root, writer, order).done(where, value)
        if _means(changed, wanted):
            return changed
    return to_yaml(wanted) if wanted else ""


def _with(data: Mapping[str, Any], where: Sequence[str], value: Any) -> dict[str, Any]:
    key, *rest = where
    if rest:
        inner = data.get(key)
        inner = inner if isinstance(inner, Mapping) else {}
        if value is None and rest[0] not in inner:
            return dict(data)
        value = _with(inner, rest, value) or None
    if value is not None:
        return {**data, key: value}
    return {name: said for name, said in data.items() if name != key}


def _means(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        said = read_values(text)
    except RoleError:
        return False
    return json.dumps(said, sort_keys=True) == json.dumps(wanted, sort_keys=True)  # 1 is not true here


# --- how values are written


def _inline(value: Any, column: int = 0) -> tuple[str, list[str]]:
    return on_one_line(value), []


def _readable(value: Any, column: int = 0) -> tuple[str, list[str]]:
    """As people write it: texts of several lines as a block, long lists with a line for each item."""
    if isinstance(value, str):
        head, *below = to_yaml({"k": value}, width=110 - column, core=True)[3:].split("\n")[:-1]
        return head, _indented(below, column)
    line = on_one_line(value)
    if isinstance(value, list) and (len(line) > _ONE_LINE or any("\n" in str(item) for item in value)):
        return "", _items(value, column + 2)
    return line, []


def _items(values: Sequence[Any], column: int) -> list[str]:
    """A line for each item, or more."""
    return _indented(to_yaml({"k": list(values)}, core=True).split("\n")[1:-1], column)


def _indented(lines: Sequence[str], column: int) -> list[str]:
    return [" " * column + line if line else line for line in lines]


# --- where they are put


class _Edit:
    """One change of one text, whose nodes are `root`."""

    def __init__(self, text: str, root: yaml.MappingNode | None, writer: Writer, order: Sequence[str]) -> None:
        self._text, self._root, self._writer, self._order = text, root, writer, order

    def done(self, where: Sequence[str], value: Any) -> str:
        root = self._root
        if root is None:
            return "" if value is None else self._text + self._lines(where[0], _nested(where[1:], value), 0) + "\n"
        above: list[tuple[yaml.MappingNode, int]] = []
        mapping = root
        for depth, key in enumerate(where):
            at = next((place for place, (name, _) in enumerate(mapping.value) if name.value == key), None)
            if at is None:
                return self._text if value is None else self._inserted(mapping, key, _nested(where[depth + 1 :], value))
            above.append((mapping, at))
            inner = mapping.value[at][1]
            if depth + 1 < len(where) and not isinstance(inner, yaml.MappingNode):
                if value is None:
                    return self._text
                value = _nested(where[depth + 1 :], value)
                break
            mapping = inner
        if value is not None:
            return self._replaced(*above[-1], value)
        while len(above) > 1 and len(above[-1][0].value) == 1:
            above.pop()  # the last key of a mapping: the mapping goes
        return self._removed(*above[-1])

    def _replaced(self, mapping: yaml.MappingNode, at: int, value: Any) -> str:
        key, old = mapping.value[at]
        text, start, end = self._text, old.start_mark.index, self._end(old)
        if mapping.flow_style:
            return text[:start] + ("" if text[start:end] else " ") + on_one_line(value) + text[end:]
        column = key.start_mark.column
        colon = text.index(":", key.end_mark.index) + 1
        if isinstance(old, yaml.SequenceNode) and not old.flow_style and isinstance(value, list) and value:
            head, below = "", self._kept_items(old, value)
        else:
            head, below = self._writer(value, column)
        between = text[colon:start]
        if _is_block_scalar(old):  # its header may have a comment
            header = text[start : self._line_end(start)]
            comment = header[_BLOCK_HEADER.match(header).end() :]  # type: ignore[union-attr]
        elif "\n" in between:  # it begins below its key
            comment, between = between[: between.index("\n")], " "
            if not comment.strip():
                comment = text[end : self._line_end(end)] if not _is_block(old) else ""
            end = self._line_end(end)
        else:
            comment = text[end : self._line_end(end)]
            end = self._line_end(end)
        lead = (between or " ") + head if head else ""
        return text[:colon] + lead + comment.rstrip() + "".join(f"\n{line}" for line in below) + text[end:]

    def _kept_items(self, old: yaml.SequenceNode, value: Sequence[Any]) -> list[str]:
        """The lines of a list; an item that stays keeps its own, with the comments before and behind it."""
        lines = self._text.split("\n")
        starts = [self._line(item.start_mark.index) for item in old.value]
        column = len(lines[starts[0]]) - len(lines[starts[0]].lstrip())
        ends = [*(start - self._comments_above(lines, start) for start in starts[1:]), self._line(self._end(old)) + 1]
        firsts = [starts[0], *ends[:-1]]
        kept = [
            (item.value, lines[first:end]) for item, first, end in zip(old.value, firsts, ends, strict=True)
            if isinstance(item, yaml.ScalarNode)
        ]  # fmt: skip
        written = lines[starts[0] - self._comments_above(lines, starts[0]) : starts[0]]
        for item in value:
            found = next((place for place, (said, _) in enumerate(kept) if said == item), None)
            if found is not None:
                written += kept.pop(found)[1]
            else:
                written += _items([item], column)
        return written

    def _comments_above(self, lines: Sequence[str], line: int) -> int:
        count = 0
        while line - count > 0 and lines[line - count - 1].lstrip().startswith("#"):
            count += 1
        return count

    def _line(self, at: int) -> int:
        """The line of a place, from 0; YAML counts more characters as line ends than we do."""
        return self._text.count("\n", 0, at)

    def _inserted(self, mapping: yaml.MappingNode, key: str, value: Any) -> str:
        text = self._text
        if mapping.flow_style:
            written = f"{key}: {on_one_line(value)}"
            if not mapping.value:
                at = mapping.start_mark.index + 1
                return text[:at] + written + text[at:]
            at = self._end(mapping.value[-1][1])
            return f"{text[:at]}, {written}{text[at:]}"
        column = mapping.value[0][0].start_mark.column
        lines = self._lines(key, value, column)
        before = self._before(mapping, key)
        if before is None:
            at = mapping.value[0][0].start_mark.index - column
            return f"{text[:at]}{lines}\n{text[at:]}"
        at = self._line_end(self._end(mapping.value[before][1]))
        return f"{text[:at]}\n{lines}{text[at:]}"

    def _before(self, mapping: yaml.MappingNode, key: str) -> int | None:
        """The place of the neighbour that a new key stands behind; None: it comes first."""
        names = [name.value for name, _ in mapping.value]
        if key not in self._order:
            return len(names) - 1
        earlier = self._order[: self._order.index(key)]
        return max((place for place, name in enumerate(names) if name in earlier), default=None)

    def _removed(self, mapping: yaml.MappingNode, at: int) -> str:
        text, (key, old) = self._text, mapping.value[at]
        if mapping.flow_style:
            if at + 1 < len(mapping.value):
                return text[: key.start_mark.index] + text[mapping.value[at + 1][0].start_mark.index :]
            start = self._end(mapping.value[at - 1][1]) if at else key.start_mark.index
            return text[:start] + text[self._end(old) :]
        start = key.start_mark.index - key.start_mark.column
        return text[:start] + text[self._line_end(self._end(old)) + 1 :]

    def _lines(self, key: str, value: Any, column: int) -> str:
        head, below = self._writer(value, column)
        return "\n".join([" " * column + f"{key}:" + (f" {head}" if head else ""), *below])

    def _end(self, node: yaml.Node) -> int:
        """Where a node ends, blank lines and comments behind it left out."""
        if _is_block(node) and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)
        start, end = node.start_mark.index, int(node.end_mark.index)
        if not _is_block_scalar(node):
            return end
        if "+" in _BLOCK_HEADER.match(self._text, start)[0]:  # type: ignore[index]  # its blank lines are its own
            return end - 1 if self._text[end - 1 : end] == "\n" else end
        return self._line_end(start + len(self._text[start:end].rstrip()))

    def _line_end(self, at: int) -> int:
        found = self._text.find("\n", at)
        return len(self._text) if found < 0 else found


def _nested(where: Sequence[str], value: Any) -> Any:
    for key in reversed(where):
        value = {key: value}
    return value


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _is_block_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
