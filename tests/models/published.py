"""Models as they are published: their figures, tokens, configs and templates; and what is to be said of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.models.made_models import (
    CHATML,
    GEMMA,
    LLAMA3,
    MISTRAL,
    QWEN3,
    QWEN3_GENERATION,
    QWEN3_THINKING,
    QWEN3_TOKENS,
    QWEN_BASE_GENERATION,
    dense_config,
    qwen3_config,
    write_directory,
    write_gguf,
)

QWEN2_TOKENS = {151643: "<|endoftext|>", 151644: "<|im_start|>", 151645: "<|im_end|>"}
LLAMA3_TOKENS = {
    **{128000: "<|begin_of_text|>", 128001: "<|end_of_text|>", 128006: "<|start_header_id|>"},
    **{
        128007: "<|end_header_id|>",
        128008: "<|eom_id|>",
        128009: "<|eot_id|>",
        128255: "<|reserved_special_token_247|>",
    },
}
GEMMA_TOKENS = {0: "<pad>", 1: "<eos>", 2: "<bos>", 106: "<start_of_turn>", 107: "<end_of_turn>", 255999: "<unused99>"}
MISTRAL_TOKENS = {0: "<unk>", 1: "<s>", 2: "</s>", 3: "[INST]", 4: "[/INST]", 32767: "[control_760]"}
LLAMA_CONFIG = dense_config(
    **{"hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8},
    **{"intermediate_size": 14336, "vocab_size": 128256, "max_position_embeddings": 131072, "rope_theta": 500000.0},
    rope_scaling={"factor": 8.0, "rope_type": "llama3", "original_max_position_embeddings": 8192},
) | {"model_type": "llama", "eos_token_id": 128001, "head_dim": 128}
GEMMA_CONFIG = dense_config(
    **{"hidden_size": 3584, "num_hidden_layers": 42, "num_attention_heads": 16, "num_key_value_heads": 8},
    **{"head_dim": 256, "intermediate_size": 14336, "vocab_size": 256000, "max_position_embeddings": 8192},
    **{"sliding_window": 4096, "rope_theta": 10000.0, "eos_token_id": 1},
) | {"model_type": "gemma2", "use_sliding_window": None}
MISTRAL_CONFIG = dense_config(
    **{"hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8},
    **{"intermediate_size": 14336, "vocab_size": 32768, "max_position_embeddings": 32768, "eos_token_id": 2},
) | {"model_type": "mistral"}
BASE_CONFIG = {"eos_token_id": 151643, "max_position_embeddings": 32768}


def qwen3_base(path: Path) -> Path:
    config = qwen3_config(**BASE_CONFIG)
    eos = {"eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "model_max_length": 32768}
    return write_directory(
        path / "Qwen3-30B-A3B-Base",
        config,
        tokens=QWEN3_TOKENS,
        generation=QWEN_BASE_GENERATION,
        template=QWEN3,
        tokenizer_config=eos,
        shards=3,
    )


def qwen3_base_under_another_name(path: Path) -> Path:
    return qwen3_base(path).rename(path / "my-model")


def qwen25_base(path: Path) -> Path:
    """Neither name nor template tells: only the token that ends a reply."""
    config = dense_config(hidden_size=3584, num_hidden_layers=28, num_attention_heads=28, **BASE_CONFIG)
    config |= {"model_type": "qwen2", "vocab_size": 152064, "intermediate_size": 18944}
    return write_directory(
        path / "Qwen2.5-7B", config, tokens=QWEN2_TOKENS, generation=QWEN_BASE_GENERATION, template=CHATML
    )


def qwen3_30b(path: Path) -> Path:
    return write_directory(
        path / "Qwen3-30B-A3B",
        qwen3_config(),
        tokens=QWEN3_TOKENS,
        generation=QWEN3_GENERATION,
        template=QWEN3,
        shards=2,
    )


def qwen3_32b(path: Path) -> Path:
    config = dense_config(hidden_size=5120, num_hidden_layers=64, num_attention_heads=64, num_key_value_heads=8)
    config["intermediate_size"] = 25600
    return write_directory(
        path / "Qwen3-32B", config, tokens=QWEN3_TOKENS, generation=QWEN3_GENERATION, template=QWEN3, shards=2
    )


def qwen3_235b(path: Path) -> Path:
    config = qwen3_config(hidden_size=4096, num_hidden_layers=94, num_attention_heads=64, moe_intermediate_size=1536)
    return write_directory(
        path / "Qwen3-235B-A22B", config, tokens=QWEN3_TOKENS, generation=QWEN3_GENERATION, template=QWEN3, shards=4
    )


def qwen3_thinking(path: Path) -> Path:
    config = dense_config(hidden_size=2560, num_hidden_layers=36, max_position_embeddings=262144, rope_theta=5000000)
    return write_directory(
        path / "Qwen3-4B-Thinking-2507",
        config | {"tie_word_embeddings": True},
        tokens=QWEN3_TOKENS,
        generation=QWEN3_GENERATION,
        template=QWEN3_THINKING,
        head=False,
    )


def llama_base(path: Path) -> Path:
    sampling = {"eos_token_id": 128001, "do_sample": True, "temperature": 0.6, "top_p": 0.9}
    return write_directory(path / "Llama-3.1-8B", LLAMA_CONFIG, tokens=LLAMA3_TOKENS, generation=sampling)


def llama_instruct(path: Path) -> Path:
    ends = {"eos_token_id": [128001, 128008, 128009], "do_sample": True, "temperature": 0.6, "top_p": 0.9}
    return write_directory(path / "snapshot", LLAMA_CONFIG, tokens=LLAMA3_TOKENS, generation=ends, template=LLAMA3)


def gemma_base(path: Path) -> Path:
    return write_directory(
        path / "gemma-2-9b", GEMMA_CONFIG, tokens=GEMMA_TOKENS, generation={"eos_token_id": 1}, head=False
    )


def gemma_instruct(path: Path) -> Path:
    """Its end token is the base model's."""
    return write_directory(
        path / "gemma-2-9b-it",
        GEMMA_CONFIG,
        tokens=GEMMA_TOKENS,
        generation={"eos_token_id": 1},
        template=GEMMA,
        head=False,
    )


