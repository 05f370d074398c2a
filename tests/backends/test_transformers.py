"""`TransformersBackend` on tiny models with random weights: what it writes, and what it is kept from."""

from __future__ import annotations

from typing import Any

import pytest

from role_engine.backends.base import Backend, TokenBan
from role_engine.errors import BackendError, SettingsError
from tests.backends import tiny_model
from tests.backends.asking import (
    PROMPT,
    Scripted,
    ask,
    byte,
    generated,
    ids_of,
    run,
    text_of,
)

torch = pytest.importorskip("torch", reason="the engine runs on torch")
transformers = pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.transformers import TransformersBackend  # noqa: E402


def test_is_a_backend(backend: TransformersBackend) -> None:
    assert isinstance(backend, Backend)
    assert (backend.capabilities.resume, backend.capabilities.token_ids) == ("prefix", True)


@pytest.mark.parametrize("prompt", [PROMPT, "Мастер", "щука; " * 300])
def test_greedy_it_writes_what_generate_writes(backend: TransformersBackend, model: Any, prompt: str) -> None:
    chunks = run(backend, ask(prompt))
    expected = generated(model, prompt)
    assert ids_of(chunks) == expected
    assert text_of(chunks) == tiny_model.tokenizer().decode(expected)
    assert chunks[-1].finish == "length"


def test_a_seed_gives_the_same_reply_again_and_touches_no_global_state(backend: TransformersBackend) -> None:
    before = torch.get_rng_state()
    hot = {"temperature": 1.5, "top_k": 50}
    replies = [text_of(run(backend, ask(seed=seed, options=hot))) for seed in (7, 7, 8, -1, None)]
    assert replies[0] == replies[1]
    assert len(set(replies)) == 4
    assert torch.equal(torch.get_rng_state(), before)


def test_any_end_token_ends_the_reply_and_is_no_part_of_it(backend: TransformersBackend, model: Any) -> None:
    written = generated(model, PROMPT)
    model.generation_config.eos_token_id = [0, written[10]]
    try:
        chunks = run(TransformersBackend(model, tiny_model.tokenizer()), ask())
    finally:
        model.generation_config.eos_token_id = tiny_model.tokenizer().eos_token_id
    assert ids_of(chunks) == written[: written.index(written[10])]
    assert chunks[-1].finish == "stop"


def test_without_a_limit_the_context_is_one(model: Any) -> None:
    small = TransformersBackend(tiny_model.model(context=64), tiny_model.tokenizer())
    chunks = run(small, ask(max_tokens=None))
    assert len(ids_of(chunks)) + small.prompt_tokens(ask()) == small.context_length == 64
    assert chunks[-1].finish == "length"
    with pytest.raises(BackendError, match=r"has \d+ tokens, .* look back on 64"):
        run(small, ask("щука " * 100))


def test_an_empty_prompt_is_an_error(backend: TransformersBackend) -> None:
    with pytest.raises(BackendError, match="prompt is empty"):
        run(backend, ask(""))


def test_an_option_out_of_range_is_an_error(backend: TransformersBackend) -> None:
    with pytest.raises(SettingsError, match="top_p"):
        run(backend, ask(options={"top_p": 2}))


@pytest.mark.parametrize(
    ("raw", "pieces"),
    [
        ("ж€".encode(), ["ж", "€"]),
        (b"a\xffb", ["a", "\ufffd", "b"]),
        (b"\xd0\xd0\xd0a", ["\ufffd", "\ufffd", "\ufffda"]),
        (b"a\xe2\x82", ["a", "\ufffd"]),
    ],
)
def test_bytes_become_characters_or_show_that_they_are_none(
    backend: TransformersBackend, model: Any, raw: bytes, pieces: list[str]
) -> None:
    with Scripted(model, [byte(value) for value in raw]):
        chunks = run(backend, ask())
    assert [chunk.text for chunk in chunks if chunk.text] == pieces
    assert ids_of(chunks) == [byte(value) for value in raw]
    assert chunks[-1].finish == "stop"


def test_a_character_cut_by_the_limit_is_left_out(backend: TransformersBackend, model: Any) -> None:
    with Scripted(model, [byte(value) for value in b"a\xe2\x82\xac"]):
        chunks = run(backend, ask(max_tokens=3))
    assert (text_of(chunks), len(ids_of(chunks)), chunks[-1].finish) == ("a", 3, "length")


def test_special_tokens_and_spare_rows_give_no_text(backend: TransformersBackend, model: Any) -> None:
    tokenizer = tiny_model.tokenizer()
    hidden = tokenizer.convert_tokens_to_ids(tiny_model.HIDDEN)
    with Scripted(model, [byte(97), hidden, len(tokenizer) + 2, byte(98)]):
        chunks = run(backend, ask())
    assert [chunk.text for chunk in chunks] == ["a", "", "", "b", ""]


def test_a_ban_on_the_first_token_is_over_with_it(backend: TransformersBackend, model: Any) -> None:
    first = generated(model, PROMPT)[0]
    chunks = run(backend, ask(bans=(TokenBan(first),)))
    expected = generated(model, PROMPT, begin_suppress_tokens=[first])
    assert ids_of(chunks) == expected
    assert expected[0] != first


def test_a_token_banned_at_first_may_come_later(backend: TransformersBackend, model: Any) -> None:
    def prefer(module: Any, args: Any, output: Any) -> None:
        output.logits = torch.zeros_like(output.logits)
        output.logits[..., byte(97)], output.logits[..., byte(98)] = 50.0, 40.0

    handle = model.register_forward_hook(prefer)
    try:
        assert text_of(run(backend, ask(max_tokens=4, bans=(TokenBan(byte(97)),)))) == "baaa"
    finally:
        handle.remove()


def test_a_ban_on_the_attempt_lasts(backend: TransformersBackend, model: Any) -> None:
    banned = generated(model, PROMPT)[:6]
    chunks = run(backend, ask(bans=tuple(TokenBan(token, first_only=False) for token in banned)))
    assert ids_of(chunks) == generated(model, PROMPT, suppress_tokens=banned)
    assert not set(ids_of(chunks)) & set(banned)
