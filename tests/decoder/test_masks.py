"""What holds of masks whatever the vocabulary and the policy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from role_engine.decoder.masks import DEAD, TokenMasks
from role_engine.decoder.vocabulary import Vocabulary
from role_engine.language import LanguagePolicy, check
from tests.decoder.conftest import tokenizer_called, vocabulary_of
from tests.decoder.test_balanced_masks import may_be_code

STRICT, BALANCED = LanguagePolicy(mode="strict"), LanguagePolicy(mode="balanced")
TEXT = (
    "Съешь ещё этих мягких французских булок, да выпей чаю! Щука — рыба; «Ёлка» № 5 стоит 1 200 ₽.\n\n"
    "1. Пункт — раз…\n2. Ещё пункт 👍🏽, и флаг 🇷🇺.\n\t- за\u0301мок и замо\u0301к; и\u0306од; 20 ° ± 1\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
def test_russian_text_passes_as_it_is_tokenised(tokenizer: Any, policy: LanguagePolicy) -> None:
    masks = TokenMasks(Vocabulary.of_tokenizer(tokenizer), policy)
    ids = tokenizer.encode(TEXT, add_special_tokens=False).ids
    state = masks.start
    for number in ids:
        assert masks.mask(state)[number], masks.vocabulary.token(number)
        state = masks.advance(state, number)
    assert masks.may_end(state)
    assert state == masks.after(ids)


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
@pytest.mark.parametrize("name", ["llama", "sentencepiece"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.floats(0, 1, exclude_max=True), max_size=24))
def test_any_walk_through_the_masks_can_go_on_and_ends_clean(
    name: str, policy: LanguagePolicy, choices: list[float]
) -> None:
    vocabulary = vocabulary_of(name)
    masks = _MASKS.setdefault((name, policy), TokenMasks(vocabulary, policy))
    state, data = masks.start, b""
    for choice in choices:
        allowed = masks.list_allowed_ids(state)
        assert len(allowed)
        number = int(allowed[int(choice * len(allowed))])
        state, data = masks.advance(state, number), data + vocabulary.token(number)
        assert state != DEAD
    if masks.may_end(state) and not may_be_code(data.decode()):
        found = check(data.decode(), policy)
        weighed = ("latin", "translit", "language")
        refused = [one for one in found.violations if one.kind not in weighed and not one.text.isascii()]
        assert not refused


_MASKS: dict[tuple[str, LanguagePolicy], TokenMasks] = {}


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=24))
def test_no_bytes_lead_to_an_empty_mask(policy: LanguagePolicy, data: bytes) -> None:
    masks = _MASKS.setdefault(("sentencepiece", policy), TokenMasks(vocabulary_of("sentencepiece"), policy))
    state = masks.after_bytes(data)
    assert masks.mask(state).any()
    if state == DEAD:
        assert masks.mask(state).all()


def test_a_padded_embedding_and_gaps_are_never_allowed() -> None:
    vocabulary = Vocabulary.of_tokens(["а".encode(), None, b"", "б".encode(), b"x", None], ends=[5])
    masks = TokenMasks(vocabulary, STRICT, size=10)
    assert masks.mask(masks.start).tolist() == [True, False, False, True, False, True, False, False, False, False]
    assert masks.advance(masks.start, 9) == masks.start
    assert masks.bias(masks.start).shape == (10,)
    assert (
        np.unpackbits(masks.bits(masks.start), count=10, bitorder="little").astype(bool).tolist()
        == masks.mask(masks.start).tolist()
    )


def test_where_no_token_can_finish_a_character_the_reply_may_end() -> None:
    masks = TokenMasks(Vocabulary.of_tokens(["👨".encode(), "\u200d".encode(), b""], ends=[2]), STRICT)
    state = masks.after([0, 1])
    assert masks.list_allowed_ids(state).tolist() == [0]
    lonely = TokenMasks(Vocabulary.of_tokens([b"\\", b"n", b""], ends=[2]), STRICT)
    assert lonely.list_allowed_ids(lonely.after([0, 1])).tolist() == [2]


def test_a_forbidden_token_that_came_anyway_turns_the_masks_off() -> None:
    masks = TokenMasks(Vocabulary.of_tokens([b"x", "а".encode()]), STRICT)
    state = masks.advance(masks.start, 0)
    assert state == DEAD
    assert masks.mask(state).all()
    assert masks.advance(state, 1) == DEAD


def test_threads_make_the_same_masks() -> None:
    from concurrent.futures import ThreadPoolExecutor

    vocabulary = vocabulary_of("llama")
    ids = tokenizer_called("llama").encode(TEXT, add_special_tokens=False).ids
    alone = TokenMasks(vocabulary, STRICT)
    expected, state = [], alone.start
    for number in ids:
        expected.append(alone.list_allowed_ids(state).tolist())
        state = alone.advance(state, number)
    shared = TokenMasks(vocabulary, STRICT, kept=3)

    def run(_: int) -> list[list[int]]:
        found, state = [], shared.start
        for number in ids:
            found.append(shared.list_allowed_ids(state).tolist())
            state = shared.advance(state, number)
        return found

    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(run, range(4)))
