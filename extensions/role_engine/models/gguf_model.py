"""Inspecting a GGUF file: everything stands in its header."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from role_engine.models import verdict
from role_engine.models.adapter_targets import adapter_targets, as_huggingface
from role_engine.models.gguf_file import GgufHeader, read_gguf
from role_engine.models.markers import PAD_ENTRY, RESERVED, role_tokens, thinking_tokens
from role_engine.models.own_tokens import own_tokens, without_untrained
from role_engine.models.place import name_of
from role_engine.models.report import (
    ContextLength,
    Experts,
    KindEvidence,
    ModelReport,
    Rope,
    Size,
    Token,
    VocabularyReport,
)
from role_engine.models.roles_in_model import role_support
from role_engine.models.thinking import thinking_of

TOKENS, TYPES = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"
PADDING = "tokenizer.ggml.padding_token_id"
CONTROL, USER_DEFINED, UNUSED = 3, 4, 5
"""Types of a token in llama.cpp: hidden in decoded text; shown; standing for nothing."""
SPLIT_COUNT = "split.count"

_ENDS = ("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id")
_NAMES = ("general.finetune", "general.name", "general.basename")
_FILE_TYPES = {
    **{0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S"},
    **{12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K"},
    **{19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL"},
    **{26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16"},
    **{36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4_MOE"},
}
"""`general.file_type`, as llama.cpp's `llama_ftype` numbers them."""
_SHARD = re.compile(r"-\d{5}-of-\d{5}$")


def inspect_gguf(path: Path) -> ModelReport:
    """See `inspect_model`."""
    header = read_gguf(path)
    tokens = _texts(header.get(TOKENS, list))
    types = header.get(TYPES, list) or []
    marks = [token for token in tokens if token[:1] in "<[" and token[-1:] in ">]" and len(token) > 2]
    template = header.get("tokenizer.chat_template", str)
    ends = _ends(header, tokens)
    evidence = _evidence(path, header, tokens, frozenset(marks), template, ends)
    kind = verdict.kind_of(evidence)
    added = own_tokens(path)
    real = without_untrained([mark for mark in marks if not PAD_ENTRY.fullmatch(mark)], added)
    file_type = header.get("general.file_type", int)
    return ModelReport(
        path=path,
        format="gguf",
        name=header.get("general.name", str) or name_of(path),
        architecture=_architecture(header),
        kind=kind,
        evidence=evidence,
        roles=role_support(kind, role_tokens(real), template, added),
        thinking=thinking_of(template, thinking_tokens(real)),
        vocabulary=_vocabulary(header, tokens, types, ends),
        context=_context(header),
        size=_size(header),
        experts=_experts(header),
        tied_head="output.weight" not in header.tensors if "token_embd.weight" in header.tensors else None,
        quantization=_FILE_TYPES.get(file_type, f"type {file_type}") if file_type is not None else None,
        adapter_targets=adapter_targets(as_huggingface(t.name, t.shape) for t in header.tensors.values()),
        notes=_notes(header, tokens),
    )


def spare_entries(tokens: Sequence[str]) -> list[int]:
    """Ids of `[PAD…]` entries: rows of the embedding that no token takes, under the name that the converter gave."""
    return [token for token, text in enumerate(tokens) if PAD_ENTRY.fullmatch(text)]


def _architecture(header: GgufHeader) -> str:
    return header.get("general.architecture", str) or ""


def _texts(value: object) -> list[str]:
    return value if isinstance(value, list) and all(isinstance(item, str) for item in value) else []


def _of_model(header: GgufHeader, key: str) -> int | None:
    """A whole number of the architecture's own; the first, where there is one for each layer."""
    value = header.get(f"{_architecture(header)}.{key}")
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _text_of(tokens: Sequence[str], token: object) -> str | None:
    if not isinstance(token, int) or isinstance(token, bool) or token < 0:
        return None
    return tokens[token] if token < len(tokens) else f"#{token}"


