"""What an engine is told that takes biases once a generation."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.backends.static_bias import LIFT, BiasSupply, StaticBias
from role_engine.errors import InputError
from role_engine.language import LanguagePolicy

np = pytest.importorskip("numpy", reason="biases are made with numpy")
FEW, MANY = (1, 3), (0, 2, 4, 5, 6)


def probabilities(logits: list[float], entries: list[tuple[int, float | bool]]) -> list[float]:
    """What a server makes of the biases: False is never, numbers add up."""
    changed = list(logits)
    for token, bias in entries:
        changed[token] += -math.inf if bias is False else bias
    top = max(changed)
    weights = [math.exp(logit - top) for logit in changed]
    return [weight / sum(weights) for weight in weights]


@given(st.lists(st.floats(-8, 8), min_size=7, max_size=7), st.dictionaries(st.integers(0, 6), st.floats(-5, 5)))
def test_lifting_the_clean_and_banning_the_others_is_the_same(logits: list[float], own: dict[int, float]) -> None:
    bias = StaticBias(FEW, MANY)
    lifted = probabilities(logits, bias.entries(list(own.items())))
    banned = probabilities(logits, bias.entries(list(own.items()), differences_only=False))
    assert lifted == pytest.approx(banned, abs=1e-6)


def test_the_shorter_list_is_sent_where_it_may_be() -> None:
    assert StaticBias(FEW, MANY).entries() == [(1, LIFT), (3, LIFT)]
    assert StaticBias(MANY, FEW).entries() == [(1, False), (3, False)]
    assert [pair[0] for pair in StaticBias(FEW, MANY).entries(differences_only=False)] == list(MANY)


def test_a_requests_own_bias_brings_nothing_forbidden_back() -> None:
    assert StaticBias(FEW, MANY).entries([(1, 2.0), (2, 100.0)]) == [(1, LIFT), (3, LIFT), (1, 2.0)]


def test_biases_are_made_once_for_policies_that_differ_in_nothing_that_counts() -> None:
    from role_engine.decoder.vocabulary import Vocabulary

    reads = []

    def read() -> Vocabulary:
        reads.append(1)
        return Vocabulary.of_tokens([b"x", "а".encode()])

    supply = BiasSupply(read)
    first = supply.of(LanguagePolicy(mode="strict"))
    assert first == StaticBias((1,), (0,))
    assert supply.of(LanguagePolicy(mode="strict", attempts=2, hold="sentence")) is first
    assert supply.of(LanguagePolicy(mode="strict", allow=("x",))) == StaticBias((0, 1), ())
    assert len(reads) == 1


def test_a_vocabulary_that_cannot_be_read_is_tried_once_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    reads = []

    def read() -> None:
        reads.append(1)
        raise InputError("There is no vocabulary in it.")

    supply = BiasSupply(read)  # type: ignore[arg-type]
    assert supply.of(LanguagePolicy(mode="strict")) is supply.of(LanguagePolicy(mode="balanced")) is None
    assert len(reads) == len(caplog.records) == 1
    assert "no vocabulary" in caplog.text
