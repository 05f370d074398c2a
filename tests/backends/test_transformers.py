"""`TransformersBackend` on tiny models with random weights: what it writes, what it remembers, how it ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from role_engine.backends.base import Backend, Chunk, GenerationRequest, TokenBan
from role_engine.errors import BackendError, SettingsError
from role_engine.guard.attempts import guarded_stream
from role_engine.language.policy import LanguagePolicy
from tests.backends import tiny_model

torch = pytest.importorskip("torch", reason="the engine runs on torch")
transformers = pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.transformers import TransformersBackend  # noqa: E402

GREEDY = {"temperature": 0}
PROMPT = "Философ молча смотрел"
LENGTH = 40


@pytest.fixture(scope="module")
def model() -> Any:
    return tiny_model.model()


@pytest.fixture
def backend(model: Any) -> TransformersBackend:
    return TransformersBackend(model, tiny_model.tokenizer())


@pytest.fixture(autouse=True)
def grad_mode_is_left_alone() -> Iterator[None]:
    yield
    assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()


class Spy:
    """Counts what a model reads: the lengths of its inputs."""

    def __init__(self, model: Any) -> None:
        self.lengths: list[int] = []
        self._handle = model.register_forward_pre_hook(self._note, with_kwargs=True)

    def _note(self, module: Any, args: Any, kwargs: Any) -> None:
        self.lengths.append(kwargs["input_ids"].shape[-1])

    def take(self) -> list[int]:
        found, self.lengths = self.lengths, []
        return found

    def __enter__(self) -> Spy:
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()


def ask(prompt: str = PROMPT, *, max_tokens: int | None = LENGTH, **what: Any) -> GenerationRequest:
    return GenerationRequest(prompt=prompt, max_tokens=max_tokens, **{"options": GREEDY, **what})


def run(backend: Backend, request: GenerationRequest) -> list[Chunk]:
    return list(backend.stream(request, cancel=Event()))


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


def ids_of(chunks: list[Chunk]) -> list[int]:
    return [token for chunk in chunks for token in chunk.token_ids or ()]


def encode(text: str) -> list[int]:
    return list(tiny_model.tokenizer().encode(text, add_special_tokens=False))


def generated(model: Any, prompt: str, length: int = LENGTH, **how: Any) -> list[int]:
    """What Transformers' own loop makes of it."""
    ids = torch.tensor([encode(prompt)])
    whole = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=length, do_sample=False, **how)
    return list(whole[0, ids.shape[1] :].tolist())


def cut_after(chunks: list[Chunk], tokens: int) -> str:
    """The text of the first tokens, to a place where a character ends."""
    text, seen = "", 0
    for chunk in chunks:
        if seen >= tokens:
            break
        seen, text = seen + chunk.token_count, text + chunk.text
    return text


# --- what it writes --------------------------------------------------------------------------------------------------


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


class Scripted:
    """Makes a model write these tokens, whatever it is asked, and then end."""

    def __init__(self, model: Any, script: list[int]) -> None:
        self._script = iter([*script, tiny_model.tokenizer().eos_token_id])
        self._handle = model.register_forward_hook(self._write)

    def _write(self, module: Any, args: Any, output: Any) -> None:
        output.logits = torch.zeros_like(output.logits)
        output.logits[..., next(self._script)] = 50.0

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()


def byte(value: int) -> int:
    """The token of one byte."""
    from role_engine.backends.detokenizer import _BYTE_OF

    char = next(char for char, there in _BYTE_OF.items() if there == value)
    return int(tiny_model.tokenizer().convert_tokens_to_ids(char))


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


# --- bans ------------------------------------------------------------------------------------------------------------


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


# --- going on --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tokens", [0, 1, 5, 17, LENGTH])
def test_a_resumed_reply_is_the_uninterrupted_one(model: Any, backend: TransformersBackend, tokens: int) -> None:
    whole = run(TransformersBackend(model, tiny_model.tokenizer()), ask(max_tokens=2 * LENGTH))
    begun = run(backend, ask())
    prefix = cut_after(begun, tokens)
    stood = len(ids_of(begun)[: ids_within(begun, prefix)])
    rest = run(backend, ask(prefix=prefix, max_tokens=2 * LENGTH - stood))
    assert ids_of(begun)[:stood] + ids_of(rest) == ids_of(whole)


def ids_within(chunks: list[Chunk], text: str) -> int:
    size, tokens = 0, 0
    for chunk in chunks:
        size += len(chunk.text)
        if size > len(text):
            break
        tokens += chunk.token_count
    return tokens


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
        policy = LanguagePolicy(mode="strict")
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


# --- other kinds of models -------------------------------------------------------------------------------------------


def small(name: str, **more: Any) -> Any:
    torch.manual_seed(0)
    config_class, model_class = {"GPT2": ("GPT2Config", "GPT2LMHeadModel"), "Gemma3": ("Gemma3TextConfig", None)}.get(
        name, (f"{name}Config", None)
    )
    config = getattr(transformers, config_class)(
        vocab_size=len(tiny_model.tokenizer()),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        initializer_range=0.3,
        eos_token_id=0,
        pad_token_id=0,
        bos_token_id=None,
        **more,
    )
    return getattr(transformers, model_class or f"{name}ForCausalLM")(config).eval()


