"""Writing a GGUF file with changed metadata and rows: everything else byte for byte as it was.

The `gguf` package writes a file anew, field by field, in its own order; here the bytes of what stays are taken over.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from role_engine.models.gguf_file import ARRAY, MAGIC, SCALARS, STRING, GgufHeader
from role_engine.models.tokens.shards import Advance, copy_bytes


def field_bytes(key: str, kind: int, value: Any, *, is_array: bool = False) -> bytes:
    """A metadata field as it stands in a file."""
    head = _text(key) + struct.pack("<I", ARRAY if is_array else kind)
    if not is_array:
        return head + _value(kind, value)
    items: Sequence[Any] = value
    raw = b"".join(map(_text, items)) if kind == STRING else struct.pack(f"<{len(items)}{SCALARS[kind]}", *items)
    return head + struct.pack("<IQ", kind, len(items)) + raw


def _value(kind: int, value: Any) -> bytes:
    return _text(value) if kind == STRING else struct.pack(f"<{SCALARS[kind]}", value)


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def write_gguf(
    header: GgufHeader,
    target: Path,
    fields: Mapping[str, bytes | None],
    rows: Mapping[str, Mapping[int, bytes]],
    advance: Advance,
) -> None:
    """A copy of a file.

    Args:
        fields: by key, `field_bytes` of what is new or changed; None: left out.
        rows: by tensor, rows by their number; of those the bytes.
    """
    with header.path.open("rb") as source, target.open("xb") as out:
        kept = [key for key in header.fields if fields.get(key, b"") is not None]
        new = [key for key, raw in fields.items() if key not in header.fields and raw is not None]
        out.write(MAGIC + struct.pack("<IQQ", header.version, len(header.tensors), len(kept) + len(new)))
        for key in kept:
            field = header.fields[key]
            source.seek(field.start)
            out.write(fields.get(key) or source.read(field.end - field.start))
        out.write(b"".join(fields[key] or b"" for key in new))
        begin, end = header.tensor_infos
        source.seek(begin)
        out.write(source.read(end - begin))
        out.write(b"\0" * (-out.tell() % header.alignment))
        data_start = out.tell()
        source.seek(header.data_start)
        copy_bytes(source, out, max(0, header.size - header.data_start), advance)
        for name, changed in rows.items():
            for row, raw in changed.items():
                out.seek(data_start + header.tensors[name].offset + row * len(raw))
                out.write(raw)
