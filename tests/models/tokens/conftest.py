"""Qwen3-shaped directories that transformers writes: with a small vocabulary, and with Qwen's where it is at hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.models.made_models import QWEN_BASE_GENERATION

MarkedModel = Callable[..., Path]
END = "<|endoftext|>"
EMBEDDED = Path(__file__).resolve().parents[3] / "extensions/role_engine/embedded/model"


@pytest.fixture(scope="session")
def small_tokenizer() -> Any:
    """The embedded model's: 2,560 tokens, the first three of them ChatML's marks."""
    import transformers

    return transformers.AutoTokenizer.from_pretrained(EMBEDDED)


@pytest.fixture(scope="session")
def qwen_tokenizer() -> Any:
    path = Path(os.environ.get("ROLE_ENGINE_TEST_DATA", "/nowhere"), "qwen2-tokenizer")
    if not (path / "tokenizer.json").is_file():
        pytest.skip("ROLE_ENGINE_TEST_DATA names no folder with qwen2-tokenizer/tokenizer.json")
    import transformers

    return transformers.AutoTokenizer.from_pretrained(path)


@pytest.fixture
def make_model(tmp_path: Path, small_tokenizer: Any, monkeypatch: pytest.MonkeyPatch) -> MarkedModel:
    """`make_model(rows=640, tied=True)` → the directory of a base model with random weights, in several files."""
    import torch
    import transformers

    monkeypatch.setattr("role_engine.models.tokens.directory.SMALL", 4000)  # weights count as large, settings do not

    def make(
        *,
        rows: int | None = None,
        spare: int = 40,
        tied: bool = True,
        dtype: Any = torch.bfloat16,
        tokenizer: Any = None,
    ) -> Path:
        tokenizer = tokenizer or small_tokenizer
        rows = rows or len(tokenizer) + spare
        torch.manual_seed(0)
        end = tokenizer.convert_tokens_to_ids(END)
        config = transformers.Qwen3Config(
            **{"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1},
            **{"head_dim": 8, "intermediate_size": 32, "vocab_size": rows, "max_position_embeddings": 32768},
            **{"tie_word_embeddings": tied, "bos_token_id": end, "eos_token_id": end},
        )
        model = transformers.Qwen3ForCausalLM(config).to(dtype)
        model.generation_config = transformers.GenerationConfig(**QWEN_BASE_GENERATION | {"eos_token_id": end})
        path = tmp_path / "model"
        model.save_pretrained(path, max_shard_size=rows * 16 * 2 + 100)
        tokenizer.save_pretrained(path)
        return path

    return make