def mistral_base(path: Path) -> Path:
    return write_directory(
        path / "Mistral-7B-v0.3", MISTRAL_CONFIG, tokens=MISTRAL_TOKENS, generation={"eos_token_id": 2}
    )


def mistral_instruct(path: Path) -> Path:
    return write_directory(
        path / "Mistral-7B-Instruct-v0.3",
        MISTRAL_CONFIG,
        tokens=MISTRAL_TOKENS,
        generation={"eos_token_id": 2},
        template=MISTRAL,
    )


def mistral_with_a_template(path: Path) -> Path:
    """Nothing but a template."""
    return write_directory(
        path / "model", MISTRAL_CONFIG, tokens=MISTRAL_TOKENS, generation={"eos_token_id": 2}, template=MISTRAL
    )


def gguf_fields(name: str, *, eos: int, template: str | None, entries: int = 151669) -> dict[str, Any]:
    tokens = [QWEN3_TOKENS.get(n, f"w{n}") for n in range(entries)] + [f"[PAD{n}]" for n in range(entries, 151936)]
    types = [3 if n in QWEN3_TOKENS else 1 for n in range(entries)] + [5] * (151936 - entries)
    fields: dict[str, Any] = {"general.architecture": "qwen3", "general.name": name, "general.file_type": 15}
    fields |= {"qwen3.context_length": 40960, "qwen3.embedding_length": 4096, "qwen3.block_count": 36}
    fields |= {"qwen3.attention.head_count": 32, "qwen3.attention.head_count_kv": 8, "qwen3.attention.key_length": 128}
    fields |= {"qwen3.rope.freq_base": 1000000.0, "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.tokens": tokens}
    fields |= {"tokenizer.ggml.token_type": types, "tokenizer.ggml.eos_token_id": eos}
    return fields | ({"tokenizer.chat_template": template} if template else {})


GGUF_SHAPES: dict[str, tuple[int, ...]] = {
    "token_embd.weight": (4096, 151936),
    "output.weight": (4096, 151936),
    **{f"blk.{n}.attn_q.weight": (4096, 4096) for n in range(36)},
    **{f"blk.{n}.attn_k.weight": (4096, 1024) for n in range(36)},
    **{f"blk.{n}.ffn_down.weight": (12288, 4096) for n in range(36)},
}


def gguf_instruct(path: Path) -> Path:
    return write_gguf(path / "q4.gguf", gguf_fields("Qwen3 8B", eos=151645, template=QWEN3), GGUF_SHAPES)


def gguf_base(path: Path) -> Path:
    return write_gguf(path / "q.gguf", gguf_fields("Qwen3 8B", eos=151643, template=QWEN3), GGUF_SHAPES)


# what makes it; kind, roles, thinking, system role, tokens, rows, spare, context, hidden, layers, experts, tied head
EXPECTED: dict[Any, tuple[Any, ...]] = {
    qwen3_base: ("base", "tokens", "switch", True, 151669, 151936, 267, 32768, 2048, 48, (128, 8), False),
    qwen3_base_under_another_name: (
        *("base", "tokens", "switch", True, 151669, 151936, 267, 32768, 2048, 48, (128, 8)),
        False,
    ),
    qwen25_base: ("base", "tokens", "none", True, 151646, 152064, 418, 32768, 3584, 28, None, False),
    qwen3_30b: ("instruct", "trained", "switch", True, 151669, 151936, 267, 40960, 2048, 48, (128, 8), False),
    qwen3_32b: ("instruct", "trained", "switch", True, 151669, 151936, 267, 40960, 5120, 64, None, False),
    qwen3_235b: ("instruct", "trained", "switch", True, 151669, 151936, 267, 40960, 4096, 94, (128, 8), False),
    qwen3_thinking: ("instruct", "trained", "always", True, 151669, 151936, 267, 262144, 2560, 36, None, True),
    llama_base: ("base", "tokens", "none", None, 128256, 128256, 0, 131072, 4096, 32, None, False),
    llama_instruct: ("instruct", "trained", "none", True, 128256, 128256, 0, 131072, 4096, 32, None, False),
    gemma_base: ("base", "tokens", "none", None, 256000, 256000, 0, 8192, 3584, 42, None, True),
    gemma_instruct: ("instruct", "trained", "none", False, 256000, 256000, 0, 8192, 3584, 42, None, True),
    mistral_base: ("base", "tokens", "none", None, 32768, 32768, 0, 32768, 4096, 32, None, False),
    mistral_instruct: ("instruct", "trained", "none", False, 32768, 32768, 0, 32768, 4096, 32, None, False),
    mistral_with_a_template: ("unsure", "unsure", "none", False, 32768, 32768, 0, 32768, 4096, 32, None, False),
    gguf_instruct: ("instruct", "trained", "switch", True, 151669, 151936, 267, 40960, 4096, 36, None, False),
    gguf_base: ("base", "tokens", "switch", True, 151669, 151936, 267, 40960, 4096, 36, None, False),
}
