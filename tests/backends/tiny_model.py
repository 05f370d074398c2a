"""A tiny Qwen3 with random weights and a byte-level vocabulary of its own: made in a second, and never downloaded."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

CORPUS = (
    "Философ молча смотрел на реку и думал о том, что память хранит не события, а рассказы о них. "
    "Мастер сказал: часы ещё походят, если их не трогать. Ёж съел щуку; щука была невкусной — и это всё. "
    "Река течёт, память молчит, философ думает, мастер смотрит на часы. "
) * 4
END, START, HIDDEN = "<|end|>", "<|start|>", "<|hidden|>"
SYMBOLS = 700


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=SYMBOLS,
        special_tokens=[END, START, HIDDEN],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator([CORPUS], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=core, eos_token=END, additional_special_tokens=[START, HIDDEN])


def model(*, layers: int = 2, hidden: int = 64, context: int = 4096, seed: int = 0) -> Any:
    """Random weights of a spread that makes its choices clear, so that rounding turns none of them."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(seed)
    config = Qwen3Config(
        vocab_size=len(tokenizer()) + 5,  # like real ones, more rows than tokens
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=hidden // 4,
        intermediate_size=2 * hidden,
        max_position_embeddings=context,
        initializer_range=0.3,
        tie_word_embeddings=False,
        eos_token_id=tokenizer().eos_token_id,
        bos_token_id=None,
        pad_token_id=tokenizer().eos_token_id,
    )
    return Qwen3ForCausalLM(config).eval()
