"""The header of a safetensors file, and which files of a directory hold a model's weights.

The header alone is read: eight bytes with its length, then JSON. The `safetensors` package would do it too, but it is
no dependency of this one, refuses files whose data is not all there, and does not say where a tensor's bytes are, which
it takes to replace a single row.

Source: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from role_engine.errors import InputError
from role_engine.models.json_files import read_json

MAX_HEADER_BYTES = 100_000_000
"""The limit of the `safetensors` package itself."""
INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
_BITS = {
    **{"BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8},
    **{"I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32},
    **{"I64": 64, "U64": 64, "F64": 64, "C64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6},
}


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """One tensor: its type, its shape, and where its bytes are, counted from the file's start."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class SafetensorsHeader:
    """What a file says of itself. `complete`: all the bytes that it promises are there."""

    path: Path
    tensors: dict[str, TensorEntry]
    data_start: int
    complete: bool
    metadata: dict[str, Any] = field(default_factory=dict)


def read_header(path: Path) -> SafetensorsHeader:
    """The header of one file; no weights are read.

    Raises:
        InputError: it cannot be read, or is no safetensors file.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
                raise InputError("Is no safetensors file: the length of its header makes no sense.", path=path)
            raw = stream.read(length)
    except OSError as error:
        raise InputError(f"Cannot be read: {error.strerror or error}.", path=path) from None
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError):
        raise InputError("Is no safetensors file: its header is not JSON.", path=path) from None
    if not isinstance(given, dict):
        raise InputError("Is no safetensors file: its header is no JSON object.", path=path)
    metadata = given.pop("__metadata__", None) or {}
    if not isinstance(metadata, dict):
        raise InputError("Is no safetensors file: its `__metadata__` is no JSON object.", path=path)
    start = 8 + length
    tensors = {name: _entry(name, value, start, path) for name, value in given.items()}
    end = max((entry.end for entry in tensors.values()), default=start)
    return SafetensorsHeader(path, tensors, start, complete=end <= size, metadata=metadata)


def _entry(name: str, value: Any, start: int, path: Path) -> TensorEntry:
    try:
        dtype, shape, (begin, end) = value["dtype"], tuple(value["shape"]), value["data_offsets"]
        fits = all(type(n) is int and n >= 0 for n in (*shape, begin, end)) and begin <= end
        if fits and (bits := _BITS.get(dtype)):
            fits = (math.prod(shape) * bits + 7) // 8 == end - begin
    except (TypeError, KeyError, ValueError):
        fits = False
    if not fits:
        raise InputError(f"Is no safetensors file: what it says of the tensor {name!r} makes no sense.", path=path)
    return TensorEntry(str(dtype), shape, start + begin, start + end)


def weight_files(model: Path) -> tuple[Path, ...]:
    """The files that hold the weights, by the index where there is one; none where they are kept in another form.

    Raises:
        InputError: the index is malformed, or names a file outside of the directory.
    """
    index = model / INDEX
    if not index.is_file():
        single = model / SINGLE
        return (single,) if single.is_file() else ()
    names = read_json(index).get("weight_map")
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise InputError("Must hold an object `weight_map` from tensors to file names.", path=index)
    unique = sorted(set(names.values()))
    for name in unique:
        if Path(name).name != name or name in ("", ".", ".."):
            raise InputError(f"Names {name!r}, which is no file of this directory.", path=index)
    return tuple(model / name for name in unique)


def tensors_of(headers: list[SafetensorsHeader]) -> dict[str, TensorEntry]:
    """The tensors of several files together."""
    return {name: entry for header in headers for name, entry in header.tensors.items()}
