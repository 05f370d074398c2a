"""Writing safetensors files with changed rows: everything else byte for byte as it was, in pieces of 8 MB."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from role_engine.errors import InputError
from role_engine.models.safetensors_file import SafetensorsHeader, TensorEntry

PIECE = 8 << 20

Advance = Callable[[int], None]
"""Told the number of bytes that were written."""


@dataclass
class RowChanges:
    """Rows of one tensor: `replaced` by their number, and `appended` behind the last."""

    replaced: dict[int, bytes] = field(default_factory=dict)
    appended: list[bytes] = field(default_factory=list)


def row_bytes(entry: TensorEntry) -> int:
    """Of a tensor with one row a token."""
    return (entry.end - entry.start) // entry.shape[0]


def read_rows(header: SafetensorsHeader, entry: TensorEntry, rows: list[int]) -> list[bytes]:
    """Some rows of a tensor.

    Raises:
        InputError: the file ends before them.
    """
    size = row_bytes(entry)
    found = []
    with header.path.open("rb") as stream:
        for row in rows:
            stream.seek(entry.start + row * size)
            found.append(stream.read(size))
    if any(len(raw) != size for raw in found):
        raise InputError("Ends before its tensors do.", path=header.path)
    return found


def rewrite(header: SafetensorsHeader, target: Path, changes: Mapping[str, RowChanges], advance: Advance) -> None:
    """A copy of a file with changed rows; only where rows are appended do the bytes behind them move."""
    with header.path.open("rb") as source, target.open("xb") as out:
        if any(change.appended for change in changes.values()):
            new_header, starts = _grown(header, changes)
            out.write(new_header)
            for name, entry in sorted(header.tensors.items(), key=lambda item: item[1].start):
                source.seek(entry.start)
                copy_bytes(source, out, entry.end - entry.start, advance)
                for row in changes[name].appended if name in changes else ():
                    out.write(row)
        else:
            starts = {name: header.tensors[name].start for name in changes}
            copy_bytes(source, out, header.path.stat().st_size, advance)
        for name, change in changes.items():
            size = row_bytes(header.tensors[name])
            for number, raw in change.replaced.items():
                out.seek(starts[name] + number * size)
                out.write(raw)


def _grown(header: SafetensorsHeader, changes: Mapping[str, RowChanges]) -> tuple[bytes, dict[str, int]]:
    """The new header's bytes, and where each tensor begins in the new file."""
    described: dict[str, Any] = {"__metadata__": header.metadata} if header.metadata else {}
    offsets, at = {}, 0
    for name, entry in sorted(header.tensors.items(), key=lambda item: item[1].start):
        rows = changes[name].appended if name in changes else []
        shape = [entry.shape[0] + len(rows), *entry.shape[1:]] if rows else list(entry.shape)
        size = entry.end - entry.start + sum(map(len, rows))
        described[name] = {"dtype": entry.dtype, "shape": shape, "data_offsets": [at, at + size]}
        offsets[name], at = at, at + size
    raw = json.dumps(described, separators=(",", ":"), ensure_ascii=False).encode()
    raw += b" " * (-len(raw) % 8)  # so that the data is aligned, as the format asks
    start = 8 + len(raw)
    return len(raw).to_bytes(8, "little") + raw, {name: start + offset for name, offset in offsets.items()}


def copy_bytes(source: BinaryIO, out: BinaryIO, count: int, advance: Advance) -> None:
    """So many bytes from one open file to another.

    Raises:
        InputError: the source has fewer.
    """
    while count > 0:
        piece = source.read(min(count, PIECE))
        if not piece:
            raise InputError("Ends before its header says.", path=getattr(source, "name", None))
        out.write(piece)
        count -= len(piece)
        advance(len(piece))
