"""What the masks do to the text: a model kept from foreign tokens must not write nonsense instead, nor flee into
signs. Against the guard alone, and against no guard, on the embedded model.

`ROLE_ENGINE_ACCEPTANCE_N` says how many held-out questions are asked (default 40; the figures of `docs/decoder.md` are
of 300). The numbers are printed: `pytest -rP tests/embedded/test_decoder_quality.py`.
"""

from __future__ import annotations

import math
import os
import random
import re
from dataclasses import dataclass
from typing import Any

import pytest

from role_engine import GenerationRequest, LanguagePolicy, guarded_stream
from role_engine.embedded import MODEL
from tools.embedded_model.questions import list_held_out
from tools.embedded_model.tokenizer import TURN_END, TURN_START

torch = pytest.importorskip("torch", reason="the engine runs on torch")
pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.transformers import TransformersBackend  # noqa: E402

N = int(os.environ.get("ROLE_ENGINE_ACCEPTANCE_N", "40"))
PERPLEXITY, OPENED = 1.03, 1.2
AS_IT_IS = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
POLICIES = {
    "unguarded": LanguagePolicy(mode="off"),
    "guard alone": LanguagePolicy(mode="strict", decoder="off"),
    "masks": LanguagePolicy(mode="strict"),
}
_OPENER = re.compile(r"```|`|[«„“\"(\[{]")

pytestmark = pytest.mark.timeout(60 + 12 * N)


@dataclass
class Replies:
    """All replies under one policy; of each: tokens, and their negative log likelihood under the model itself."""

    texts: list[str]
    tokens: list[int]
    losses: list[float]

    @property
    def perplexity(self) -> float:
        return math.exp(sum(self.losses) / sum(self.tokens))

    @property
    def opened(self) -> float:
        """Fences, quotes and brackets opened per 1,000 tokens."""
        return 1000 * sum(len(_OPENER.findall(text)) for text in self.texts) / sum(self.tokens)


@pytest.fixture(scope="module")
def replies() -> dict[str, Replies]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    backend = TransformersBackend(MODEL, device="cpu")
    found = {name: Replies([], [], []) for name in POLICIES}
    for number in range(N):
        question = list_held_out()[number % len(list_held_out())]
        prompt = f"{TURN_START}user\n{question}{TURN_END}\n{TURN_START}assistant\n"
        for name, policy in POLICIES.items():
            request = GenerationRequest(
                prompt=prompt, max_tokens=160, seed=1000 + number, policy=policy, options=AS_IT_IS
            )
            text = "".join(guarded_stream(backend, request))
            tokens, loss = likelihood(backend, prompt, text)
            found[name].texts.append(text)
            found[name].tokens.append(tokens)
            found[name].losses.append(loss)
    torch.set_num_threads(threads)
    return found


def likelihood(backend: Any, prompt: str, text: str) -> tuple[int, float]:
    """Tokens of `text` behind `prompt`, and the sum of their negative log likelihoods."""
    before, after = (backend.tokenizer.encode(part, add_special_tokens=False) for part in (prompt, text))
    ids = torch.tensor([[*before, *after]])
    with torch.inference_mode():
        logits = backend.model(input_ids=ids).logits[0, len(before) - 1 : -1].float()
    return len(after), float(torch.nn.functional.cross_entropy(logits, ids[0, len(before) :], reduction="sum"))


def interval(one: Replies, other: Replies, times: int = 2000) -> tuple[float, float]:
    """95 % of the ratio of perplexities, the prompts drawn anew (both replies of a prompt together)."""
    chance = random.Random(0)
    ratios = []
    for _ in range(times):
        drawn = chance.choices(range(N), k=N)
        losses = [sum(of.losses[at] for at in drawn) / sum(of.tokens[at] for at in drawn) for of in (one, other)]
        ratios.append(math.exp(losses[0] - losses[1]))
    ratios.sort()
    return ratios[int(0.025 * times)], ratios[int(0.975 * times)]


def test_masked_text_is_as_likely_as_text_of_the_guard_alone(replies: dict[str, Replies]) -> None:
    for name, of in replies.items():
        print(f"\n{name}: perplexity {of.perplexity:.3f}, {sum(of.tokens)} tokens, {of.opened:.2f} opened per 1,000")
    masked, alone = replies["masks"], replies["guard alone"]
    low, high = interval(masked, alone)
    print(f"masks / guard alone: {masked.perplexity / alone.perplexity:.3f}, 95 % between {low:.3f} and {high:.3f}")
    # Of few replies, the ratio itself says little; the lower end of its interval would be far above for nonsense.
    assert (masked.perplexity / alone.perplexity if N >= 200 else low) <= PERPLEXITY


def test_a_masked_model_does_not_flee_into_signs(replies: dict[str, Replies]) -> None:
    few = 0 if N >= 200 else 6  # a thousand tokens hold few quotes
    assert replies["masks"].opened <= OPENED * replies["unguarded"].opened + few
