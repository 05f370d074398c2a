"""Whole generations with the decoder and without, in turn: what a constraint costs where it is used.

On Transformers a Qwen3 of random weights, with Qwen's vocabulary: nearly every step has a foreign token ahead, which is
the dearer way through the mask. On llama.cpp a GGUF file, by its own server.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.backends.base import GenerationRequest
from role_engine.guard.attempts import guarded_stream
from role_engine.language.policy import LanguagePolicy

ROUNDS = 5
_STRICT = LanguagePolicy(mode="strict", in_thinking="same")
_SHAPES = {
    # hidden, layers, heads, key-value heads, feed-forward: on the CPU some 10 ms a step, on a GPU Qwen3-1.7B's
    "cpu": (512, 4, 8, 4, 1536),
    "cuda": (2048, 28, 16, 8, 6144),
}


@dataclass(frozen=True)
class GenerationRow:
    """One engine, with the decoder off and on; medians over rounds in turn.

    Attributes:
        step_off_ms, step_on_ms: per token (with a batch: per step), after the first.
        first_off_ms, first_on_ms: to the first token.
        rejected: tokens thrown away per token delivered, with the decoder on.
    """

    name: str
    batch: int
    step_off_ms: float
    step_on_ms: float
    first_off_ms: float | None = None
    first_on_ms: float | None = None
    rejected: float | None = None

    @property
    def speed(self) -> float:
        """Tokens a second with the decoder on, as a share of those without."""
        return self.step_off_ms / self.step_on_ms


def on_transformers(tokenizer: Any, size: int, device: str, batch: int, tokens: int = 64) -> GenerationRow:
    """A random model of `size` logits, `batch` replies of `tokens` tokens each, as `model.generate` makes them."""
    import torch
    from transformers import LogitsProcessor, LogitsProcessorList, Qwen3Config, Qwen3ForCausalLM

    from role_engine.backends.token_mask import MaskSupply, ReplyMask

    hidden, layers, heads, shared, between = _SHAPES[device]
    config = Qwen3Config(
        vocab_size=size, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
        num_key_value_heads=shared, intermediate_size=between, head_dim=128, tie_word_embeddings=True,
    )  # fmt: skip
    torch.manual_seed(0)
    with torch.device(device):
        model = Qwen3ForCausalLM(config).to(torch.bfloat16 if device == "cuda" else torch.float32).eval()
    masks: Any = MaskSupply(tokenizer).of(_STRICT)

    class Mask(LogitsProcessor):  # type: ignore[misc]
        """A mask a reply, as the webui's loader has it."""

        def __init__(self) -> None:
            self.rows = [ReplyMask(masks, "") for _ in range(batch)]

        def __call__(self, input_ids: Any, scores: Any) -> Any:
            return ReplyMask.apply_to_each(self.rows, scores, input_ids[:, prompt.shape[1] :].tolist())

    prompt = torch.tensor([tokenizer.encode("Расскажи о море. " * 8)] * batch, device=device)

    def generate(masked: bool) -> float:
        torch.manual_seed(1)  # the same text each time: a mask that is made for the first time takes milliseconds, once
        processors = LogitsProcessorList([Mask()] if masked else [])
        if device == "cuda":
            torch.cuda.synchronize()
        begun = time.perf_counter()
        with torch.inference_mode():
            model.generate(
                prompt, attention_mask=torch.ones_like(prompt), do_sample=True, top_k=50, max_new_tokens=tokens,
                eos_token_id=None, pad_token_id=0, logits_processor=processors,
            )  # fmt: skip
        if device == "cuda":
            torch.cuda.synchronize()
        return 1000 * (time.perf_counter() - begun) / tokens

    off, on = _in_turn(generate)
    return GenerationRow(f"Transformers, {device}", batch, off, on)


def _in_turn(measure: Callable[[bool], float]) -> tuple[float, float]:
    """Medians without and with, taken in turn, when the masks that come up have been made."""
    for guarded in (False, True, True):
        measure(guarded)
    off, on = [], []
    for _ in range(ROUNDS):
        off.append(measure(False))
        on.append(measure(True))
    return statistics.median(off), statistics.median(on)


def on_llama_cpp(file: Path, tokens: int = 120) -> GenerationRow:
    """The file on llama.cpp's own server, guarded in `strict` and unguarded, sampled without any cut-off."""
    from role_engine.backends.llama_cpp import LlamaCppBackend
    from role_engine.backends.llama_server import LlamaServer

    backend = LlamaCppBackend(LlamaServer(file, threads=1, gpu_layers=0))
    options = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "ignore_eos": True}
    firsts: dict[bool, list[float]] = {False: [], True: []}
    counts = {"rejected": 0, "delivered": 0}

    def reply(guarded: bool) -> float:
        seed = len(firsts[guarded])
        policy = _STRICT if guarded else LanguagePolicy(mode="off")
        request = GenerationRequest(
            prompt=f"{seed}. Расскажи о море.", max_tokens=tokens, seed=seed, policy=policy, options=options
        )
        begun, first = time.perf_counter(), 0.0
        stream = guarded_stream(backend, request)
        for _ in stream:
            first = first or time.perf_counter()
        ended, report = time.perf_counter(), stream.report
        firsts[guarded].append(1000 * (first - begun))
        if guarded:
            counts["rejected"] += report.tokens_rejected
            counts["delivered"] += report.tokens_delivered
        return 1000 * (ended - first) / max(1, report.tokens_delivered - 1)

    off, on = _in_turn(reply)
    return GenerationRow(
        f"llama.cpp, {file.stem}",
        1,
        off,
        on,
        statistics.median(firsts[False][1:]),
        statistics.median(firsts[True][1:]),
        counts["rejected"] / max(1, counts["delivered"]),
    )


def lines(rows: list[GenerationRow]) -> list[str]:
    """The rows for people."""
    found = [f"{'whole generations':34}{'batch':>6}{'off':>10}{'on':>10}{'speed':>7}  first token, thrown away"]
    for row in rows:
        rest = ""
        if row.first_off_ms is not None and row.first_on_ms is not None and row.rejected is not None:
            rest = f"{row.first_off_ms:.0f} → {row.first_on_ms:.0f} ms, {row.rejected:.1%}"
        step = f"{row.step_off_ms:7.2f} ms{row.step_on_ms:7.2f} ms"
        found.append(f"{row.name:34}{row.batch:>6}{step}{row.speed:7.2f}  {rest}")
    return found
