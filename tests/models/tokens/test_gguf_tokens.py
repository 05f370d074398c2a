"""Tokens in GGUF files: spare entries renamed, rows where their type allows, the rest byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from role_engine.errors import InputError, ModelError
from role_engine.models import inspect_model
from role_engine.models.gguf_file import read_gguf
from role_engine.models.tokens import (
    MANIFEST,
    TokensRequest,
    add_tokens,
    list_tokens,
    mode_token,
    pad_token,
    read_protocol,
    remove_tokens,
    role_token,
)
from tests.models.made_models import write_gguf
from tests.models.tokens.conftest import EMBEDDED

gguf = pytest.importorskip("gguf", reason="llama.cpp's own reader is the measure")
numpy = pytest.importorskip("numpy", reason="the gguf package works with numpy")

WIDTH, ENTRIES, SPARE = 32, 2560, 6
WANTED = TokensRequest(tokens=(mode_token("recursion"), role_token("logician", "логик"), pad_token()))


@pytest.fixture
def make_gguf(tmp_path: Path) -> Any:
    """`make_gguf(kind)` → a file with the embedded model's tokenizer and an embedding of that type."""

    def make(kind: Any = gguf.GGMLQuantizationType.F16, spare: int = SPARE) -> Path:
        whole = json.loads((EMBEDDED / "tokenizer.json").read_text("utf-8"))
        words = whole["model"]["vocab"] | {token["content"]: token["id"] for token in whole["added_tokens"]}
        tokens = sorted(words, key=words.__getitem__) + [f"[PAD{ENTRIES + n}]" for n in range(spare)]
        path = tmp_path / "model.gguf"
        writer = gguf.GGUFWriter(path, "qwen3")
        writer.add_context_length(4096)
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(tokens)
        writer.add_token_types([3] * 3 + [1] * (ENTRIES - 3) + [5] * spare)
        writer.add_token_merges(
            [merge if isinstance(merge, str) else " ".join(merge) for merge in whole["model"]["merges"]]
        )
        writer.add_eos_token_id(0)
        numbers = numpy.random.default_rng(0).normal(size=(len(tokens), 256)).astype(numpy.float32)
        if kind == "Q4_K":  # nothing writes it here; its bytes are of no matter
            writer.add_tensor(
                "token_embd.weight",
                numpy.zeros((len(tokens), 144), numpy.uint8),
                raw_dtype=gguf.GGMLQuantizationType.Q4_K,
            )
        else:
            writer.add_tensor("token_embd.weight", gguf.quants.quantize(numbers, kind), raw_dtype=kind)
        writer.add_tensor("output_norm.weight", numpy.ones(256, numpy.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path

    return make


def embedding(path: Path) -> Any:
    tensor = next(t for t in gguf.GGUFReader(path).tensors if t.name == "token_embd.weight")
    return gguf.quants.dequantize(tensor.data, tensor.tensor_type)


@pytest.mark.parametrize("name", ["F32", "F16", "BF16", "Q8_0"])
def test_spare_entries_are_renamed_and_their_rows_made(make_gguf: Any, tmp_path: Path, name: str) -> None:
    source = make_gguf(gguf.GGMLQuantizationType[name])
    before = source.read_bytes()
    add_tokens(source, tmp_path / "out", WANTED)
    out = tmp_path / "out/model.gguf"
    assert source.read_bytes() == before
    fields = gguf.GGUFReader(out).fields
    assert fields["tokenizer.ggml.tokens"].contents()[2559:2564] == [
        *(
            fields["tokenizer.ggml.tokens"].contents()[2559],
            "<|recursion|>",
            "<|role:logician|>",
            "<|pad|>",
            "[PAD2563]",
        )
    ]
    assert fields["tokenizer.ggml.token_type"].contents()[2560:2564] == [4, 4, 3, 5]
    assert fields["tokenizer.ggml.padding_token_id"].contents() == 2562
    old, new = embedding(source), embedding(out)
    kept = [n for n in range(len(old)) if not 2560 <= n < 2563]
    assert numpy.array_equal(old[kept], new[kept])
    tokenizer = pytest.importorskip("tokenizers", reason="it reads the description").Tokenizer
    ids = tokenizer.from_file(str(EMBEDDED / "tokenizer.json")).encode("логик", add_special_tokens=False).ids
    assert numpy.allclose(new[2561], old[ids].mean(0), atol=0.03)
    report = inspect_model(out)
    assert (report.vocabulary.spare, [token.text for token in report.roles.added]) == (
        SPARE - 3,
        ["<|recursion|>", "<|role:logician|>", "<|pad|>"],
    )


def test_where_a_quantisation_cannot_be_written_the_row_stays_and_it_is_said(make_gguf: Any, tmp_path: Path) -> None:
    source = make_gguf("Q4_K")
    result = add_tokens(source, tmp_path / "out", WANTED)
    assert any("rows stay as they are" in line for line in result.notes)
    old, new = (
        next(t.data for t in gguf.GGUFReader(p).tensors if "embd" in t.name)
        for p in (source, tmp_path / "out/model.gguf")
    )
    assert numpy.array_equal(old, new)


def test_all_removed_the_file_is_as_it_was(make_gguf: Any, tmp_path: Path) -> None:
    source = make_gguf()
    add_tokens(source, tmp_path / "out", WANTED)
    remove_tokens(tmp_path / "out", tmp_path / "less", ["recursion"])
    assert [token.name for token in list_tokens(tmp_path / "less").tokens] == ["logician", "pad"]
    assert read_gguf(tmp_path / "less/model.gguf").get("tokenizer.ggml.tokens")[2560] == "[PAD2560]"
    remove_tokens(tmp_path / "less", tmp_path / "back")
    assert (tmp_path / "back/model.gguf").read_bytes() == source.read_bytes()
    assert not (tmp_path / "back" / MANIFEST).exists()


def test_what_the_format_does_not_allow_is_said(make_gguf: Any, tmp_path: Path) -> None:
    source, out = make_gguf(spare=2), tmp_path / "out"
    protocol = tmp_path / "protocol.yaml"
    protocol.write_text('start: "<|turn|>"\nend: "<|/turn|>"\n', "utf-8")
    for wanted, said in (
        (WANTED, "2 spare entries"),
        (TokensRequest(context=131072), "yarn-orig-ctx"),
        (TokensRequest(protocol=read_protocol(protocol)), "Hugging Face directory"),
        (TokensRequest(tokens=WANTED.tokens[:1] * 2), "asked for twice"),
    ):
        with pytest.raises(ModelError, match=said):
            add_tokens(source, out, wanted)
    assert not out.exists()


def test_a_split_or_bare_file_is_refused(tmp_path: Path) -> None:
    bare = write_gguf(tmp_path / "bare.gguf", {"general.architecture": "qwen3"}, {})
    split = write_gguf(tmp_path / "split.gguf", {"general.architecture": "qwen3", "split.count": 2}, {})
    for path, said in ((bare, "no vocabulary"), (split, "--merge")):
        with pytest.raises(ModelError, match=said):
            add_tokens(path, tmp_path / "out", WANTED)


def test_a_manifest_that_does_not_fit_the_file_is_refused(make_gguf: Any, tmp_path: Path) -> None:
    add_tokens(make_gguf(), tmp_path / "out", WANTED)
    path = tmp_path / "out" / MANIFEST
    manifest = json.loads(path.read_text("utf-8"))
    manifest["tokens"][0]["id"] = 10**6
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="does not fit"):
        remove_tokens(tmp_path / "out", tmp_path / "back")
