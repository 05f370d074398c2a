"""Inspecting a Hugging Face directory: its JSON files, and the headers of its safetensors files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.models import verdict
from role_engine.models.adapter_targets import adapter_targets
from role_engine.models.embedding_names import head_of, input_of
from role_engine.models.json_files import integer, integers, mapping, number, read_json, read_json_if_there, text
from role_engine.models.markers import RESERVED, role_tokens, thinking_tokens
from role_engine.models.own_tokens import own_tokens, without_untrained
from role_engine.models.place import CONFIG, name_of
from role_engine.models.report import ContextLength, Experts, KindEvidence, ModelReport, Rope, Size, VocabularyReport
from role_engine.models.roles_in_model import role_support
from role_engine.models.safetensors_file import TensorEntry, read_header, tensors_of, weight_files
from role_engine.models.thinking import thinking_of
from role_engine.models.tokenizer_facts import TOKENIZER, TOKENIZER_CONFIG, TokenizerFacts, tokenizer_facts

GENERATION = "generation_config.json"
_TIED_UNLESS_SAID = ("gemma", "gemma2", "gemma3", "gemma3_text", "gpt2", "cohere", "cohere2")
_PACKED = (".qweight", ".weight_packed", ".absmax")


@dataclass(frozen=True)
class _Weights:
    tensors: dict[str, TensorEntry]
    notes: tuple[str, ...]


def inspect_directory(model: Path) -> ModelReport:
    """See `inspect_model`."""
    whole = read_json(model / CONFIG)
    config = text_config(whole)
    generation = read_json_if_there(model / GENERATION)
    facts = tokenizer_facts(model)
    weights = _weights(model)
    ends, ends_source = _ends(generation, whole, config, facts)
    evidence = _evidence(model, whole, generation, facts, ends, ends_source)
    kind = verdict.kind_of(evidence)
    added = own_tokens(model)
    marks = without_untrained(facts.marks, added)
    return ModelReport(
        path=model,
        format="huggingface",
        name=name_of(model),
        architecture=text(config, "model_type") or text(whole, "model_type") or "",
        kind=kind,
        evidence=evidence,
        roles=role_support(kind, role_tokens(marks), facts.template, added),
        thinking=thinking_of(facts.template, thinking_tokens(marks)),
        vocabulary=_vocabulary(config, facts, weights, ends),
        context=_context(config, facts),
        size=_size(config, weights),
        experts=_experts(config),
        tied_head=_tied(whole, config, weights),
        quantization=text(mapping(whole, "quantization_config"), "quant_method"),
        adapter_targets=adapter_targets((name, entry.shape) for name, entry in _in_order(weights.tensors)),
        notes=_notes(model, facts, weights),
    )


def text_config(config: dict[str, Any]) -> dict[str, Any]:
    """The language model's part of a config, which models that see or hear keep in an object of its own."""
    return {**config, **(mapping(config, "text_config") or mapping(config, "llm_config"))}


def _weights(model: Path) -> _Weights:
    files = weight_files(model)
    there = [file for file in files if file.is_file()]
    headers = [read_header(file) for file in there]
    notes = []
    if missing := [file.name for file in files if file not in there]:
        notes.append(f"weights missing: {', '.join(missing)}")
    if cut := [header.path.name for header in headers if not header.complete]:
        notes.append(f"weights not all there (an interrupted download?): {', '.join(cut)}")
    if not files:
        notes.append("no safetensors files: shapes are unknown, rows are those of config.json")
    return _Weights(tensors_of(headers), tuple(notes))


def _ends(
    generation: dict[str, Any], whole: dict[str, Any], config: dict[str, Any], facts: TokenizerFacts
) -> tuple[tuple[str, ...], str]:
    """The tokens that end a reply, and the file that says so: what `generate` goes by first."""
    for source, values in ((GENERATION, generation), (CONFIG, whole), (CONFIG, config)):
        if found := integers(values.get("eos_token_id")):
            return tuple(facts.text_of(token) for token in found), source
    end = facts.named.get("eos_token")
    return ((end,) if end else ()), TOKENIZER_CONFIG


def _evidence(
    model: Path,
    whole: dict[str, Any],
    generation: dict[str, Any],
    facts: TokenizerFacts,
    ends: tuple[str, ...],
    ends_source: str,
) -> tuple[KindEvidence, ...]:
    vocabulary = frozenset(facts.marks)
    found: list[KindEvidence | None] = [verdict.from_ends(ends_source, ends, vocabulary, weight=verdict.STRONG)]
    end = facts.named.get("eos_token")
    if end and (end,) != ends and ends_source != TOKENIZER_CONFIG:
        found.append(verdict.from_ends(TOKENIZER_CONFIG, (end,), vocabulary, weight=verdict.WEAK))
    own_name = verdict.from_name("directory", name_of(model))
    found.append(own_name or verdict.from_name(CONFIG, text(whole, "_name_or_path") or ""))
    if facts.length is not None or facts.template is not None:  # without a tokenizer no template is missing
        found.append(verdict.from_template(facts.template_source, facts.template))
    found.append(verdict.from_sampling(GENERATION, generation))
    return tuple(item for item in found if item is not None)


