"""The main job, on the embedded model: clean replies of full length for little waste, on both engines, in both modes.

`ROLE_ENGINE_ACCEPTANCE_N` says how many held-out questions are asked of each engine in each mode (default 40). The
numbers are printed: `ROLE_ENGINE_ACCEPTANCE_N=300 pytest -rP tests/embedded/test_acceptance.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from role_engine import GenerationRequest, LanguagePolicy, guarded_stream
from role_engine.backends.base import Backend
from role_engine.embedded import MODEL
from tests.backends.llama_server import llama_server
from tests.embedded.judgement import Reply, deleting_filter, judge, violates
from tools.embedded_model.questions import list_held_out
from tools.embedded_model.tokenizer import TURN_END, TURN_START

N = int(os.environ.get("ROLE_ENGINE_ACCEPTANCE_N", "40"))
MAX_TOKENS = 160
AS_IT_IS = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
"""Sampling that leaves the model's own distribution alone, on both engines."""

pytestmark = pytest.mark.timeout(60 + 12 * N)


@dataclass
class Engine:
    """A backend and its unguarded replies to the first N prompts."""

    name: str
    backend: Backend
    unguarded: list[str] = field(default_factory=list)

    def reply(self, number: int, policy: LanguagePolicy) -> Reply:
        """The n-th prompt's reply: the questions in turn, each time round with other seeds."""
        question = list_held_out()[number % len(list_held_out())]
        request = GenerationRequest(
            prompt=f"{TURN_START}user\n{question}{TURN_END}\n{TURN_START}assistant\n",
            max_tokens=MAX_TOKENS,
            seed=1000 + number,
            policy=policy,
            context=(question,),
            options=AS_IT_IS,
        )
        stream = guarded_stream(self.backend, request)
        text = "".join(stream)
        report = stream.report
        return Reply(
            question, text, report.failed, report.stripped, report.tokens_rejected, max(1, report.tokens_delivered)
        )


@pytest.fixture(scope="module", params=["transformers", "llama.cpp"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "transformers":
        yield from _transformers()
    else:
        yield from _llama_cpp(tmp_path_factory.mktemp("gguf"))


def _transformers() -> Iterator[Engine]:
    torch = pytest.importorskip("torch", reason="the engine runs on torch")
    pytest.importorskip("transformers", reason="the engine runs on transformers")
    from role_engine.backends.transformers import TransformersBackend

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a second thread gains nothing at this size, and stalls on a busy machine
    yield _asked(Engine("transformers", TransformersBackend(MODEL, device="cpu")))
    torch.set_num_threads(threads)


def _llama_cpp(folder: Path) -> Iterator[Engine]:
    from role_engine.backends.llama_cpp import LlamaCppBackend

    with llama_server(folder) as url:
        yield _asked(Engine("llama.cpp", LlamaCppBackend(url)))


def _asked(engine: Engine) -> Engine:
    engine.unguarded = [engine.reply(number, LanguagePolicy(mode="off")).text for number in range(N)]
    return engine


@pytest.fixture(scope="module", params=["strict", "balanced"])
def policy(request: pytest.FixtureRequest) -> LanguagePolicy:
    """Without masks: what the guard does alone."""
    return LanguagePolicy(mode=request.param, decoder="off")


def test_the_model_slips_as_often_as_it_is_meant_to(engine: Engine, policy: LanguagePolicy) -> None:
    broken = sum(
        violates(text, list_held_out()[number % len(list_held_out())], policy)
        for number, text in enumerate(engine.unguarded)
    )
    print(f"\n{engine.name}, {policy.mode}: unguarded, {broken / N:.0%} of {N} replies break the policy")
    assert 0.25 <= broken / N <= 0.75


def test_guarded_replies_are_clean_whole_and_cheap(engine: Engine, policy: LanguagePolicy) -> None:
    numbers = judge([engine.reply(number, policy) for number in range(N)], engine.unguarded, policy)
    print(f"\n{engine.name}, {policy.mode}: {numbers}")
    assert numbers.faults == []


def test_a_filter_that_deletes_fails_for_the_words_that_it_loses(engine: Engine, policy: LanguagePolicy) -> None:
    """Its text is clean, of full length, and nothing was thrown away: that alone is not the job."""
    asked: Any = [
        (list_held_out()[number % len(list_held_out())], text) for number, text in enumerate(engine.unguarded)
    ]
    numbers = judge([deleting_filter(*one, policy) for one in asked], engine.unguarded, policy)
    print(f"\n{engine.name}, {policy.mode}, deleting: {numbers}")
    assert numbers.faults == ["words lost"]
