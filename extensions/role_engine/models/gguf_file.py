"""The header of a GGUF file: its metadata, its tensors, and where the bytes of each are.

Read here rather than with the `gguf` package, which needs 5.7 s for a vocabulary of 151,936 tokens (this takes 0.1 s),
brings numpy along, and hangs on lengths that a damaged file makes up.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.errors import InputError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
STRING, ARRAY, BOOL = 8, 9, 7
UINT32, INT32, FLOAT32 = 4, 5, 6
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
DEFAULT_ALIGNMENT = 32
_MAX_DIMENSIONS = 8
_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class GgufField:
    """A value of the metadata: `kind` is its type, or its items' in an array; its bytes are `raw[start:end]`.

    `start` is where the key begins, `value_start` where the value does, behind its type.
    """

    value: Any
    kind: int
    is_array: bool
    start: int
    value_start: int
    end: int


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """`shape` is in the file's order: the first dimension is the one whose values lie side by side."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


@dataclass(frozen=True)
class GgufHeader:
    """What a file says of itself; `data_start` is where its tensors' bytes begin."""

    path: Path
    version: int
    fields: dict[str, GgufField]
    tensors: dict[str, GgufTensor]
    tensor_infos: tuple[int, int]
    alignment: int
    data_start: int
    size: int

    def get(self, key: str, kind: type | tuple[type, ...] = object) -> Any:
        """The value of a key; None where there is none, or one of another type."""
        found = self.fields.get(key)
        return found.value if found is not None and isinstance(found.value, kind) else None


class _Malformed(Exception):
    pass


def read_gguf(path: Path) -> GgufHeader:
    """The header of a file; no weights are read.

    Raises:
        InputError: it cannot be read, or is no GGUF file of a version that is known.
    """
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            if raw[:4] != MAGIC:
                raise InputError("Is no GGUF file: it does not begin with `GGUF`.", path=path)
            return _Reader(raw, path).header()
    except (_Malformed, struct.error, UnicodeDecodeError) as error:
        raise InputError(f"Is no GGUF file that can be read: {error}.", path=path) from None
    except OSError as error:
        raise InputError(f"Cannot be read: {error.strerror or error}.", path=path) from None
    except ValueError:
        raise InputError("Is empty.", path=path) from None


class _Reader:
    def __init__(self, raw: mmap.mmap, path: Path) -> None:
        self._raw, self._path, self._at, self._size = raw, path, 0, len(raw)

    def header(self) -> GgufHeader:
        self._at = len(MAGIC)
        version = self._scalar("I")
        if version not in VERSIONS:
            swapped = " (big-endian files are not read)" if version & 0xFFFF == 0 else ""
            raise _Malformed(f"its version is {version}{swapped}")
        tensor_count, field_count = self._scalar("Q"), self._scalar("Q")
        fields: dict[str, GgufField] = {}
        for _ in range(self._bounded(field_count, 13)):
            key, found = self._field()
            fields[key] = found
        infos_start = self._at
        tensors = [self._tensor() for _ in range(self._bounded(tensor_count, 24))]
        infos = (infos_start, self._at)
        alignment = fields["general.alignment"].value if "general.alignment" in fields else DEFAULT_ALIGNMENT
        if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 20:
            raise _Malformed(f"its alignment is {alignment!r}")
        data_start = -(-self._at // alignment) * alignment
        return GgufHeader(
            self._path,
            version,
            fields,
            {tensor.name: tensor for tensor in tensors},
            infos,
            alignment,
            data_start,
            self._size,
        )

    def _field(self) -> tuple[str, GgufField]:
        start = self._at
        key, kind = self._text(), self._scalar("I")
        value_start, is_array = self._at, kind == ARRAY
        if is_array:
            kind = self._scalar("I")
            value: Any = self._array(kind, 0)
        else:
            value = self._single(kind)
        return key, GgufField(value, kind, is_array, start, value_start, self._at)

    def _single(self, kind: int) -> Any:
        if kind == STRING:
            return self._text()
        if kind not in SCALARS:
            raise _Malformed(f"a value has the unknown type {kind}")
        return self._scalar(SCALARS[kind])

    def _array(self, kind: int, depth: int) -> list[Any]:
        length = self._scalar("Q")
        if kind in SCALARS:
            form = struct.Struct(f"<{self._bounded(length, struct.calcsize('<' + SCALARS[kind]))}{SCALARS[kind]}")
            found = list(form.unpack_from(self._raw, self._at))
            self._at += form.size
            return found
        if kind == ARRAY and depth < _MAX_DEPTH:
            return [self._array(self._scalar("I"), depth + 1) for _ in range(self._bounded(length, 12))]
        if kind != STRING:
            raise _Malformed(f"an array has the unknown type {kind}")
        return self._texts(self._bounded(length, 8))

    def _texts(self, count: int) -> list[str]:
        raw, at, size = self._raw, self._at, self._size
        read: Callable[..., tuple[int]] = struct.Struct("<Q").unpack_from
        found = []
        for _ in range(count):
            start = at + 8
            at = start + read(raw, at)[0]
            if at > size:
                raise _Malformed("a text is longer than the file")
            found.append(raw[start:at].decode("utf-8", "replace"))
        self._at = at
        return found

    def _tensor(self) -> GgufTensor:
        name, dimensions = self._text(), self._scalar("I")
        if dimensions > _MAX_DIMENSIONS:
            raise _Malformed(f"the tensor {name!r} has {dimensions} dimensions")
        shape = tuple(self._scalar("Q") for _ in range(dimensions))
        return GgufTensor(name, shape, self._scalar("I"), self._scalar("Q"))

    def _text(self) -> str:
        length = self._scalar("Q")
        if length > self._size - self._at:
            raise _Malformed("a text is longer than the file")
        self._at += length
        return self._raw[self._at - length : self._at].decode("utf-8", "replace")

    def _scalar(self, form: str) -> Any:
        [value] = struct.unpack_from(f"<{form}", self._raw, self._at)
        self._at += struct.calcsize(f"<{form}")
        return value

    def _bounded(self, count: int, least_bytes: int) -> int:
        """A count that the rest of the file can hold: a damaged one must not keep us busy for hours."""
        if count * least_bytes > self._size - self._at:
            raise _Malformed("it ends before its header does")
        return count
