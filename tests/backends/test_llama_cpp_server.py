"""`LlamaCppBackend` against llama.cpp's own server, on the embedded model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from role_engine import check
from role_engine.backends.base import Chunk, GenerationRequest, TokenBan
from role_engine.backends.llama_cpp import LlamaCppBackend
from role_engine.guard.attempts import guarded_stream
from role_engine.language.policy import LanguagePolicy
from tests.backends.asking import ids_of, run, text_of
from tests.backends.llama_server import MODEL_FILE, llama_server
from tools.embedded_model.tokenizer import CONTROL_TOKENS, TURN_END


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LlamaCppBackend]]:
    """`real()`: a new backend on the one server. `real(model_file=…)`: what it reads the vocabulary from."""
    folder = tmp_path_factory.mktemp("gguf")
    with llama_server(folder, slots=2) as url:
        yield lambda model_file=folder / MODEL_FILE: LlamaCppBackend(url, model_file=model_file)


HOT = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
END = CONTROL_TOKENS.index(TURN_END)
LONG = GenerationRequest(prompt="Философ смотрел на реку.", seed=7, max_tokens=24, options=HOT)


def test_a_seed_gives_the_same_reply_again(real: Callable[[], LlamaCppBackend]) -> None:
    request = LONG.derive(bans=(TokenBan(END, first_only=False),))
    one, other = run(real(), request), run(real(), request)
    assert text_of(one) == text_of(other)
    assert sum(chunk.token_count for chunk in one) == 24
    assert one[-1].finish == "length"
    assert real().prompt_tokens(request) > 3


def test_a_resumed_reply_is_the_uninterrupted_one(real: Callable[[], LlamaCppBackend]) -> None:
    backend = real()
    request = LONG.derive(bans=(TokenBan(END, first_only=False),), options={"temperature": 0})
    begun = run(backend, request)
    assert all(chunk.token_ids is not None for chunk in begun)
    rest = run(backend, request.derive(prefix=text_of(begun[:10]), max_tokens=14))
    assert ids_of(begun[:10]) + ids_of(rest) == ids_of(begun)


def test_bans_hold(real: Callable[[], LlamaCppBackend]) -> None:
    backend = real()
    greedy = LONG.derive(options={"temperature": 0}, bans=(TokenBan(END, first_only=False),))
    first = ids_of(run(backend, greedy))[0]
    again = ids_of(run(backend, greedy.derive(bans=(*greedy.bans, TokenBan(first)))))
    assert again[0] != first and len(again) == 24
    never = ids_of(run(backend, greedy.derive(bans=(*greedy.bans, TokenBan(first, first_only=False)))))
    assert first not in never


def test_a_first_character_of_two_tokens(real: Callable[[], LlamaCppBackend]) -> None:
    lead, second = 143, 105  # the bytes D0 and A9: together «Щ»
    biases = [[lead, 90], [second, 100]]
    request = LONG.derive(options={"temperature": 0, "logit_bias": biases}, bans=(TokenBan(second),), max_tokens=4)
    chunks = run(real(), request)
    assert chunks[0] == Chunk("Щ", (lead, second))


def test_closed_the_server_is_free_again(real: Callable[[], LlamaCppBackend]) -> None:
    backend = real()
    request = LONG.derive(max_tokens=None, bans=(TokenBan(END, first_only=False),), prompt="река " * 50)
    for _ in range(4):  # there are two slots
        running = backend.stream(request, cancel=Event())
        next(running)
        running.close()  # type: ignore[attr-defined]
    assert text_of(run(backend, LONG))


def test_guarded_the_reply_is_clean(real: Callable[[], LlamaCppBackend]) -> None:
    policy = LanguagePolicy(mode="strict", decoder="off")
    attempts = 0
    for seed in range(5):
        prompt = "<|im_start|>user\nКто ты?<|im_end|>\n<|im_start|>assistant\n"
        reply = guarded_stream(real(), LONG.derive(prompt=prompt, seed=seed, max_tokens=40, policy=policy))
        text = "".join(reply)
        attempts += reply.report.attempts
        assert not [char for char in text if char.isalpha() and char.lower() not in "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"]
    assert attempts > 5


@pytest.mark.parametrize("prefix", ["", "Река теч"], ids=["from the start", "in a word"])
def test_where_the_vocabulary_is_not_known_a_grammar_does_it(real: Callable[..., LlamaCppBackend], prefix: str) -> None:
    policy = LanguagePolicy(mode="strict", decoder="always")
    options = {"temperature": 2.5, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
    for seed in range(3):
        request = LONG.derive(policy=policy, prompt_suffix=prefix, prefix="", seed=seed, options=options)
        backend = real(model_file=Path("nowhere.gguf"))
        stream = guarded_stream(backend, request.derive(prompt=request.prompt + " " + prefix))
        text = "".join(stream)
        assert text and (stream.report.constraint, stream.report.tokens_rejected) == ("grammar", 0)


@pytest.mark.parametrize("penalty", [1.0, 1.2], ids=["clean tokens lifted", "others banned"])
def test_under_a_static_ban_next_to_nothing_is_thrown_away(real: Callable[[], LlamaCppBackend], penalty: float) -> None:
    options = {"temperature": 1.5, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "repetition_penalty": penalty}
    rejected = delivered = 0
    for seed in range(4):
        stream = guarded_stream(
            real(), LONG.derive(policy=LanguagePolicy(mode="strict"), seed=seed, max_tokens=60, options=options)
        )
        text = "".join(stream)
        assert check(text, LanguagePolicy(mode="strict")).ok
        assert stream.report.constraint == "bias"
        rejected, delivered = rejected + stream.report.tokens_rejected, delivered + stream.report.tokens_delivered
    assert delivered > 40 and rejected <= 0.05 * delivered


def test_a_ban_does_not_change_which_clean_token_is_likeliest(real: Callable[[], LlamaCppBackend]) -> None:
    greedy = LONG.derive(options={"temperature": 0}, policy=LanguagePolicy(mode="strict"), max_tokens=12)
    plain = run(real(), greedy)
    assert check(text_of(plain), greedy.policy).ok, "this reply is clean by itself"
    assert ids_of(run(real(), greedy.derive(constraint="bias"))) == ids_of(plain)


def test_a_grammar_of_the_requests_own_stays(real: Callable[[], LlamaCppBackend]) -> None:
    request = LONG.derive(options={"grammar": 'root ::= "да"'}, policy=LanguagePolicy(mode="strict", decoder="always"))
    stream = guarded_stream(real(), request)
    assert ("".join(stream), stream.report.constraint) == ("да", "none")
