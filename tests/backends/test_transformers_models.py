"""`TransformersBackend` on other kinds of models, and models from a directory."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from role_engine.errors import BackendError
from tests.backends import tiny_model
from tests.backends.asking import (
    LENGTH,
    PROMPT,
    Spy,
    ask,
    cut_after,
    generated,
    ids_of,
    ids_within,
    run,
)

torch = pytest.importorskip("torch", reason="the engine runs on torch")
transformers = pytest.importorskip("transformers", reason="the engine runs on transformers")

from role_engine.backends.transformers import TransformersBackend  # noqa: E402


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
