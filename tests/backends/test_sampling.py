"""Sampling: the same tokens as Transformers' own processors leave over, in the same order of steps."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from role_engine.backends.sampling import Sampling
from role_engine.errors import BackendError, SettingsError

torch = pytest.importorskip("torch", reason="sampling works on torch tensors")


def logits_of(size: int, seed: int = 0) -> Any:
    return torch.randn(size, generator=torch.Generator().manual_seed(seed)) * 3


def probabilities(sampling: Sampling, logits: Any) -> Any:
    """What each token's chance is, read off the candidates."""
    scores, ids = sampling._candidates(logits / sampling.temperature)
    chances = torch.zeros_like(logits)
    chances[torch.arange(len(logits)) if ids is None else ids] = scores.softmax(-1)
    return chances


@pytest.mark.parametrize("size", [50, 5000, 40_000])
@pytest.mark.parametrize(
    "options",
    [
        {"temperature": 0.7},
        {"top_k": 7},
        {"top_p": 0.9},
        {"top_p": 0.9999, "temperature": 3.0},
        {"top_p": 0.0},
        {"min_p": 0.1},
        {"temperature": 1.3, "top_k": 20, "top_p": 0.8, "min_p": 0.05},
        {"top_k": 100_000},
    ],
)
def test_the_candidates_are_those_of_transformers(options: dict[str, float], size: int) -> None:
    hf = pytest.importorskip("transformers.generation.logits_process", reason="to compare with")
    logits = logits_of(size)
    expected = logits[None]
    for warper, name in (
        (hf.TemperatureLogitsWarper, "temperature"),
        (hf.TopKLogitsWarper, "top_k"),
        (hf.TopPLogitsWarper, "top_p"),
        (hf.MinPLogitsWarper, "min_p"),
    ):
        if name in options:
            expected = warper(options[name])(torch.zeros(1, 1, dtype=torch.long), expected)
    found = probabilities(Sampling().with_options(options), logits)
    assert torch.allclose(found, expected[0].softmax(-1), atol=1e-5)


def test_the_repetition_penalty_is_that_of_transformers() -> None:
    hf = pytest.importorskip("transformers.generation.logits_process", reason="to compare with")
    logits = logits_of(20)
    seen = [3, 5, int(logits.argmax())]
    expected = hf.RepetitionPenaltyLogitsProcessor(5.0)(torch.tensor([seen]), logits[None].clone())
    greedy = Sampling(temperature=0, repetition_penalty=5.0)
    assert greedy.pick(logits, seen=seen, banned=(), generator=None) == int(expected.argmax()) != int(logits.argmax())


def test_tokens_come_as_often_as_they_are_likely() -> None:
    logits = torch.tensor([0.6, 0.3, 0.1, 0.0]).log()
    generator = torch.Generator().manual_seed(1)
    counts = Counter(Sampling().pick(logits, seen=(), banned=(), generator=generator) for _ in range(2000))
    assert [round(counts[token] / 2000, 1) for token in range(4)] == [0.6, 0.3, 0.1, 0.0]


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_banned_token_is_never_chosen(temperature: float) -> None:
    logits = torch.tensor([9.0, 0.0, 0.0])
    picked = {
        Sampling(temperature).pick(logits, seen=(), banned=(0, 99), generator=torch.Generator().manual_seed(seed))
        for seed in range(50)
    }
    assert 0 not in picked
    assert logits.tolist() == [9.0, 0.0, 0.0], "the logits are the caller's"


def test_nothing_left_to_choose() -> None:
    for logits in (torch.zeros(2), torch.tensor([float("nan"), 0.0])):
        with pytest.raises(BackendError, match="no token"):
            Sampling().pick(logits, seen=(), banned=(0, 1), generator=torch.Generator())


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": -1},
        {"temperature": "hot"},
        {"temperature": float("nan")},
        {"top_k": 1.5},
        {"top_k": -2},
        {"top_p": 1.1},
        {"min_p": -0.1},
        {"repetition_penalty": 0},
        {"top_p": True},
    ],
)
def test_options_that_make_no_sense_are_named(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=next(iter(options))):
        Sampling().with_options(options)


def test_a_request_overrides_the_models_own_settings() -> None:
    class Config:
        do_sample, temperature, top_k, top_p, min_p = True, 0.6, 20, 0.95, None

    own = Sampling.of_model(Config())
    assert own == Sampling(temperature=0.6, top_k=20, top_p=0.95)
    assert own.with_options({"temperature": None, "top_k": -1, "typical_p": 1}) == Sampling(0.6, 0, 0.95)
    assert own.with_options({"do_sample": False}).temperature == 0
    Config.do_sample = False
    assert Sampling.of_model(Config()) == Sampling()
    assert Sampling.of_model(None) == Sampling()
