"""What a role may say about sampling: the webui's own parameter names, their types and sane bounds.

Names: `modules/presets.py` and `GenerationOptions` of text-generation-webui 4.7. The bounds are wide on purpose: they
catch a slip of the finger (a temperature of 70), they do not teach taste.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from role_engine.errors import known_hint


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`, both included."""

    low: float
    high: float
    whole: bool = False

    def problem(self, value: Any) -> str | None:
        kind = "a whole number" if self.whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return f"must be {kind}, not {value!r}"
        if not self.low <= value <= self.high:
            return f"must be {kind} from {self.low:g} to {self.high:g}, not {value:g}"
        return None

    def schema(self) -> dict[str, Any]:
        """The same as JSON schema."""
        return {"type": "integer" if self.whole else "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Flag:
    def problem(self, value: Any) -> str | None:
        return None if isinstance(value, bool) else f"must be true or false, not {value!r}"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Text:
    """A string; with `listed`, also a list of strings."""

    listed: bool = False

    def problem(self, value: Any) -> str | None:
        if isinstance(value, str):
            return None
        if self.listed and isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return None
        return f"must be {'a string or a list of strings' if self.listed else 'a string'}, not {value!r}"

    def schema(self) -> dict[str, Any]:
        one = {"type": "string"}
        return {"anyOf": [one, {"type": "array", "items": one}]} if self.listed else one


_share = Number(0, 1)
_count = Number(0, 1_000_000, whole=True)

SAMPLING: Mapping[str, Number | Flag | Text] = {
    "temperature": Number(0, 5),
    "dynamic_temperature": Flag(),
    "dynatemp_low": Number(0, 5),
    "dynatemp_high": Number(0, 5),
    "dynatemp_exponent": Number(0, 10),
    "temperature_last": Flag(),
    "smoothing_factor": Number(0, 10),
    "smoothing_curve": Number(1, 10),
    "do_sample": Flag(),
    "top_p": _share,
    "top_k": Number(0, 1_000_000, whole=True),
    "min_p": _share,
    "typical_p": _share,
    "tfs": _share,
    "top_a": _share,
    "top_n_sigma": Number(0, 100),
    "epsilon_cutoff": Number(0, 9),
    "eta_cutoff": Number(0, 20),
    "adaptive_target": _share,
    "adaptive_decay": _share,
    "xtc_threshold": _share,
    "xtc_probability": _share,
    "repetition_penalty": Number(0.5, 5),
    "repetition_penalty_range": _count,
    "encoder_repetition_penalty": Number(0.5, 5),
    "frequency_penalty": Number(-2, 2),
    "presence_penalty": Number(-2, 2),
    "no_repeat_ngram_size": Number(0, 100, whole=True),
    "dry_multiplier": Number(0, 10),
    "dry_allowed_length": Number(0, 1000, whole=True),
    "dry_base": Number(1, 10),
    "dry_sequence_breakers": Text(),
    "penalty_alpha": Number(0, 5),
    "guidance_scale": Number(-10, 10),
    "negative_prompt": Text(),
    "mirostat_mode": Number(0, 2, whole=True),
    "mirostat_tau": Number(0, 20),
    "mirostat_eta": _share,
    "sampler_priority": Text(listed=True),
    "max_new_tokens": Number(1, 1_000_000, whole=True),
    "auto_max_new_tokens": Flag(),
    "max_tokens_second": _count,
    "prompt_lookup_num_tokens": Number(0, 1000, whole=True),
    "ban_eos_token": Flag(),
    "custom_token_bans": Text(),
    "grammar_string": Text(),
    "enable_thinking": Flag(),
    "reasoning_effort": Text(),
    "preserve_thinking": Flag(),
    "seed": Number(-1, 2**63 - 1, whole=True),
}


class SamplingError(ValueError):
    """A parameter is wrong; `name` is which one, None where there are none. `kind` and `values` as our errors have."""

    def __init__(self, message: str, name: str | None = None, *, kind: str, **values: Any) -> None:
        self.name, self.kind, self.values = name, kind, {"name": name, **values}
        super().__init__(message)


def checked_sampling(values: Any) -> dict[str, Any]:
    """`values` as they are, when every name is known and every value is possible.

    Raises:
        SamplingError: the first parameter that is unknown or out of bounds, by name.
    """
    if not isinstance(values, Mapping):
        raise SamplingError("must be a mapping of parameter to value", kind="sampling mapping")
    for name, value in values.items():
        if name not in SAMPLING:
            hint = known_hint(str(name), SAMPLING, "parameters")
            message = f"There is no sampling parameter {name!r}. {hint}"
            raise SamplingError(message, name, kind="sampling name", word=str(name), known=tuple(SAMPLING))
        if (problem := SAMPLING[name].problem(value)) is not None:
            kind = f"sampling {type(SAMPLING[name]).__name__.lower()}"
            raise SamplingError(f"`{name}` {problem}", name, kind=kind, input=value, expected=SAMPLING[name])
    return dict(values)
