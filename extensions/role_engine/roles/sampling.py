"""What a role may say about sampling: the webui's own parameter names, their types and sane bounds.

Names: `modules/presets.py` and `GenerationOptions` of text-generation-webui 4.7. The bounds are wide on purpose: they
catch a slip of the finger (a temperature of 70), they do not teach taste.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from role_engine.errors import suggest_known


@dataclass(frozen=True, slots=True)
class NumberParameter:
    """A number from `low` to `high`, both included."""

    kind: ClassVar = "number"
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
class FlagParameter:
    kind: ClassVar = "flag"

    def problem(self, value: Any) -> str | None:
        return None if isinstance(value, bool) else f"must be true or false, not {value!r}"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class TextParameter:
    """A string; with `listed`, also a list of strings."""

    kind: ClassVar = "text"
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


_share = NumberParameter(0, 1)
_count = NumberParameter(0, 1_000_000, whole=True)

SAMPLING: Mapping[str, NumberParameter | FlagParameter | TextParameter] = {
    "temperature": NumberParameter(0, 5),
    "dynamic_temperature": FlagParameter(),
    "dynatemp_low": NumberParameter(0, 5),
    "dynatemp_high": NumberParameter(0, 5),
    "dynatemp_exponent": NumberParameter(0, 10),
    "temperature_last": FlagParameter(),
    "smoothing_factor": NumberParameter(0, 10),
    "smoothing_curve": NumberParameter(1, 10),
    "do_sample": FlagParameter(),
    "top_p": _share,
    "top_k": NumberParameter(0, 1_000_000, whole=True),
    "min_p": _share,
    "typical_p": _share,
    "tfs": _share,
    "top_a": _share,
    "top_n_sigma": NumberParameter(0, 100),
    "epsilon_cutoff": NumberParameter(0, 9),
    "eta_cutoff": NumberParameter(0, 20),
    "adaptive_target": _share,
    "adaptive_decay": _share,
    "xtc_threshold": _share,
    "xtc_probability": _share,
    "repetition_penalty": NumberParameter(0.5, 5),
    "repetition_penalty_range": _count,
    "encoder_repetition_penalty": NumberParameter(0.5, 5),
    "frequency_penalty": NumberParameter(-2, 2),
    "presence_penalty": NumberParameter(-2, 2),
    "no_repeat_ngram_size": NumberParameter(0, 100, whole=True),
    "dry_multiplier": NumberParameter(0, 10),
    "dry_allowed_length": NumberParameter(0, 1000, whole=True),
    "dry_base": NumberParameter(1, 10),
    "dry_sequence_breakers": TextParameter(),
    "penalty_alpha": NumberParameter(0, 5),
    "guidance_scale": NumberParameter(-10, 10),
    "negative_prompt": TextParameter(),
    "mirostat_mode": NumberParameter(0, 2, whole=True),
    "mirostat_tau": NumberParameter(0, 20),
    "mirostat_eta": _share,
    "sampler_priority": TextParameter(listed=True),
    "max_new_tokens": NumberParameter(1, 1_000_000, whole=True),
    "auto_max_new_tokens": FlagParameter(),
    "max_tokens_second": _count,
    "prompt_lookup_num_tokens": NumberParameter(0, 1000, whole=True),
    "ban_eos_token": FlagParameter(),
    "custom_token_bans": TextParameter(),
    "grammar_string": TextParameter(),
    "enable_thinking": FlagParameter(),
    "reasoning_effort": TextParameter(),
    "preserve_thinking": FlagParameter(),
    "seed": NumberParameter(-1, 2**63 - 1, whole=True),
}


class SamplingError(ValueError):
    """A parameter is wrong; `name` is which one, None where there are none. `kind` and `values` as our errors have."""

    def __init__(self, message: str, name: str | None = None, *, kind: str, **values: Any) -> None:
        self.name, self.kind, self.values = name, kind, {"name": name, **values}
        super().__init__(message)


def check_sampling(values: Any) -> dict[str, Any]:
    """`values` as they are, when every name is known and every value is possible.

    Raises:
        SamplingError: the first parameter that is unknown or out of bounds, by name.
    """
    if not isinstance(values, Mapping):
        raise SamplingError("must be a mapping of parameter to value", kind="sampling mapping")
    for name, value in values.items():
        if name not in SAMPLING:
            hint = suggest_known(str(name), SAMPLING, "parameters")
            message = f"There is no sampling parameter {name!r}. {hint}"
            raise SamplingError(message, name, kind="sampling name", word=str(name), known=tuple(SAMPLING))
        if (problem := SAMPLING[name].problem(value)) is not None:
            kind = f"sampling {SAMPLING[name].kind}"
            raise SamplingError(f"`{name}` {problem}", name, kind=kind, input=value, expected=SAMPLING[name])
    return dict(values)
