"""Headers of safetensors files: the package's own are read, damaged ones are refused and never trusted."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.errors import InputError
from role_engine.models.safetensors_file import read_header


def written(path: Path, header: Any, data: bytes = b"", *, length: int | None = None) -> Path:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(raw) if length is None else length) + raw + data)
    return path


def entry(shape: list[int], begin: int, end: int, dtype: str = "BF16") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def test_it_reads_what_the_package_writes(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy", reason="the package writes numpy's arrays")
    package = pytest.importorskip("safetensors.numpy", reason="its own files are the measure")
    arrays = {"a": numpy.zeros((3, 5), numpy.float16), "b": numpy.arange(4, dtype=numpy.int64)}
    package.save_file(arrays, str(tmp_path / "x"), metadata={"format": "pt"})
    header = read_header(tmp_path / "x")
    assert {name: tensor.shape for name, tensor in header.tensors.items()} == {"a": (3, 5), "b": (4,)}
    assert (header.complete, header.metadata) == (True, {"format": "pt"})
    b = header.tensors["b"]
    assert (tmp_path / "x").read_bytes()[b.start : b.end] == arrays["b"].tobytes()


def test_a_file_that_is_cut_is_read_and_says_so(tmp_path: Path) -> None:
    header = read_header(written(tmp_path / "x", {"a": entry([4, 2], 0, 16)}, b"\0" * 15))
    assert not header.complete


@pytest.mark.parametrize(
    "header",
    [
        *(b"{", b"[]", b"\xff\xfe", {"a": 1}, {"a": {}}, {"a": entry([4, 2], 0, 15)}, {"a": entry([4, -2], 0, 16)}),
        *({"a": entry([4, 2], 16, 0)}, {"a": {**entry([4], 0, 8), "shape": "4"}}, {"__metadata__": [1]}),
        {"a": {**entry([4], 0, 8), "data_offsets": [0, 8, 9]}},
    ],
)
def test_a_header_that_makes_no_sense_is_refused(header: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Is no safetensors file"):
        read_header(written(tmp_path / "x", header))


@pytest.mark.parametrize("length", [0, 1, 1000, 1 << 63])
def test_so_is_a_length_that_makes_no_sense(length: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="length of its header"):
        read_header(written(tmp_path / "x", {}, length=length))


@given(st.binary(max_size=200))
def test_any_bytes_give_a_header_or_a_clear_error(raw: bytes) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        try:
            read_header(Path(file.name))
        except InputError as error:
            assert file.name in str(error)