def _vocabulary(
    config: dict[str, Any], facts: TokenizerFacts, weights: _Weights, ends: tuple[str, ...]
) -> VocabularyReport:
    embedding = input_of(weights.tensors)
    rows = embedding[1].shape[0] if embedding is not None else integer(config, "vocab_size")
    return VocabularyReport(
        tokens=facts.length,
        rows=rows,
        spare=max(0, rows - facts.length) if rows is not None and facts.length is not None else None,
        reserved=sum(1 for mark in facts.marks if RESERVED.fullmatch(mark)),
        special=facts.added,
        bos=facts.named.get("bos_token"),
        eos=facts.named.get("eos_token"),
        pad=facts.named.get("pad_token"),
        unk=facts.named.get("unk_token"),
        ends=ends,
    )


def rope_of(config: dict[str, Any]) -> Rope:
    """Rotary positions, as older files have them (`rope_scaling`, `rope_theta`) and as transformers 5 does."""
    given = mapping(config, "rope_scaling") or mapping(config, "rope_parameters")
    layered = mapping(given, "full_attention")  # a set of parameters for each kind of layer
    scaling = layered or given
    kind = text(scaling, "rope_type", "type")
    return Rope(
        theta=number(config, "rope_theta") or number(scaling, "rope_theta"),
        scaling=None if kind in (None, "default") else kind,
        factor=number(scaling, "factor"),
        original=integer(scaling, "original_max_position_embeddings")
        or integer(config, "original_max_position_embeddings"),
    )


def _context(config: dict[str, Any], facts: TokenizerFacts) -> ContextLength:
    rope = rope_of(config)
    length = integer(config, "max_position_embeddings", "n_positions", "max_seq_len", "seq_length")
    if rope.scaling == "yarn" and rope.factor and rope.original and math.isfinite(rope.factor):
        length = max(length or 0, round(rope.original * rope.factor))
    window = integer(config, "sliding_window")
    if config.get("use_sliding_window") is False:
        window = None
    return ContextLength(length=length, sliding_window=window, tokenizer_limit=facts.limit, rope=rope)


def _size(config: dict[str, Any], weights: _Weights) -> Size:
    hidden, heads = (
        integer(config, "hidden_size", "n_embd", "d_model"),
        integer(config, "num_attention_heads", "n_head"),
    )
    head_dim = integer(config, "head_dim")
    if head_dim is None and hidden and heads:
        head_dim = hidden // heads
    packed = any(name.endswith(_PACKED) for name in weights.tensors)
    counted = sum(math.prod(entry.shape) for entry in weights.tensors.values())
    return Size(
        hidden=hidden,
        layers=integer(config, "num_hidden_layers", "n_layer"),
        heads=heads,
        kv_heads=integer(config, "num_key_value_heads"),
        head_dim=head_dim,
        intermediate=integer(config, "intermediate_size", "n_inner", "ffn_dim"),
        parameters=counted if counted and not packed else None,
    )


def _experts(config: dict[str, Any]) -> Experts | None:
    count = integer(config, "num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
    return Experts(count=count, per_token=integer(config, "num_experts_per_tok", "moe_k")) if count else None


def _tied(whole: dict[str, Any], config: dict[str, Any], weights: _Weights) -> bool | None:
    """What the tensors show: a head that is not there is the embedding. Without tensors, what the config says."""
    if weights.tensors and head_of(weights.tensors) is None:
        return True if input_of(weights.tensors) is not None else None
    said = next(
        (given for values in (whole, config) if isinstance(given := values.get("tie_word_embeddings"), bool)), None
    )
    if said is not None:
        return said
    return False if weights.tensors else (config.get("model_type") in _TIED_UNLESS_SAID or None)


def _notes(model: Path, facts: TokenizerFacts, weights: _Weights) -> tuple[str, ...]:
    notes = list(weights.notes)
    if facts.length is None:
        notes.append(f"no {TOKENIZER}: spare rows and tokens are unknown")
    if any(name.endswith(_PACKED) for name in weights.tensors):
        notes.append("the weights are packed: a LoRA needs the shapes of the model that was quantised")
    return tuple(notes)


def _in_order(tensors: dict[str, TensorEntry]) -> list[tuple[str, TensorEntry]]:
    """By name, so that groups come out alike however the tensors were spread over files."""
    return sorted(tensors.items())
