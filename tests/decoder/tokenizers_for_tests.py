"""Two tokenizers that the tests train themselves: as Llama 3's, and as SentencePiece with byte fallback."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

_TEXTS = Path(__file__).parents[2]
_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def corpus() -> list[str]:
    """Russian and English text, code, and signs of all kinds."""
    files = [*_TEXTS.glob("README*.md"), *sorted(_TEXTS.glob("docs/*.md")), *sorted(_TEXTS.glob("roles/*.yaml"))]
    signs = "😀👍🏽🇷🇺🏴\U000e0067\U000e0062\U000e007f1️⃣ ℹ️ е\u0301"
    signs += " е\u0301 и\u0306 文字 あ 한 ا α µ ∞ ≠ “” „“ № … \ufffd \u200d \u00ad <think>\n</think>"
    return [path.read_text(encoding="utf-8") for path in files] + [signs * 20]


@cache
def like_llama() -> Any:
    """Byte-level BPE with digits in threes."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=4000, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in ("<|begin_of_text|>", "<|eot_id|>")])
    tokenizer.add_tokens([AddedToken(text, special=False) for text in ("<think>", "</think>")])
    return tokenizer


@cache
def like_sentencepiece() -> Any:
    """BPE over characters, with `▁` for the space and a token for each byte."""
    from tokenizers import Tokenizer, decoders, models, normalizers, trainers

    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    specials = ["<unk>", "<s>", "</s>"]
    trainer = trainers.BpeTrainer(
        vocab_size=4000,
        special_tokens=specials + [f"<0x{byte:02X}>" for byte in range(256)],
        limit_alphabet=800,
        show_progress=False,
    )
    words = (line.replace(" ", "▁") for text in corpus() for line in text.split("\n"))
    tokenizer.normalizer, normalizer = None, tokenizer.normalizer
    from tokenizers import pre_tokenizers

    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    tokenizer.train_from_iterator(words, trainer)
    tokenizer.pre_tokenizer, tokenizer.normalizer = None, normalizer
    return tokenizer
