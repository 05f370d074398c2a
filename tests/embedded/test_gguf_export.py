"""The GGUF file: what llama.cpp needs stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from role_engine import BackendError, InputError
from role_engine.embedded import MODEL, export_gguf
from role_engine.embedded.gguf_export import tensor_name
from tools.embedded_model.tokenizer import CHAT_TEMPLATE, VOCABULARY


def test_names_are_llama_cpps() -> None:
    assert tensor_name("model.embed_tokens.weight") == "token_embd.weight"
    assert tensor_name("model.layers.3.self_attn.q_norm.weight") == "blk.3.attn_q_norm.weight"
    with pytest.raises(InputError, match="no tensor"):
        tensor_name("model.layers.0.mlp.experts.weight")


def test_the_file_holds_model_tokenizer_and_template(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf", reason="writing GGUF needs the gguf package")
    pytest.importorskip("torch", reason="bfloat16 weights are read with torch")
    out = export_gguf(MODEL, tmp_path / "new" / "model.gguf")
    assert [file.name for file in out.parent.iterdir()] == ["model.gguf"]
    read = gguf.GGUFReader(out)
    assert read.get_field("general.architecture").contents() == "qwen3"
    assert read.get_field("tokenizer.ggml.pre").contents() == "qwen2"
    assert read.get_field("tokenizer.chat_template").contents() == CHAT_TEMPLATE
    assert len(read.get_field("tokenizer.ggml.tokens").contents()) == VOCABULARY
    config = json.loads((MODEL / "config.json").read_text("utf-8"))
    assert len(read.tensors) == 2 + 11 * config["num_hidden_layers"]


@pytest.fixture
def no_model(tmp_path: Path) -> Path:
    pytest.importorskip("gguf", reason="writing GGUF needs the gguf package")
    pytest.importorskip("torch", reason="bfloat16 weights are read with torch")
    return tmp_path


def test_a_folder_without_a_model_is_refused(no_model: Path) -> None:
    with pytest.raises(InputError, match=r"config\.json"):
        export_gguf(no_model, no_model / "model.gguf")


def test_another_architecture_is_refused(no_model: Path) -> None:
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (no_model / name).write_text("{}", "utf-8")
    (no_model / "config.json").write_text('{"model_type": "llama"}', "utf-8")
    with pytest.raises(InputError, match="Only a Qwen3"):
        export_gguf(no_model, no_model / "model.gguf")
    assert not (no_model / "model.gguf").exists()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gguf", None)
    with pytest.raises(BackendError, match=r"'gguf'.*pip install gguf"):
        export_gguf(MODEL, tmp_path / "model.gguf")
