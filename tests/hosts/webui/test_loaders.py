"""The registry of loaders, on a host that is no webui at all: `HostApi` is all that is asked of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from role_engine.hosts.webui.generation import find_inner_generator
from role_engine.hosts.webui.loaders import LOADERS, HostCall, find_constraints, find_loader, make_backend


class FakeHost:
    """As much of `HostApi` as generation needs; `hooks` are other extensions' functions."""

    def __init__(self, model: Any, hooks: tuple[Callable[..., Any], ...] = ()) -> None:
        self.shared = SimpleNamespace(
            model=model, model_name="tiny", tokenizer=None, args=SimpleNamespace(model_dir=".")
        )
        self.logger = None
        self._hooks = hooks

    def find_hooks(self, hook: str, *, besides: str) -> Iterator[Callable[..., Any]]:
        assert (hook, besides) == ("custom_generate_reply", "role_engine")
        return iter(self._hooks)

    def is_model_loaded(self) -> bool:
        return self.shared.model is not None

    def find_generator(self, name: str) -> str:
        return name


def model_of(name: str, **attributes: Any) -> Any:
    return type(name, (), attributes)()


MODELS = [
    ("LlamaServer", {"session": None, "prepare_payload": None}, "WebuiLlamaCppBackend", "generate_reply_custom"),
    ("LlamaServer", {}, "GenericBackend", "generate_reply_custom"),
    ("Exllamav3Model", {}, "Exllamav3Backend", "generate_reply_custom"),
    ("TensorRTLLMModel", {}, "GenericBackend", "generate_reply_custom"),
    ("Qwen3ForCausalLM", {}, "WebuiTransformersBackend", "generate_reply_HF"),
    ("Exllamav3HF", {}, "WebuiTransformersBackend", "generate_reply_HF"),
]


@pytest.mark.parametrize(("name", "attributes", "backend", "generator"), MODELS)
def test_a_model_has_a_backend_and_a_generator(
    name: str, attributes: dict[str, Any], backend: str, generator: str
) -> None:
    host: Any = FakeHost(model_of(name, **attributes))
    found: tuple[Any, bool] = find_inner_generator(host, "role_engine")
    assert found == (generator, True)
    call = HostCall(lambda *_, **__: iter(()), True, "", {}, [], True)
    assert type(make_backend(host, call)).__name__ == backend


def test_where_another_extension_generates_only_its_text_is_known() -> None:
    def hook(*_: Any, **__: Any) -> Iterator[str]:
        return iter(())

    host: Any = FakeHost(model_of("Exllamav3Model"), (hook, lambda: None))
    assert find_inner_generator(host, "role_engine") == (hook, False)
    call = HostCall(hook, False, "", {}, [], True)
    assert type(make_backend(host, call)).__name__ == "GenericBackend"


def test_without_a_model_nobody_generates() -> None:
    no_model: Any = FakeHost(None)
    assert find_inner_generator(no_model, "role_engine") == (None, True)


@pytest.mark.parametrize(
    ("name", "constraint"),
    [
        ("llama.cpp", "bias"),
        ("Transformers", "mask"),
        ("Transformers_bnb", "mask"),
        ("ExLlamav3_HF", "mask"),
        ("ExLlamav3", "bias"),
        ("TensorRT-LLM", "none"),
    ],
)
def test_a_loader_says_how_tokens_are_forbidden(name: str, constraint: str) -> None:
    loader = find_loader(name)
    assert loader is not None and loader.constraint == constraint


def test_a_loader_has_its_names_to_itself() -> None:
    names = [name for loader in LOADERS for name in loader.names]
    assert len(names) == len(set(names)) and find_loader("") is None


def test_constraints_belong_to_the_model_and_not_to_a_reply() -> None:
    host: Any = FakeHost(model_of("Exllamav3Model"))
    first = find_constraints(host)
    assert first is not None and find_constraints(host) is first
    host.shared.model = model_of("Exllamav3Model")
    assert find_constraints(host) is not first
    host.shared.model = model_of("TensorRTLLMModel")
    assert find_constraints(host) is None
