"""Rows of the embedding in a GGUF file: means where its type lets a single row be written anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from role_engine.errors import InputError
from role_engine.models.gguf_file import GgufHeader, GgufTensor
from role_engine.models.tokens.rows import SIZES, mean

EMBEDDING = "token_embd.weight"
_PLAIN = {0: "F32", 1: "F16", 30: "BF16"}
"""Types of ggml that are plain numbers."""


def row_size(tensor: GgufTensor) -> int | None:
    """Bytes of a row; None: a type that neither this file nor the `gguf` package knows."""
    if tensor.kind in _PLAIN:
        return tensor.shape[0] * SIZES[_PLAIN[tensor.kind]]
    package = _package()
    try:
        block, size = package.GGML_QUANT_SIZES[package.GGMLQuantizationType(tensor.kind)]
    except (AttributeError, ValueError, KeyError):
        return None
    return int(tensor.shape[0] // block * size)


def read_row(header: GgufHeader, tensor: GgufTensor, row: int, size: int) -> bytes:
    """One row's bytes.

    Raises:
        InputError: the file ends before it.
    """
    with header.path.open("rb") as stream:
        stream.seek(header.data_start + tensor.offset + row * size)
        raw = stream.read(size)
    if len(raw) != size:
        raise InputError("Ends before its tensors do.", path=header.path)
    return raw


def mean_row(tensor: GgufTensor, rows: Sequence[bytes]) -> bytes | None:
    """The mean as a row of the same type; None where the `gguf` package is missing or cannot write the type."""
    if tensor.kind in _PLAIN:
        return mean(rows, _PLAIN[tensor.kind])
    package = _package()
    if package is None:
        return None
    import numpy

    kind = package.GGMLQuantizationType(tensor.kind)
    try:
        numbers = [package.quants.dequantize(numpy.frombuffer(raw, numpy.uint8), kind) for raw in rows]
        quantised = package.quants.quantize(numpy.mean(numbers, axis=0, dtype=numpy.float32), kind)
    except NotImplementedError:
        return None
    return bytes(quantised.tobytes())


def _package() -> Any:
    try:
        import gguf
    except ImportError:
        return None
    return gguf
