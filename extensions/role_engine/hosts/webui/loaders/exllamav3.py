"""ExLlamaV3: text alone, as from any generator, with token biases in the host's own `logit_bias`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

from role_engine.backends.base import Capabilities, Chunk, Constraint, GenerationRequest
from role_engine.backends.free_stretches import stream_constrained
from role_engine.backends.static_bias import BiasSupply
from role_engine.decoder.disk_cache import DiskCache
from role_engine.hosts.webui.host_api import HostApi
from role_engine.hosts.webui.loaders.base import GenericBackend, keep_with


class Exllamav3Backend(GenericBackend):
    capabilities = Capabilities(resume="prefix", bias=True)

    @property
    def _supply(self) -> BiasSupply:
        return self.find_constraints(self.host, self._cache)

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        return "none" if self._supply.of(request.policy) is None else "bias"

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        generation = super().stream
        if request.constraint == "bias":
            yield from stream_constrained(request, lambda rest: generation(rest, cancel=cancel))
        else:
            yield from generation(request, cancel=cancel)

    def attempt_state(self, request: GenerationRequest) -> dict[str, Any]:
        state = super().attempt_state(request)
        biases = self._supply.of(request.policy) if request.constraint == "bias" else None
        if biases is not None:
            own = [(int(token), float(bias)) for token, bias in (state.get("logit_bias") or {}).items()]
            added: dict[str, float] = {}
            # A repetition penalty divides logits above 0; the other samplers see differences alone.
            for token, bias in biases.entries(own, differences_only=state.get("repetition_penalty", 1) == 1):
                added[str(token)] = added.get(str(token), 0.0) + (-math.inf if bias is False else float(bias))
            state["logit_bias"] = added
        return state

    @classmethod
    def find_constraints(cls, host: HostApi, cache: DiskCache | None) -> BiasSupply:
        file = Path(host.shared.args.model_dir, str(host.shared.model_name), "tokenizer.json")
        return keep_with(host.shared.model, lambda: BiasSupply.of_tokenizer_file(file, cache))
