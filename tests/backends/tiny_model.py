"""A tiny Qwen3 with random weights and a byte-level vocabulary of its own: made in a second, and never downloaded."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tools.embedded_model.network import make_untrained

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

    torch.manual_seed(seed)
    return make_untrained(
        vocabulary=len(tokenizer()) + 5,  # like real ones, more rows than tokens
        context=context,
        end=tokenizer().eos_token_id,
        pad=tokenizer().eos_token_id,
        hidden=hidden,
        inner=2 * hidden,
        layers=layers,
        head_dim=hidden // 4,
        tied=False,
        spread=0.3,
    ).eval()
