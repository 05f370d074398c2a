"""A Qwen3 without knowledge: the embedded model before its training, and whatever else needs a small one."""

from __future__ import annotations

from typing import Any


def make_untrained(
    *,
    vocabulary: int,
    context: int,
    end: int,
    pad: int,
    hidden: int = 128,
    inner: int = 384,
    layers: int = 4,
    head_dim: int = 64,
    tied: bool = True,
    spread: float = 0.03,
) -> Any:
    """A network with the random weights that torch's generator gives; four heads, two for keys and values.

    Args:
        vocabulary: rows of the embedding.
        context: positions, in tokens.
        end, pad: ids of the token that ends a turn, and of the one that fills up.
        hidden, inner, layers, head_dim: the width, that of the feed-forward part, the depth, the size of a head.
        tied: whether input and output share the embedding.
        spread: standard deviation of the weights.
    """
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=vocabulary,
            hidden_size=hidden,
            intermediate_size=inner,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=head_dim,
            max_position_embeddings=context,
            tie_word_embeddings=tied,
            initializer_range=spread,
            bos_token_id=None,
            eos_token_id=end,
            pad_token_id=pad,
        )
    )
