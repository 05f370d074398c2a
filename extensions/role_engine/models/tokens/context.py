"""A longer context: what a model's family documents for its rotary positions, and nothing else.

| family | documented | source |
| --- | --- | --- |
| `qwen3`, `qwen3_moe` | YaRN over 32,768 positions, tested up to 131,072 | model cards of Qwen3 |
| `qwen2` | the same, with `type` for `rope_type` | model cards of Qwen2.5 |

(In both cards «Processing Long Texts».) Any context up to what the model has needs no scaling, whatever its family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from role_engine.errors import ModelError
from role_engine.models.huggingface import rope_of, text_config
from role_engine.models.json_files import integer, mapping, text

_KEY_OF_TYPE = {"qwen3": "rope_type", "qwen3_moe": "rope_type", "qwen2": "type"}
ORIGINAL = 32768
TESTED = 131072
_OWN_POSITIONS = (32768, 40960)
"""`max_position_embeddings` of the models that the cards speak of: 40,960 leaves 8,192 for the answer."""


@dataclass(frozen=True)
class ContextChange:
    """New values of `config.json` (none where the model reaches so far anyway), and what to know about them."""

    values: dict[str, Any]
    notes: tuple[str, ...] = ()


def context_change(whole: dict[str, Any], tokens: int) -> ContextChange:
    """What `config.json` needs for a context of so many tokens.

    `max_position_embeddings` grows along: transformers before 5 took the factor from it, and hosts read the context
    there. Where a config has `rope_parameters`, transformers 5's form, both forms are written, each with all it needs.

    Raises:
        ModelError: the family's scaling is not known here, or does not reach so far.
    """
    config = text_config(whole)
    family = text(config, "model_type") or "?"
    own = integer(config, "max_position_embeddings")
    if own is not None and tokens <= own:
        return ContextChange({})
    if family not in _KEY_OF_TYPE or mapping(whole, "text_config"):
        raise ModelError(
            f"How the rotary positions of {family!r} are stretched is not known here: its own context is {own}.",
            hint=f"Families that document it: {', '.join(sorted(_KEY_OF_TYPE))}.",
        )
    rope = rope_of(config)
    if rope.scaling not in (None, "yarn"):
        raise ModelError(f"Its positions are stretched already, by {rope.scaling!r}.")
    if own is not None and own > max(_OWN_POSITIONS) and rope.scaling is None:
        raise ModelError(
            f"Its own context is {own}; the model cards document YaRN for models of {ORIGINAL} positions only."
        )
    if tokens > TESTED:
        raise ModelError(f"The model cards document contexts of up to {TESTED} tokens.", hint=f"--context {TESTED}")
    scaling: dict[str, Any] = {
        _KEY_OF_TYPE[family]: "yarn",
        "factor": tokens / ORIGINAL,
        "original_max_position_embeddings": ORIGINAL,
    }
    values: dict[str, Any] = {"rope_scaling": scaling, "max_position_embeddings": tokens}
    if mapping(config, "rope_parameters"):
        values["rope_parameters"] = {"rope_theta": rope.theta, **scaling, "rope_type": "yarn"}
        values["rope_theta"] = rope.theta
    notes = ["YaRN is static: short texts are read a little worse than before. Keep the model as it was for those."]
    if own is not None and own < ORIGINAL and rope.scaling is None:
        notes.append(f"config.json said {own} positions; the scaling counts from {ORIGINAL}, as its family's cards do.")
    return ContextChange(values, tuple(notes))
