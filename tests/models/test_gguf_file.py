"""Headers of GGUF files: what the `gguf` package writes is read alike, damaged files are refused at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.errors import InputError
from role_engine.models.gguf_file import read_gguf
from tests.models.made_models import write_gguf

FIELDS = {
    "general.architecture": "qwen3",
    "general.alignment": 32,
    "qwen3.rope.freq_base": 1e6,
    "tokenizer.ggml.tokens": ["а", "б", "[PAD2]"],
    "tokenizer.ggml.token_type": [1, 1, 5],
}


def test_it_reads_what_the_package_writes(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf", reason="its own files are the measure")
    numpy = pytest.importorskip("numpy", reason="the package writes numpy's arrays")
    writer = gguf.GGUFWriter(tmp_path / "x.gguf", "llama")
    writer.add_context_length(4096)
    writer.add_token_list(["а", "b", "<c>"])
    writer.add_array("nested", [[1, 2], [3]])
    writer.add_bool("yes", True)
    writer.add_tensor("token_embd.weight", numpy.ones((3, 8), numpy.float16))
    writer.add_tensor("norm", numpy.full(8, 2, numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    header = read_gguf(tmp_path / "x.gguf")
    assert header.get("llama.context_length") == 4096
    assert header.get("tokenizer.ggml.tokens") == ["а", "b", "<c>"]
    assert (header.get("nested"), header.get("yes")) == ([[1, 2], [3]], True)
    norm = header.tensors["norm"]
    assert header.tensors["token_embd.weight"].shape == (8, 3)
    at = header.data_start + norm.offset
    assert (tmp_path / "x.gguf").read_bytes()[at : at + 32] == numpy.full(8, 2, numpy.float32).tobytes()


@pytest.mark.parametrize("raw", [b"", b"GGU", b"GGML" + b"\0" * 40, b"GGUF\x01\0\0\0", b"GGUF\0\0\0\x03" + b"\0" * 16])
def test_what_is_no_gguf_file_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(raw)
    with pytest.raises(InputError, match=r"x\.gguf"):
        read_gguf(tmp_path / "x.gguf")


@pytest.mark.parametrize("place", [8, 16])
def test_more_tensors_or_fields_than_the_file_can_hold_are_not_looked_for(place: int, tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "x.gguf", FIELDS, {"token_embd.weight": (4, 3)})
    raw = bytearray(path.read_bytes())
    raw[place : place + 8] = (1 << 40).to_bytes(8, "little")
    path.write_bytes(raw)
    with pytest.raises(InputError, match="ends before its header does"):
        read_gguf(path)


@settings(max_examples=150)
@given(cut=st.integers(0, 400), place=st.integers(4, 400), patch=st.binary(min_size=1, max_size=9))
def test_damaged_anywhere_it_is_a_header_or_a_clear_error(cut: int, place: int, patch: bytes) -> None:
    """Lengths that a damaged file makes up cost neither time nor memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_gguf(Path(folder, "x.gguf"), FIELDS, {"token_embd.weight": (4, 3)})
        raw = bytearray(path.read_bytes())
        raw[place : place + len(patch)] = patch
        path.write_bytes(raw[: len(raw) - cut] if cut < len(raw) else raw)
        try:
            read_gguf(path)
        except InputError as error:
            assert "x.gguf" in str(error)
