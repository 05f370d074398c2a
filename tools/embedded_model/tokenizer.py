"""The embedded model's tokenizer: byte-level BPE, split like Qwen2's, with ChatML's control tokens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.embedded_model.corpus import TrainingConversation

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VOCABULARY = 2_560
END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CONTROL_TOKENS = (END_OF_TEXT, TURN_START, TURN_END)

# The split of Qwen2's tokenizer.json, which llama.cpp knows under the name "qwen2".
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

CHAT_TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)

NO_LABEL = -100
"""The label of a token that is only read."""


def train_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """A tokenizer of `VOCABULARY` entries, learned from `texts`; the control tokens have the ids 0, 1, 2."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=list(CONTROL_TOKENS),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path, context: int) -> None:
    """Write tokenizer.json and tokenizer_config.json, chat template included."""
    document = json.loads(tokenizer.to_str())
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(text, "utf-8")
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": TURN_END,
        "pad_token": END_OF_TEXT,
        "additional_special_tokens": [TURN_START, TURN_END],
        "add_bos_token": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": context,
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class TokenizedConversation:
    """One conversation as the model reads it; `labels` holds `NO_LABEL` where there is nothing to learn."""

    ids: tuple[int, ...]
    labels: tuple[int, ...]


def encode_all(
    tokenizer: Tokenizer, conversations: Sequence[TrainingConversation], context: int
) -> list[TokenizedConversation]:
    """Every conversation in ChatML, cut at `context` tokens. Replies and the ends of their turns carry labels."""
    stretches = [_stretches(conversation) for conversation in conversations]
    encoded = iter(tokenizer.encode_batch([text for parts in stretches for text, _ in parts]))
    tokens = []
    for parts in stretches:
        ids: list[int] = []
        labels: list[int] = []
        for _, learned in parts:
            piece = next(encoded).ids
            ids += piece
            labels += piece if learned else [NO_LABEL] * len(piece)
        tokens.append(TokenizedConversation(tuple(ids[:context]), tuple(labels[:context])))
    return tokens


def _stretches(conversation: TrainingConversation) -> list[tuple[str, bool]]:
    """The conversation's text, cut where labels begin and end (at control tokens, so that no token is cut)."""
    read = f"{TURN_START}system\n{conversation.system}{TURN_END}\n" if conversation.system else ""
    parts = []
    for turn in conversation.turns:
        read += f"{TURN_START}user\n{turn.user}{TURN_END}\n{TURN_START}assistant\n"
        if turn.learned:
            parts += [(read, False), (turn.assistant + TURN_END, True)]
            read = "\n"
        else:
            read += f"{turn.assistant}{TURN_END}\n"
    return parts