def _ends(header: GgufHeader, tokens: Sequence[str]) -> tuple[str, ...]:
    found = [_text_of(tokens, header.get(key)) for key in _ENDS]
    return tuple(dict.fromkeys(text for text in found if text is not None))


def _evidence(
    path: Path,
    header: GgufHeader,
    tokens: Sequence[str],
    marks: frozenset[str],
    template: str | None,
    ends: tuple[str, ...],
) -> tuple[KindEvidence, ...]:
    # Converters write an end of turn besides the model's own end (Gemma's) for base and instruct alike.
    beside = _ENDS[1] in header.fields
    found = [verdict.from_ends(_ENDS[0], ends[:1], frozenset() if beside else marks, weight=verdict.STRONG)]
    named = ((key, header.get(key, str) or "") for key in _NAMES)
    sources = (*named, ("file", _SHARD.sub("", path.stem)))
    found.append(next((item for key, name in sources if (item := verdict.from_name(key, name))), None))
    found.append(verdict.from_template("tokenizer.chat_template", template) if tokens else None)
    return tuple(item for item in found if item is not None)


def _vocabulary(header: GgufHeader, tokens: list[str], types: list[int], ends: tuple[str, ...]) -> VocabularyReport:
    embedding = header.tensors.get("token_embd.weight")
    rows = embedding.shape[1] if embedding is not None and len(embedding.shape) == 2 else None
    rows = rows if rows is not None else len(tokens) or _of_model(header, "vocab_size")
    spare = len(spare_entries(tokens))
    beyond = max(0, (rows or 0) - len(tokens)) if tokens else 0
    special = tuple(
        Token(id=token, text=text, special=kind == CONTROL)
        for token, (text, kind) in enumerate(zip(tokens, types, strict=False))
        if kind in (CONTROL, USER_DEFINED)
    )
    named = {
        name: _text_of(tokens, header.get(f"tokenizer.ggml.{name}_token_id")) for name in ("bos", "eos", "unknown")
    }
    return VocabularyReport(
        tokens=len(tokens) - spare if tokens else None,
        rows=rows,
        spare=spare + beyond if tokens else None,
        reserved=sum(1 for text in tokens if RESERVED.fullmatch(text)) - spare,
        special=special,
        bos=named["bos"],
        eos=named["eos"],
        pad=_text_of(tokens, header.get(PADDING)),
        unk=named["unknown"],
        ends=ends,
    )


def _context(header: GgufHeader) -> ContextLength:
    prefix = f"{_architecture(header)}.rope"
    scaling = header.get(f"{prefix}.scaling.type", str)
    rope = Rope(
        theta=header.get(f"{prefix}.freq_base", float),
        scaling=None if scaling in (None, "none") else scaling,
        factor=header.get(f"{prefix}.scaling.factor", float),
        original=_of_model(header, "rope.scaling.original_context_length"),
    )
    window = _of_model(header, "attention.sliding_window") or None
    return ContextLength(length=_of_model(header, "context_length"), sliding_window=window, rope=rope)


def _size(header: GgufHeader) -> Size:
    hidden, heads = _of_model(header, "embedding_length"), _of_model(header, "attention.head_count")
    by_heads = hidden // heads if hidden and heads else None
    return Size(
        hidden=hidden,
        layers=_of_model(header, "block_count"),
        heads=heads,
        kv_heads=_of_model(header, "attention.head_count_kv"),
        head_dim=_of_model(header, "attention.key_length") or by_heads,
        intermediate=_of_model(header, "feed_forward_length"),
        parameters=sum(math.prod(tensor.shape) for tensor in header.tensors.values()) or None,
    )


def _experts(header: GgufHeader) -> Experts | None:
    count = _of_model(header, "expert_count")
    return Experts(count=count, per_token=_of_model(header, "expert_used_count")) if count else None


def _notes(header: GgufHeader, tokens: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if (parts := header.get(SPLIT_COUNT, int) or 0) > 1:
        notes.append(f"one of {parts} files: tensors of the others are not counted")
    if not tokens:
        notes.append("no tokenizer in this file: tokens and spare rows are unknown")
    return tuple(notes)
