"""The engine on Transformers, with a tiny model of random weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.backends import tiny_model


@pytest.fixture(scope="module")
def model() -> Any:
    pytest.importorskip("torch", reason="the engine runs on torch")
    pytest.importorskip("transformers", reason="the engine runs on transformers")
    return tiny_model.model()


@pytest.fixture
def backend(model: Any) -> Iterator[Any]:
    """A new engine; a test with it fails where torch's modes are not as they were."""
    import torch

    from role_engine.backends.transformers import TransformersBackend

    yield TransformersBackend(model, tiny_model.tokenizer())
    assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()
