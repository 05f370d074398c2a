"""`TransformersBackend` going on: the same reply as without a break, and nothing read twice."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from role_engine.guard.attempts import guarded_stream
from role_engine.language.policy import LanguagePolicy
from tests.backends import tiny_model
from tests.backends.asking import (
    LENGTH,
    PROMPT,
    Scripted,
    Spy,
    ask,
    cut_after,
    encode,
    generated,
    ids_of,
    ids_within,
    run,
    text_of,
)

torch = pytest.importorskip("torch", reason="the engine runs on torch")
transformers = pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.transformers import TransformersBackend  # noqa: E402


@pytest.mark.parametrize("tokens", [0, 1, 5, 17, LENGTH])
def test_a_resumed_reply_is_the_uninterrupted_one(model: Any, backend: TransformersBackend, tokens: int) -> None:
    whole = run(TransformersBackend(model, tiny_model.tokenizer()), ask(max_tokens=2 * LENGTH))
    begun = run(backend, ask())
    prefix = cut_after(begun, tokens)
    stood = len(ids_of(begun)[: ids_within(begun, prefix)])
    rest = run(backend, ask(prefix=prefix, max_tokens=2 * LENGTH - stood))
    assert ids_of(begun)[:stood] + ids_of(rest) == ids_of(whole)


def test_a_resume_reads_one_token(model: Any, backend: TransformersBackend) -> None:
    with Spy(model) as spy:
        begun = run(backend, ask(PROMPT * 30))
        read = spy.take()
        assert sum(read) == len(encode(PROMPT * 30)) + LENGTH - 1
        run(backend, ask(PROMPT * 30, prefix=cut_after(begun, 9)))
        assert spy.take() == [1] * LENGTH
        prefix = cut_after(begun, 9)
        run(backend, ask(PROMPT * 30, prefix=prefix + "щ", max_tokens=1))
        assert spy.take()[0] <= 2, "text that the model did not write is all there is to read"


def test_only_the_head_that_is_the_same_is_kept(model: Any, backend: TransformersBackend) -> None:
    one, other = PROMPT * 9 + " и думал.", PROMPT * 9 + " и молчал."
    run(backend, ask(one))
    with Spy(model) as spy:
        assert ids_of(run(backend, ask(other))) == generated(model, other)
        assert 1 < spy.take()[0] < 9
        assert ids_of(run(backend, ask(one))) == generated(model, one)


def test_the_next_turn_reads_only_what_is_new(model: Any, backend: TransformersBackend) -> None:
    said = text_of(run(backend, ask(PROMPT * 9)))
    turn = f"{tiny_model.END}Что?{tiny_model.START}"
    with Spy(model) as spy:
        run(backend, ask(PROMPT * 9 + said + turn))
        assert spy.take()[0] == 1 + len(encode(turn)), "the last token of a reply was never read"


def test_a_resume_goes_on_from_the_models_own_tokens(model: Any, backend: TransformersBackend) -> None:
    """«о» and «н» written apart stay two tokens, though the vocabulary would join them."""
    apart = [*encode("о"), *encode("н")]
    assert encode("он") != apart
    with Scripted(model, apart):
        prefix = text_of(run(backend, ask()))
    expected = generated_after(model, [*encode(PROMPT), *apart])
    assert ids_of(run(backend, ask(prefix=prefix))) == expected
    assert ids_of(run(TransformersBackend(model, tiny_model.tokenizer()), ask(prefix=prefix))) != expected


def generated_after(model: Any, ids: list[int]) -> list[int]:
    whole = model.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids)), max_new_tokens=LENGTH, do_sample=False
    )
    return list(whole[0, len(ids) :].tolist())


def test_a_cache_cut_back_gives_the_logits_of_a_fresh_one(model: Any, backend: TransformersBackend) -> None:
    ids = encode(PROMPT * 60)
    fresh = backend._pool.take(ids)
    expected = backend._read(fresh, ids, Event())
    used = backend._pool.take(ids)
    backend._read(used, ids[:100] + encode("щука щука щука"), Event())
    used.crop(100)
    assert torch.allclose(backend._read(used, ids[100:], Event()), expected, atol=1e-4)
    copy = used.copy_into(backend._empty_cache(), 60)
    assert torch.allclose(backend._read(copy, ids[60:], Event()), expected, atol=1e-4)
    assert len(used.ids) == used.cache.get_seq_length() == len(ids), "a copy leaves its original alone"


def test_a_reply_of_the_guard_reads_its_prompt_once(model: Any, backend: TransformersBackend) -> None:
    prompt = PROMPT * 12
    with Spy(model) as spy:
        policy = LanguagePolicy(mode="strict", decoder="off")
        request = ask(prompt, max_tokens=60, options={"temperature": 1.0}, seed=1, policy=policy)
        stream = guarded_stream(backend, request)
        for _ in stream:
            pass
    assert stream.report.attempts > 3
    assert spy.lengths.count(1) == len(spy.lengths) - 1
    assert spy.lengths[0] == len(encode(prompt))


def test_no_cache_is_kept_on_request(model: Any) -> None:
    forgetful = TransformersBackend(model, tiny_model.tokenizer(), kept_caches=0)
    begun = run(forgetful, ask())
    with Spy(model) as spy:
        rest = run(forgetful, ask(prefix=cut_after(begun, 9)))
        assert spy.take()[0] > 9
    assert ids_of(rest)[:5] == ids_of(begun)[ids_within(begun, cut_after(begun, 9)) :][:5]
