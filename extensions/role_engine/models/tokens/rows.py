"""Rows of an embedding as numbers and back, without numpy, which has no bfloat16 and which the engine does without."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

SIZES = {"F32": 4, "F16": 2, "BF16": 2}
"""Bytes of a number in the types that embeddings come in."""


def decode_row(raw: bytes, dtype: str) -> list[float]:
    """A row's numbers; every bfloat16 is a float32 whose lower half is zero."""
    if dtype == "BF16":
        halves = struct.unpack(f"<{len(raw) // 2}H", raw)
        raw, dtype = struct.pack(f"<{len(halves)}I", *(half << 16 for half in halves)), "F32"
    return list(struct.unpack(f"<{len(raw) // SIZES[dtype]}{'e' if dtype == 'F16' else 'f'}", raw))


def encode_row(row: Sequence[float], dtype: str) -> bytes:
    """A row's bytes, each number rounded to the nearest that the type has, ties to even."""
    if dtype == "F16":
        return struct.pack(f"<{len(row)}e", *row)
    raw = struct.pack(f"<{len(row)}f", *row)
    if dtype == "F32":
        return raw
    wholes = struct.unpack(f"<{len(row)}I", raw)
    return struct.pack(f"<{len(row)}H", *((whole + 0x7FFF + (whole >> 16 & 1)) >> 16 & 0xFFFF for whole in wholes))


def mean(rows: Sequence[bytes], dtype: str) -> bytes:
    """The mean of some rows, as a row."""
    return encode_row(
        [math.fsum(column) / len(rows) for column in zip(*(decode_row(r, dtype) for r in rows), strict=True)], dtype
    )
