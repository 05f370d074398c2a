"""Tokens that give a model's vocabulary away: turns and roles, thinking, tools; ends of a turn and of a document.

Collected from the tokenizers of Qwen, Llama, Gemma, Mistral, DeepSeek, Phi, GLM, Command, Granite, Yi, Zephyr, Vicuna,
Seed, gpt-oss, Solar Open, and from the formats of reasoning that text-generation-webui v4.7.3 knows
(`modules/reasoning.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

END_OF_TURN = frozenset(
    {
        *("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|eot|>", "<end_of_turn>", "<turn|>", "<|end|>", "<|return|>"),
        *("<|call|>", "<|end_of_turn|>", "<|END_OF_TURN_TOKEN|>", "<|user|>", "<|observation|>", "<|end_of_role|>"),
        *("[/INST]", "<|end_of_assistant|>", "<end_of_utterance>", "<|role_end|>", "<｜User｜>"),
    }
)
"""A model that ends its replies with one of these was trained on turns."""

END_OF_DOCUMENT = frozenset(
    {
        *("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "<|end▁of▁sentence|>", "<｜end▁of▁sentence｜>"),
        *("<|END_OF_DOC|>", "<EOS_TOKEN>", "[EOS]", "<seed:eos>", "<|eos|>", "<|endofdoc|>"),
    }
)

_ROLE = re.compile(
    r"""
    <\|im_(?:start|end|sep|middle|user|assistant|system)\|>
    | <[|｜]/?(?:system|user|assistant|human|bot|model|observation|developer|tool|ipython)[|｜]>
    | <\|role:[a-z0-9_-]{1,64}\|>
    | <\|(?:start_header_id|end_header_id|eot_id|eom_id|eot|header_start|header_end)\|>
    | <(?:start_of_turn|end_of_turn|\|turn>|turn\|)>? | <\|turn\|>
    | \[/?INST\] | \[/?SYSTEM_PROMPT\] | <<SYS>> | <</SYS>>
    | <\|(?:start|end|message|channel|return|call)\|>
    | <\|(?:START|END)_OF_TURN_TOKEN\|> | <\|(?:SYSTEM|USER|CHATBOT)_TOKEN\|>
    | <\|(?:start|end)_of_role\|> | <\|end_of_turn\|>
    """,
    re.VERBOSE | re.IGNORECASE,
)

_THINKING = re.compile(
    r"</?think(?:ing)?> | </?seed:think> | \[/?THINK\] | <\|/?(?:begin_of_|end_of_)?(?:think|thought|thinking)\|>"
    r" | <\|channel>? | <channel\|> | </?reasoning> | <\|(?:START|END)_THINKING\|>",
    re.VERBOSE | re.IGNORECASE,
)

PAD_ENTRY = re.compile(r"\[PAD\d+\]")
"""How llama.cpp's converter names the rows of an embedding that no token takes."""
RESERVED = re.compile(
    r"\[PAD\d+\]|<unused_?\d+>|<\|reserved_special_token_\d+\|>|\[control_\d+\]|<\|extra_\d+\|>"
    r"|<｜place▁holder▁no▁\d+｜>|<SPECIAL_\d+>|<\|dummy_\d+\|>",
    re.IGNORECASE,
)
"""Entries that stand in a vocabulary and mean nothing yet."""


def role_tokens(tokens: Iterable[str]) -> tuple[str, ...]:
    """Those that open or close a turn or name who speaks, in their order."""
    return tuple(token for token in tokens if _ROLE.fullmatch(token))


def thinking_tokens(tokens: Iterable[str]) -> tuple[str, ...]:
    """Those that open or close a reasoning."""
    return tuple(token for token in tokens if _THINKING.fullmatch(token))
