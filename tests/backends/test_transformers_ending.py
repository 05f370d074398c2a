"""`TransformersBackend` asked by several at once, cancelled, closed, and when its model fails."""

from __future__ import annotations

import threading
from threading import Event
from typing import Any

import pytest

from role_engine.errors import BackendError
from tests.backends import tiny_model
from tests.backends.asking import (
    Spy,
    ask,
    generated,
    ids_of,
    run,
    text_of,
)

torch = pytest.importorskip("torch", reason="the engine runs on torch")
transformers = pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.transformers import TransformersBackend  # noqa: E402


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
        running: Any = backend.stream(ask(max_tokens=None), cancel=Event())
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
