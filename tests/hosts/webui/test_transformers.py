"""The Transformers loader's backend on the stub: what its logits processor lets the host sample."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from role_engine import check
from role_engine.backends.base import GenerationRequest
from role_engine.embedded import MODEL
from role_engine.guard import guarded_stream
from role_engine.language.policy import LanguagePolicy

torch = pytest.importorskip("torch", reason="the loader runs on torch")
transformers = pytest.importorskip("transformers", reason="the loader runs on transformers")


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return transformers.AutoTokenizer.from_pretrained(MODEL, local_files_only=True)


class RandomModel:
    """Samples evenly from what the processors leave, as `model.generate` does; the host decodes step by step."""

    def __init__(self, tokenizer: Any, size: int) -> None:
        self._tokenizer, self._size = tokenizer, size

    def __call__(self, prompt: str, state: dict[str, Any]) -> Iterator[str]:
        from modules.callbacks import StopNowException

        chance = random.Random(state["seed"])
        ids = self._tokenizer.encode(prompt)
        length, text = len(ids), ""
        while len(ids) - length < state["max_new_tokens"]:
            scores = torch.zeros(1, self._size)
            try:
                for processor in state["logits_processor"]:
                    scores = processor(torch.tensor([ids]), scores)
            except StopNowException:  # as the host does
                return
            ids.append(chance.choice(torch.isfinite(scores[0]).nonzero().flatten().tolist()))
            if ids[-1] == self._tokenizer.eos_token_id:
                return
            whole = self._tokenizer.decode(ids[length:], skip_special_tokens=True)
            if not whole.endswith("\ufffd"):
                yield whole[len(text) :]
                text = whole


def reply(webui: Any, tokenizer: Any, policy: LanguagePolicy, seed: int, **what: Any) -> tuple[str, Any]:
    from role_engine.hosts.webui.loaders import HostCall, make_backend

    webui.shared.model, webui.shared.tokenizer = RandomModel(tokenizer, len(tokenizer) + 32), tokenizer
    call = HostCall(webui.generation.generate_reply_HF, True, "q", webui.state(), [], True)
    request = GenerationRequest(**{"prompt": "Кто ты?", "max_tokens": 30, "seed": seed, "policy": policy} | what)
    stream = guarded_stream(make_backend(webui.api(), call), request)
    return "".join(stream), stream.report


def test_under_strict_nothing_is_thrown_away(webui: Any, tokenizer: Any) -> None:
    policy = LanguagePolicy(mode="strict")
    for seed in range(10):
        text, report = reply(webui, tokenizer, policy, seed)
        assert check(text, policy).ok
        assert (report.constraint, report.tokens_rejected, report.attempts) == ("mask", 0, 1)


def test_off_leaves_it_to_the_guard(webui: Any, tokenizer: Any) -> None:
    reports = [reply(webui, tokenizer, LanguagePolicy(mode="strict", decoder="off"), seed)[1] for seed in range(3)]
    assert {report.constraint for report in reports} == {"none"}
    assert sum(report.tokens_rejected for report in reports) > 0


def test_a_half_written_word_goes_on_in_its_alphabet(webui: Any, tokenizer: Any) -> None:
    policy = LanguagePolicy(mode="balanced", decoder="always")
    for seed in range(10):
        text, report = reply(webui, tokenizer, policy, seed, prompt_suffix="Филос", max_tokens=1)
        assert check("Филос" + text, policy).ok
        assert "mixed" not in {violation.kind for violation in report.rejected}


def test_the_masks_are_made_once_a_tokenizer(webui: Any, tokenizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = LanguagePolicy(mode="strict")
    reply(webui, tokenizer, policy, 0)
    from role_engine.decoder.vocabulary import Vocabulary

    monkeypatch.setattr(Vocabulary, "of_tokenizer", None)
    assert reply(webui, tokenizer, policy, 1)[1].constraint == "mask"
