"""Base or instruct? What speaks for either, and how much.

Nothing proves it, so evidence is weighed. The strongest is the token that ends a reply: a base model ends documents, an
instruct model ends turns, and Qwen's generation configs differ in just that (`151643` against `[151645, 151643]`). A
chat template proves next to nothing, since the base repositories of Qwen2.5 and Qwen3 carry one; its absence says more,
for a model that was trained on turns is of little use without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from role_engine.models.json_files import integers, number
from role_engine.models.markers import END_OF_DOCUMENT, END_OF_TURN
from role_engine.models.report import Kind, KindEvidence

STRONG, MIDDLING, WEAK = 3, 2, 1
_ENOUGH = 2

_NOT_NAMED_ALL_THE_SAME = frozenset({"[/INST]", "<｜User｜>", "<end_of_turn>"})
"""Ends of a turn that instruct models have and do not always name as their end: Mistral's, DeepSeek's, Gemma's."""
_CHATML = "<|im_start|>"
_NEUTRAL_SAMPLING = {"temperature": 1.0, "top_p": 1.0, "top_k": 50.0}
"""The values that `generate` has without being told."""
_WORDS = re.compile(r"[^\W_]+")
_INSTRUCT = re.compile(
    r"instruct(?:ion|ed)?|inst|it|chat|assistant|sft|dpo|orpo|rlhf|rlvr|thinking|reasoning|reasoner|r1"
    r"|hermes|zephyr|vicuna|alpaca|saiga|vikhr|dolphin|openchat|wizardlm"
)
_BASE = re.compile(r"base|pt|pretrain(?:ed|ing)?|foundation")


def kind_of(evidence: Sequence[KindEvidence]) -> Kind:
    """Where the scales come to rest; `unsure` where they do not move far enough."""
    for_instruct = sum(item.weight for item in evidence if item.points_to == "instruct")
    for_base = sum(item.weight for item in evidence if item.points_to == "base")
    balance = for_instruct - for_base
    return "instruct" if balance >= _ENOUGH else "base" if balance <= -_ENOUGH else "unsure"


def from_ends(source: str, ends: Sequence[str], vocabulary: frozenset[str], *, weight: int) -> KindEvidence | None:
    """What the tokens that end a reply say.

    That a document's end is the only one says something only where the vocabulary has an end of turn that would have
    been named instead: Mistral's instruct models end with `</s>` as well, Gemma's with `<eos>`.
    """
    found = ", ".join(ends)
    if any(end in END_OF_TURN for end in ends):
        return KindEvidence(source=source, about="eos", found=found, points_to="instruct", weight=weight)
    if ends and all(end in END_OF_DOCUMENT for end in ends):
        has_turns = bool(vocabulary & (END_OF_TURN - _NOT_NAMED_ALL_THE_SAME))
        kind: Kind = "base" if has_turns else "unsure"
        return KindEvidence(source=source, about="eos", found=found, points_to=kind, weight=weight if has_turns else 0)
    return None


def from_name(source: str, name: str) -> KindEvidence | None:
    """What the model is called. Both words at once: what was done last counts, and that is never «base»."""
    words = _WORDS.findall(name.lower())
    kinds: tuple[tuple[re.Pattern[str], Kind], ...] = ((_INSTRUCT, "instruct"), (_BASE, "base"))
    for known, kind in kinds:
        if any(known.fullmatch(word) for word in words):
            return KindEvidence(source=source, about="name", found=name, points_to=kind, weight=STRONG)
    return None


def from_template(source: str, template: str | None) -> KindEvidence:
    """Whether there is a chat template, and whether it is of the kind that base models come with, too (ChatML)."""
    if template is None:
        return KindEvidence(source=source, about="template", found="", points_to="base", weight=MIDDLING)
    if _CHATML in template:
        return KindEvidence(source=source, about="template", found=_CHATML, points_to="unsure", weight=0)
    return KindEvidence(source=source, about="template", found="chat_template", points_to="instruct", weight=WEAK)


def from_sampling(source: str, generation: Mapping[str, Any]) -> KindEvidence | None:
    """Recommended sampling: tuned for chats, or the `do_sample: false` with which Qwen ships its base models."""
    given = [
        f"{key}: {generation[key]}"
        for key, neutral in _NEUTRAL_SAMPLING.items()
        if number(generation, key) not in (None, 0.0, neutral)
    ]
    if given:
        return KindEvidence(source=source, about="sampling", found=", ".join(given), points_to="instruct", weight=WEAK)
    if generation.get("do_sample") is False and integers(generation.get("max_new_tokens")):
        return KindEvidence(source=source, about="sampling", found="do_sample: false", points_to="base", weight=WEAK)
    return None
