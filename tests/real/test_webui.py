"""The real webui on real models, by both loaders; what names it is said in tests/webui/README.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from role_engine.bench.replies.questions import BenchQuestion
from tests.webui.client import CHAT, ask, chat_body
from tests.webui.host import Host, HostDied, NotConfigured, launch

from .conftest import FindModel
from .replies import check_replies

CASES = (("llama.cpp", "0.5b"), ("llama.cpp", "1.5b"), ("llama.cpp", "gemma"), ("Transformers", "0.5b"))


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def host(
    request: pytest.FixtureRequest, gguf: FindModel, directory: FindModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    loader, word = request.param
    model: Path = gguf(word) if loader == "llama.cpp" else directory(word)
    folder = tmp_path_factory.mktemp("host") / "home"
    try:
        running = launch(loader, model.stem if model.is_file() else model.name, folder, model_path=model, patience=600)
    except NotConfigured as error:
        pytest.skip(str(error))
    except HostDied as error:
        pytest.fail(f"the host did not start: {error}", pytrace=False)
    yield running
    running.stop()


def test_replies_are_clean_and_what_was_clean_is_left_alone(host: Host, questions: list[BenchQuestion]) -> None:
    def answer(question: str, mode: str, max_tokens: int) -> tuple[str, dict[str, Any]]:
        own = {"role": "none", "mode": mode, "report": "full"}
        body = chat_body(question, max_tokens=max_tokens, seed=7, temperature=0.8, role_engine=own)
        reply = ask(host.client, CHAT, body)
        return reply.text, reply.report

    for question in questions:
        check_replies(answer, question.text)
