"""What it costs to throw text away and go on before it: with what was read kept, and without.

Every rejected word is such a resume, so the guard is as cheap as it is. The same reply on the same model is resumed at
the same place both ways, by turns; times are medians, and are to be read as ratios, or in ordinary token steps.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any

from role_engine.backends.base import Chunk, GenerationRequest, TokenBan
from role_engine.backends.transformers import TransformersBackend
from role_engine.bench.leaky_model import SENTENCES
from role_engine.embedded import MODEL

PROMPT_TOKENS = 2000
DELIVERED = 12
"""Tokens of the reply that stay."""
REJECTED = 8
"""Tokens behind them that are thrown away."""
RUNS = 5


@dataclass(frozen=True, slots=True)
class ResumeBenchmark:
    """Milliseconds, medians.

    Attributes:
        prompt_tokens: tokens of the prompt.
        step: one token of a reply that runs on.
        kept: from the resume to its first token, with the cache kept.
        fresh: the same without it.
        prefill: from the reply's beginning to its first token.
    """

    prompt_tokens: int
    step: float
    kept: float
    fresh: float
    prefill: float

    @property
    def kept_in_steps(self) -> float:
        """A resume in ordinary token steps; its first token is one of them."""
        return self.kept / self.step

    @property
    def fresh_in_steps(self) -> float:
        return self.fresh / self.step

    @property
    def fresh_to_kept(self) -> float:
        return self.fresh / self.kept

    def as_dict(self) -> dict[str, Any]:
        times = {f"{name}_ms": value for name, value in asdict(self).items() if name != "prompt_tokens"}
        ratios = {name: getattr(self, name) for name in ("kept_in_steps", "fresh_in_steps", "fresh_to_kept")}
        return {
            "benchmark": "resume",
            "peer": "a resume without the kept cache",
            "prompt_tokens": self.prompt_tokens,
            **times,
            **ratios,
        }


def measure(
    *,
    model: Path = MODEL,
    prompt_tokens: int = PROMPT_TOKENS,
    runs: int = RUNS,
    progress: Callable[[str], None] = lambda text: None,
) -> ResumeBenchmark:
    """Resume `runs` replies each way.

    Args:
        model: a model's directory.
        prompt_tokens: length of the prompt.

    Raises:
        BackendError: no torch, the directory holds no model, or the prompt is longer than the model's context.
    """
    progress(f"loading {model} …")
    keeping, forgetful = _engines(model)
    request = _request(keeping, prompt_tokens)
    _first(forgetful, request)  # the first of all reads memory that nothing has touched yet
    step: list[float] = []
    kept: list[float] = []
    fresh: list[float] = []
    prefill: list[float] = []
    for number in range(runs):
        progress(f"resuming, {number + 1} of {runs} …")
        for engine, times in ((forgetful, fresh), (keeping, kept)):
            delivered, begun, steps = _begin(engine, request)
            step += steps
            if engine is forgetful:
                prefill.append(begun)
            times.append(_first(engine, request.derive(prefix=delivered, max_tokens=1)))
    return ResumeBenchmark(
        keeping.prompt_tokens(request), *(1e3 * median(times) for times in (step, kept, fresh, prefill))
    )


def _begin(engine: TransformersBackend, request: GenerationRequest) -> tuple[str, float, list[float]]:
    """Begin a reply and end it after some tokens: the text that stays, the time to the first token, to each next."""
    chunks: list[Chunk] = []
    times: list[float] = []
    stream = engine.stream(request, cancel=Event())
    before = time.perf_counter()
    for chunk in stream:
        now = time.perf_counter()
        chunks.append(chunk)
        times.append(now - before)
        if len(chunks) == DELIVERED + REJECTED:
            break
        before = time.perf_counter()
    stream.close()  # type: ignore[attr-defined]
    return "".join(chunk.text for chunk in chunks[:DELIVERED]), times[0], times[1:]


def _first(engine: TransformersBackend, request: GenerationRequest) -> float:
    before = time.perf_counter()
    stream = engine.stream(request, cancel=Event())
    next(stream)
    took = time.perf_counter() - before
    stream.close()  # type: ignore[attr-defined]
    return took


def _request(engine: TransformersBackend, tokens: int) -> GenerationRequest:
    """A prompt of about `tokens` tokens, and a reply of tokens that each have text, and no end."""
    encode: Callable[[str], list[int]] = engine.tokenizer.encode
    text = " ".join(SENTENCES)
    text = " ".join([text] * (1 + tokens // len(encode(text))))
    prompt = str(engine.tokenizer.decode(encode(text)[:tokens]))
    size = int(engine.model.get_input_embeddings().weight.shape[0])
    pieces = engine.tokenizer.batch_decode([[token] for token in range(size)], skip_special_tokens=True)
    silent = [token for token, piece in enumerate(pieces) if not piece or "\ufffd" in piece]
    bans = tuple(TokenBan(token, first_only=False) for token in silent)
    limit = 2 * (DELIVERED + REJECTED)
    return GenerationRequest(prompt=prompt, max_tokens=limit, bans=bans, options={"temperature": 0})


def _engines(directory: Path) -> tuple[TransformersBackend, TransformersBackend]:
    """One that keeps caches and one that does not, on the same weights."""
    keeping = TransformersBackend(directory)
    return keeping, TransformersBackend(keeping.model, keeping.tokenizer, kept_caches=0)