OTHERS = {
    "Llama": {},
    "Gemma3": {
        "head_dim": 16,
        "num_key_value_heads": 2,
        "sliding_window": 16,
        "layer_types": ["sliding_attention", "full_attention"],
    },
    "GPT2": {},
    "Lfm2": {"num_key_value_heads": 2, "layer_types": ["conv", "full_attention"]},
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_architectures_write_and_go_on_alike(name: str, caplog: pytest.LogCaptureFixture) -> None:
    model = small(name, **OTHERS[name])
    with caplog.at_level(logging.WARNING, logger="role_engine"):
        backend = TransformersBackend(model, tiny_model.tokenizer())
        begun = run(backend, ask(PROMPT * 5))
        assert ids_of(begun) == generated(model, PROMPT * 5)
        prefix = cut_after(begun, 21)
        with Spy(model) as spy:
            rest = run(backend, ask(PROMPT * 5, prefix=prefix))
    stood = ids_within(begun, prefix)
    assert ids_of(rest)[: LENGTH - stood] == ids_of(begun)[stood:]
    if name == "Lfm2":
        assert spy.lengths[0] > 30, "its convolutions cannot go back"
        assert len([record for record in caplog.records if "cannot go back" in record.message]) == 1
    else:
        assert set(spy.lengths) == {1}
        assert not caplog.records


def test_a_model_without_keys_and_values_is_refused() -> None:
    mamba = transformers.MambaForCausalLM(
        transformers.MambaConfig(vocab_size=len(tiny_model.tokenizer()), hidden_size=16, num_hidden_layers=1)
    )
    with pytest.raises(BackendError, match="keeps its state"):
        TransformersBackend(mamba, tiny_model.tokenizer())


# --- side by side, and ending ----------------------------------------------------------------------------------------


def test_threads_get_what_they_get_alone(model: Any, backend: TransformersBackend) -> None:
    role = "Память хранит не события, а рассказы о них. " * 4
    prompts = [role + one for one in ("Мастер", "Философ", "Река", "Ёж")]
    options = {"temperature": 1.0, "top_p": 0.9}
    alone = [
        text_of(run(TransformersBackend(model, tiny_model.tokenizer()), ask(prompt, seed=n, options=options)))
        for n, prompt in enumerate(prompts)
    ]
    found: dict[tuple[int, int], str] = {}

    def talk(number: int) -> None:
        for turn in range(3):
            found[number, turn] = text_of(run(backend, ask(prompts[number], seed=number, options=options)))

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(len(prompts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {(number, turn): alone[number] for number in range(len(prompts)) for turn in range(3)}


def test_cancel_ends_it_before_the_next_step(model: Any, backend: TransformersBackend) -> None:
    cancel = Event()
    with Spy(model) as spy:
        running = backend.stream(ask(max_tokens=None), cancel=cancel)
        next(running)
        cancel.set()
        assert [chunk.finish for chunk in running] == ["cancelled"]
        assert len(spy.lengths) == 1


def test_cancel_ends_the_reading_of_a_long_prompt(model: Any, backend: TransformersBackend) -> None:
    cancel = Event()
    handle = model.register_forward_hook(lambda *_: cancel.set())
    try:
        with Spy(model) as spy:
            chunks = list(backend.stream(ask("щука; " * 600), cancel=cancel))
    finally:
        handle.remove()
    assert (text_of(chunks), chunks[-1].finish, len(spy.lengths)) == ("", "cancelled", 1)
    assert ids_of(run(backend, ask("щука; " * 600))) == generated(model, "щука; " * 600)


def test_closed_it_is_idle_and_what_it_read_is_kept(model: Any, backend: TransformersBackend) -> None:
    with Spy(model) as spy:
        running = backend.stream(ask(max_tokens=None), cancel=Event())
        first = next(running)
        running.close()
        assert len(spy.take()) == 1
        run(backend, ask(prefix=first.text, max_tokens=3))
        assert spy.take() == [1, 1, 1]


def test_a_model_that_fails_is_an_error_and_leaves_nothing_broken(model: Any, backend: TransformersBackend) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory")

    begun = run(TransformersBackend(model, tiny_model.tokenizer()), ask())
    running = backend.stream(ask(), cancel=Event())
    first = next(running)
    handle = model.model.layers[0].register_forward_hook(fail)  # when its keys are cached and the next layer's are not
    try:
        with pytest.raises(BackendError, match="out of memory"):
            next(running)
    finally:
        handle.remove()
    assert ids_of(run(backend, ask(prefix=first.text, max_tokens=9))) == ids_of(begun)[1:10]


# --- from a directory ------------------------------------------------------------------------------------------------


def test_loads_a_directory(model: Any, tmp_path: Path) -> None:
    model.to(torch.bfloat16).save_pretrained(tmp_path / "tiny")
    model.to(torch.float32)
    tiny_model.tokenizer().save_pretrained(tmp_path / "tiny")
    loaded = TransformersBackend(tmp_path / "tiny", device="cpu")
    assert (loaded.name, loaded.model.dtype) == ("tiny", torch.float32)
    assert len(ids_of(run(loaded, ask()))) == LENGTH
    assert TransformersBackend(str(tmp_path / "tiny"), device="cpu", dtype="bfloat16").model.dtype == torch.bfloat16
    with pytest.raises(BackendError, match="no type of numbers"):
        TransformersBackend(tmp_path / "tiny", dtype="load")


def test_what_is_no_model_is_an_error(model: Any, tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="no model here"):
        TransformersBackend(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "none such"}')
    with pytest.raises(BackendError, match="cannot be loaded"):
        TransformersBackend(tmp_path)
    with pytest.raises(BackendError, match="without its tokenizer"):
        TransformersBackend(model)
