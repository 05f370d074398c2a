"""The embedded model as one GGUF file, for llama.cpp and whatever is built on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from role_engine.errors import BackendError, InputError
from role_engine.files import file_being_made

ARCHITECTURE = "qwen3"
PRE_TOKENIZER = "qwen2"
"""llama.cpp's name for the split that `tokenizer.SPLIT` makes."""

_OF_LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_OF_MODEL = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}


def export_gguf(model_dir: Path, out: Path) -> Path:
    """Write the Qwen3 model in `model_dir` to `out`: matrices as F16, norms as F32, tokenizer and chat template inside.

    The file appears complete or not at all.

    Returns:
        `out`.

    Raises:
        InputError: `model_dir` lacks a file, or holds something other than a Qwen3 with tied embeddings.
        BackendError: a package is missing, or `out` cannot be written.
    """
    try:
        import gguf
        import torch
        from safetensors.torch import load_file
    except ImportError as error:
        raise BackendError(
            f"Writing GGUF needs the package {error.name!r}.", hint="pip install gguf safetensors torch"
        ) from error

    config, tokenizer, tokenizer_config = (
        _read(model_dir / name) for name in ("config.json", "tokenizer.json", "tokenizer_config.json")
    )
    if config.get("model_type") != ARCHITECTURE or not config.get("tie_word_embeddings"):
        raise InputError("Only a Qwen3 with tied embeddings can be exported.", path=model_dir / "config.json")
    weights = model_dir / "model.safetensors"
    if not weights.is_file():
        raise InputError("The weights are missing.", path=weights)

    try:
        with file_being_made(out) as part:
            writer = gguf.GGUFWriter(part, ARCHITECTURE)
            _describe_model(writer, config)
            _describe_tokenizer(writer, config, tokenizer, tokenizer_config)
            for name, tensor in sorted(load_file(weights).items()):
                if name == "lm_head.weight":  # tied: llama.cpp takes the embedding
                    continue
                kind = torch.float32 if tensor.dim() == 1 else torch.float16
                writer.add_tensor(tensor_name(name), tensor.to(torch.float32).to(kind).numpy())
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
            writer.close()
    except OSError as error:
        raise BackendError(f"The GGUF file cannot be written: {error.strerror or error}.", path=out) from error
    return out


def tensor_name(name: str) -> str:
    """llama.cpp's name of a Hugging Face tensor.

    Raises:
        InputError: it has none.
    """
    if name in _OF_MODEL:
        return _OF_MODEL[name]
    parts = name.removesuffix(".weight").split(".", 3)
    if len(parts) == 4 and parts[:2] == ["model", "layers"] and parts[3] in _OF_LAYER:
        return f"blk.{parts[2]}.{_OF_LAYER[parts[3]]}.weight"
    raise InputError(f"Qwen3 has no tensor {name!r}.", hint="Was the model directory changed by hand?")


def _describe_model(writer: Any, config: dict[str, Any]) -> None:
    import gguf

    writer.add_name("role_engine embedded")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(_rope_base(config))
    writer.add_vocab_size(config["vocab_size"])


def _rope_base(config: dict[str, Any]) -> float:
    """`rope_theta`, where either generation of transformers writes it."""
    nested = config.get("rope_parameters") or {}
    return float(nested.get("rope_theta", config.get("rope_theta", 10_000.0)))


def _describe_tokenizer(
    writer: Any, config: dict[str, Any], tokenizer: dict[str, Any], tokenizer_config: dict[str, Any]
) -> None:
    import gguf

    tokens = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    control = {entry["content"] for entry in tokenizer["added_tokens"] if entry["special"]}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(PRE_TOKENIZER)
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if token in control else gguf.TokenType.NORMAL for token in tokens])
    merges = tokenizer["model"]["merges"]
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_pad_token_id(config["pad_token_id"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(tokenizer_config["chat_template"])


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"Cannot be read: {error.strerror or error}.", path=path) from error
    except ValueError as error:
        raise InputError(f"Is not JSON: {error}.", path=path) from error
    if not isinstance(document, dict):
        raise InputError("Is not a JSON object.", path=path)
    return document
