"""ExLlamaV3's backend, on the stub's model: the ban travels in the host's own `logit_bias`."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import pytest

from role_engine.backends.base import Chunk, GenerationRequest
from role_engine.backends.static_bias import LIFT
from role_engine.language import LanguagePolicy

pytest.importorskip("numpy", reason="biases are made with numpy")
pytest.importorskip("tokenizers", reason="the test trains a tokenizer")
STRICT = LanguagePolicy(mode="strict")
ASK = GenerationRequest(prompt="?", policy=STRICT, max_tokens=9, constraint="bias")


@pytest.fixture
def tokenizer(webui: Any, tmp_path: Path) -> Any:
    from tests.decoder.tokenizers_for_tests import like_llama

    (tmp_path / "tiny").mkdir()
    like_llama().save(str(tmp_path / "tiny" / "tokenizer.json"))
    webui.shared.args.model_dir = str(tmp_path)
    return like_llama()


def states_of(webui: Any, request: GenerationRequest, replies: list[str], **state: Any) -> tuple[list[Any], str]:
    """The host's state in each generation, and the text."""
    from role_engine.hosts.webui.loaders import HostCall, make_backend

    seen: list[dict[str, Any]] = []

    def inner(prompt: str, question: str, given: dict[str, Any], stop: Any, is_chat: bool) -> Any:
        seen.append(dict(given, prompt=prompt))
        yield from replies[min(len(seen), len(replies)) - 1]

    webui.model(["unused"])
    backend = make_backend(webui.api(), HostCall(inner, True, "q", webui.state(**state), [], True))
    chunks: list[Chunk] = list(backend.stream(request, cancel=threading.Event()))
    return seen, "".join(chunk.text for chunk in chunks)


def test_clean_tokens_are_lifted_and_the_users_bias_stays(webui: Any, tokenizer: Any) -> None:
    word, latin = (tokenizer.encode(text, add_special_tokens=False).ids[0] for text in (" и", " the"))
    own = {str(word): 2.0, str(latin): 50.0}
    (state,), text = states_of(webui, ASK, [["Да"]], logit_bias=own)
    assert text == "Да"
    assert state["logit_bias"][str(word)] == LIFT + 2.0
    assert str(latin) not in state["logit_bias"]
    assert set(state["logit_bias"].values()) == {LIFT, LIFT + 2.0}


def test_under_a_repetition_penalty_the_others_are_banned(webui: Any, tokenizer: Any) -> None:
    (word,) = tokenizer.encode(" и", add_special_tokens=False).ids
    (state,), _ = states_of(webui, ASK, [["Да"]], repetition_penalty=1.2)
    assert set(state["logit_bias"].values()) == {-math.inf}
    assert str(word) not in state["logit_bias"]


def test_reasoning_is_generated_without_the_ban(webui: Any, tokenizer: Any) -> None:
    seen, text = states_of(webui, ASK, [["<think>", "<think>…"], ["hm</think>"], ["Да"]])
    assert text == "<think>hm</think>Да"
    assert [bool(state.get("logit_bias")) for state in seen] == [True, False, True]
    assert [state["prompt"] for state in seen] == ["?", "?<think>", "?<think>hm</think>"]


def test_without_a_tokenizer_the_guard_is_alone(webui: Any, tmp_path: Path) -> None:
    from role_engine.hosts.webui.loaders import HostCall, make_backend

    webui.model(["unused"])
    webui.shared.args.model_dir = str(tmp_path)
    backend = make_backend(webui.api(), HostCall(lambda *_, **__: iter(()), True, "q", webui.state(), [], True))
    assert backend.constraint_on(ASK) == "none"


def test_warmed_up_no_reply_waits_for_the_vocabulary(webui: Any, tokenizer: Any, tmp_path: Path) -> None:
    from role_engine.hosts.webui.loaders import HostCall, find_constraints, make_backend

    webui.model(["unused"])
    find_constraints(webui.api()).of(STRICT)
    (tmp_path / "tiny" / "tokenizer.json").unlink()
    backend = make_backend(webui.api(), HostCall(lambda *_, **__: iter(()), True, "q", webui.state(), [], True))
    assert backend.constraint_on(ASK) == "bias"
    assert backend.constraint_on(ASK.derive(policy=LanguagePolicy(mode="strict", allow=("Python",)))) == "bias"


def test_what_goes_wrong_while_warming_up_is_left_to_the_reply(webui: Any) -> None:
    from role_engine.hosts.webui.loaders import find_constraints

    webui.shared.model = None
    webui.shared.tokenizer = None
    assert find_constraints(webui.api()) is None
