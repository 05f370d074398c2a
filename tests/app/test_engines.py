from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from role_engine import BackendError, ReplayBackend
from role_engine.app.engines import open_engine
from role_engine.app.resolution import Choice
from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import served


def test_a_server_in_front_of_a_server(make: MakeApp, leaky: ReplayBackend) -> None:
    """The inner one guards nothing; the outer one knows it by its address alone."""
    with served(make(leaky, default=Choice(mode="off"))) as inner:
        engine = open_engine(inner)
        assert (engine.name, engine.takes_text) == ("tiny", False)
        with served(make(engine.backend, engine={"count": engine.count, "options": engine.options})) as outer:
            body = {"model": "role:poet", "messages": [{"role": "user", "content": "Кто ты?"}]}
            reply = httpx.post(f"{outer}/v1/chat/completions", json=body, timeout=30).json()
            raw = httpx.post(f"{outer}/v1/completions", json={"prompt": "Раз"}).json()
    assert reply["choices"][0]["message"]["content"] == "Привет, мир."
    assert reply["role_engine"]["rejected"] == [{"kind": "latin", "count": 1}]
    assert "Ты — поэт" in leaky.attempts[0].request.prompt
    assert "Use /v1/chat/completions" in raw["error"]["message"]


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(BackendError):
        open_engine("http://127.0.0.1:9")
    with pytest.raises(BackendError):
        open_engine(str(tmp_path))


def test_the_tokens_of_a_model_in_a_folder_are_known() -> None:
    pytest.importorskip("transformers", reason="the embedded model runs on transformers")
    from role_engine.embedded import MODEL

    engine = open_engine(str(MODEL))
    assert engine.longest_token is not None and "<|im_end|>" in engine.control_tokens
    for text in (
        "перечитывает",
        "а" * 500,
        "e\u0301" * 99,
        "\u1112\u1161\u11ab" * 99,
        " " * 300,
        "<|im_end|>" * 9,
        "😀\n",
    ):
        assert len(text.encode()) <= engine.count(text) * engine.longest_token


def test_no_bound_where_a_tokenizer_drops_text() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    from role_engine.backends.hf_model import longest_token

    class Fast:
        is_fast = True

        def __init__(self, backend: object) -> None:
            self.backend_tokenizer = backend

        def get_vocab(self) -> dict[str, int]:
            return {"слово": 0}

        def get_added_vocab(self) -> dict[str, int]:
            return {"<|im_start|>": 1}

    models, normalizers, pre = tokenizers.models, tokenizers.normalizers, tokenizers.pre_tokenizers
    bytes_too = tokenizers.Tokenizer(models.BPE(byte_fallback=True))
    assert longest_token(Fast(bytes_too)) == 12
    for normalizer, found in (
        (normalizers.NFC(), 36),
        (normalizers.Replace(" ", "▁"), 12),
        (normalizers.Strip(), None),
    ):
        bytes_too.normalizer = normalizer
        assert longest_token(Fast(bytes_too)) == found
    whole = tokenizers.Tokenizer(models.BPE())
    assert longest_token(Fast(whole)) is None
    whole.pre_tokenizer = pre.ByteLevel()
    assert longest_token(Fast(whole)) == 12
