"""From logits to a token: the field's usual parameters, in the order in which Transformers applies them.

Repetition penalty, bans, temperature, top-k, top-p, min-p.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from role_engine.errors import BackendError, SettingsError

_LOOKS = (1024, 16384)
"""Tokens among which the nucleus of top-p is looked for first: sorting a large vocabulary takes longer than a step."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a token is chosen.

    Attributes:
        temperature: 0: the likeliest token (greedy).
        top_k: only among so many of the likeliest; 0: all.
        top_p: only among the likeliest that together have this probability; 1: all.
        min_p: only among those at least this times as likely as the likeliest; 0: all.
        repetition_penalty: above 1: tokens that have occurred become less likely (Keskar et al., 2019).
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0

    @classmethod
    def of_model(cls, generation_config: Any) -> Sampling:
        """What a model's own `generation_config` recommends; plain sampling where it recommends none."""
        if not getattr(generation_config, "do_sample", False):
            return cls()
        own = {name: getattr(generation_config, name, None) for name in _RANGES}
        return cls().with_options({name: value for name, value in own.items() if value is not None})

    def with_options(self, options: Mapping[str, Any]) -> Sampling:
        """These, with what a request's `options` say instead. `do_sample: False` is temperature 0; None says nothing.

        Raises:
            SettingsError: a value that makes no sense; the message names it.
        """
        said: dict[str, Any] = {}
        for name, (fits, wanted) in _RANGES.items():
            value = options.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise SettingsError(f"{name} is {value!r}, and should be {wanted}.")
            if not fits(value):
                raise SettingsError(f"{name} is {value}, and should be {wanted}.")
            said[name] = max(0, int(value)) if name == "top_k" else float(value)
        if options.get("do_sample") is False:
            said["temperature"] = 0.0
        return replace(self, **said)

    def pick(self, logits: Any, *, seen: Collection[int], banned: Collection[int], generator: Any) -> int:
        """The next token.

        Args:
            logits: [vocabulary], any float type; left as they are.
            seen: tokens that have occurred, for the repetition penalty.
            banned: tokens that must not be chosen.
            generator: a `torch.Generator` on the logits' device.
        """
        import torch

        scores = logits.float()
        if self.repetition_penalty != 1.0 and seen:
            which = torch.tensor(list(seen), device=scores.device)
            old = scores[which]
            weaker = torch.where(old < 0, old * self.repetition_penalty, old / self.repetition_penalty)
            scores = scores.index_copy(0, which, weaker)
        if banned:
            which = torch.tensor(list(banned), device=scores.device)
            scores = scores.index_fill(0, which[which < scores.shape[0]], -torch.inf)
        likeliest, token = scores.max(-1)
        if not math.isfinite(float(likeliest)):
            raise BackendError("The model gives no token a probability (its logits are not finite, or all are banned).")
        if self.temperature == 0:
            return int(token)
        values, ids = self._candidates(scores / self.temperature)
        chosen = _draw(values, generator)
        return int(chosen if ids is None else ids[chosen])

    def _candidates(self, scores: Any) -> tuple[Any, Any]:
        """Scores of the tokens that may be chosen, and their ids; ids None: all, in their own order."""
        ids = None
        if self.top_k and self.top_k < scores.shape[0]:
            scores, ids = scores.topk(self.top_k)
        if self.top_p < 1:
            scores, order = self._nucleus(scores)
            ids = order if ids is None else ids[order]
        if self.min_p > 0:
            keep = scores >= scores.max() + math.log(self.min_p)
            scores = scores.masked_fill(~keep, -math.inf)
        return scores, ids

    def _nucleus(self, scores: Any) -> tuple[Any, Any]:
        whole = scores.logsumexp(-1)
        size = scores.shape[0]
        for look in (*_LOOKS, size):
            values, order = scores.topk(min(look, size))
            before = (values - whole).exp().cumsum(-1).roll(1)
            before[0] = 0
            inside = int((before < self.top_p).sum())
            if inside < values.shape[0] or look >= size:
                break
        inside = max(1, inside)
        return values[:inside], order[:inside]


def _draw(scores: Any, generator: Any) -> Any:
    """The index of a score, as often as its probability says.

    By the inverse of the distribution function: on a whole vocabulary `torch.multinomial` takes ten times as long.
    """
    import torch

    below = scores.softmax(-1).cumsum(-1, dtype=torch.float64)
    point = torch.rand(1, generator=generator, device=scores.device, dtype=torch.float64) * below[-1]
    found = torch.searchsorted(below, point, right=True)
    return found if int(found) < scores.shape[0] else scores.argmax(-1, keepdim=True)


_RANGES: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "temperature": (lambda value: value >= 0, "a number from 0 up"),
    # -1 and 0 both mean «all» somewhere in the field.
    "top_k": (lambda value: value >= -1 and value == int(value), "a whole number from 0 up"),
    "top_p": (lambda value: 0 <= value <= 1, "a number from 0 to 1"),
    "min_p": (lambda value: 0 <= value <= 1, "a number from 0 to 1"),
    "repetition_penalty": (lambda value: value > 0, "a number above 0"),
}
KNOWN_OPTIONS = frozenset(_RANGES) | {"do_sample"}
