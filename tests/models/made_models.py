"""Model directories and GGUF files with the published figures of real models, and no weights: files with holes."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any

BYTES = {"BF16": 2, "F16": 2, "F32": 4}

CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
QWEN3 = CHATML.replace(
    "<|im_start|>assistant\\n' }}{% endif %}",
    "<|im_start|>assistant\\n' }}"
    "{% if enable_thinking is defined and enable_thinking is false %}"
    "{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}{% endif %}",
)
QWEN3_THINKING = CHATML.replace("<|im_start|>assistant\\n'", "<|im_start|>assistant\\n<think>\\n'")
LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\\n\\n'"
    " + m['content'] + '<|eot_id|>' }}{% endfor %}"
)
GEMMA = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for m in messages %}{{ '<start_of_turn>' + m['role'] + '\\n' + m['content'] + '<end_of_turn>\\n' }}{% endfor %}"
)
MISTRAL = (
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ '[INST] ' + m['content'] + '[/INST]' }}"
    "{% elif m['role'] == 'assistant' %}{{ m['content'] + '</s>' }}{% endif %}{% endfor %}"
)

QWEN3_TOKENS = {
    **{151643: "<|endoftext|>", 151644: "<|im_start|>", 151645: "<|im_end|>", 151657: "<tool_call>"},
    **{151658: "</tool_call>", 151665: "<tool_response>", 151666: "</tool_response>", 151667: "<think>"},
    151668: "</think>",
}
QWEN3_GENERATION = {
    **{"bos_token_id": 151643, "do_sample": True, "eos_token_id": [151645, 151643], "pad_token_id": 151643},
    **{"temperature": 0.6, "top_k": 20, "top_p": 0.95},
}
QWEN_BASE_GENERATION = {"bos_token_id": 151643, "do_sample": False, "eos_token_id": 151643, "max_new_tokens": 2048}

Shapes = dict[str, tuple[int, ...]]


def qwen3_config(**changes: Any) -> dict[str, Any]:
    """Qwen3-30B-A3B's, of which the others are variations."""
    return {
        **{"architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe", "bos_token_id": 151643},
        **{"eos_token_id": 151645, "head_dim": 128, "hidden_size": 2048, "intermediate_size": 6144},
        **{"max_position_embeddings": 40960, "moe_intermediate_size": 768, "num_attention_heads": 32},
        **{"num_experts": 128, "num_experts_per_tok": 8, "num_hidden_layers": 48, "num_key_value_heads": 4},
        **{"rope_scaling": None, "rope_theta": 1000000.0, "sliding_window": None, "tie_word_embeddings": False},
        **{"use_sliding_window": False, "vocab_size": 151936},
        **changes,
    }


def dense_config(**changes: Any) -> dict[str, Any]:
    """The same without experts."""
    config = qwen3_config(architectures=["Qwen3ForCausalLM"], model_type="qwen3", **changes)
    return {key: value for key, value in config.items() if "expert" not in key and not key.startswith("moe")}


def shapes_of(config: dict[str, Any], *, head: bool = True) -> Shapes:
    """The tensors of a decoder with these figures, as Hugging Face's files have them."""
    hidden, dim = (
        config["hidden_size"],
        config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"],
    )
    query, key = config["num_attention_heads"] * dim, config["num_key_value_heads"] * dim
    shapes: Shapes = {"model.embed_tokens.weight": (config["vocab_size"], hidden), "model.norm.weight": (hidden,)}
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        shapes |= {f"{at}.self_attn.q_proj.weight": (query, hidden), f"{at}.self_attn.k_proj.weight": (key, hidden)}
        shapes |= {f"{at}.self_attn.v_proj.weight": (key, hidden), f"{at}.self_attn.o_proj.weight": (hidden, query)}
        shapes[f"{at}.input_layernorm.weight"] = (hidden,)
        if experts := config.get("num_experts"):
            shapes[f"{at}.mlp.gate.weight"] = (experts, hidden)
        inner = config["moe_intermediate_size"] if experts else config["intermediate_size"]
        for part in [f"{at}.mlp.experts.{n}" for n in range(experts)] if experts else [f"{at}.mlp"]:
            shapes |= {f"{part}.gate_proj.weight": (inner, hidden), f"{part}.up_proj.weight": (inner, hidden)}
            shapes[f"{part}.down_proj.weight"] = (hidden, inner)
    if head:
        shapes["lm_head.weight"] = (config["vocab_size"], hidden)
    return shapes


def write_directory(
    path: Path,
    config: dict[str, Any],
    *,
    tokens: dict[int, str] | None = None,
    generation: dict[str, Any] | None = None,
    template: str | None = None,
    tokenizer_config: dict[str, Any] | None = None,
    head: bool = True,
    shards: int = 1,
) -> Path:
    """A model directory; `tokens` are the added ones, before which the vocabulary is full of words."""
    path.mkdir(parents=True)
    (path / "config.json").write_text(json.dumps(config), "utf-8")
    if generation is not None:
        (path / "generation_config.json").write_text(json.dumps(generation), "utf-8")
    if tokens is not None:
        first = min(tokens)
        added = [{"id": n, "content": text, "special": "think" not in text} for n, text in tokens.items()]
        whole = {
            "added_tokens": added,
            "model": {"type": "BPE", "vocab": {f"w{n}": n for n in range(first)}, "merges": []},
        }
        (path / "tokenizer.json").write_text(json.dumps(whole), "utf-8")
        given = {**(tokenizer_config or {}), **({"chat_template": template} if template else {})}
        (path / "tokenizer_config.json").write_text(json.dumps(given), "utf-8")
    shapes = shapes_of(config, head=head)
    names = list(shapes)
    if shards == 1:
        write_holes(path / "model.safetensors", shapes)
        return path
    where = {
        name: f"model-{1 + n * shards // len(names):05}-of-{shards:05}.safetensors" for n, name in enumerate(names)
    }
    for file in sorted(set(where.values())):
        write_holes(path / file, {name: shapes[name] for name in names if where[name] == file})
    index = {"metadata": {"total_size": 0}, "weight_map": where}
    (path / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")
    return path


def write_holes(path: Path, shapes: Shapes, dtype: str = "BF16") -> None:
    """A safetensors file with a true header, whose data is one hole: it takes no room on the disk."""
    header, at = {}, 0
    for name, shape in shapes.items():
        size = math.prod(shape) * BYTES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    raw = json.dumps(header).encode()
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(raw)) + raw)
        stream.truncate(8 + len(raw) + at)


def write_gguf(path: Path, fields: dict[str, Any], shapes: Shapes, *, kind: int = 1, size: int = 2) -> Path:
    """A GGUF file; `shapes` in the file's order, of `size` bytes a number, their data one hole."""
    infos, at = b"", 0
    for name, shape in shapes.items():
        infos += gguf_text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, at)
        at += -(-math.prod(shape) * size // 32) * 32
    body = b"".join(gguf_text(key) + gguf_value(value) for key, value in fields.items())
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(fields)) + body + infos
    with path.open("wb") as stream:
        stream.write(head + b"\0" * (-len(head) % 32))
        stream.truncate(len(head) + (-len(head) % 32) + at)
    return path


def gguf_text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def gguf_value(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + gguf_text(value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    items = list(value)
    if items and isinstance(items[0], str):
        return struct.pack("<IIQ", 9, 8, len(items)) + b"".join(map(gguf_text, items))
    return struct.pack("<IIQ", 9, 5, len(items)) + struct.pack(f"<{len(items)}i", *items)
