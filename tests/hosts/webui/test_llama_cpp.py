"""The llama.cpp loader's backend, on a stand-in for the webui's server object and for the server's answers."""

from __future__ import annotations

import json
import queue
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from role_engine.backends.base import GenerationRequest, TokenBan
from role_engine.decoder.resumed_grammar import write_resumed_grammar
from role_engine.language.policy import LanguagePolicy

STRICT = LanguagePolicy(mode="strict")


class Response:
    """A streamed answer whose lines come from a queue, so that a test decides when the server speaks."""

    status_code = 200

    def __init__(self) -> None:
        self.lines: queue.Queue[bytes | None] = queue.Queue()
        self.closed = False
        self.raw = SimpleNamespace(_connection=SimpleNamespace(sock=SimpleNamespace(shutdown=lambda how: self.cut())))

    def cut(self) -> None:
        self.closed = True
        self.lines.put(None)

    def say(self, *events: dict[str, Any]) -> None:
        for event in events:
            self.lines.put(b"data: " + json.dumps(event).encode())

    def iter_lines(self):
        while (line := self.lines.get()) is not None:
            yield line
        raise ConnectionError("the connection was cut")

    def raise_for_status(self) -> None: ...

    def close(self) -> None:
        self.closed = True


class Session:
    def __init__(self) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.responses: list[Response] = []
        self.script: list[list[dict[str, Any]]] = []

    def post(self, url: str, json: dict[str, Any], stream: bool = False) -> Response:
        response = Response()
        self.payloads.append(json)
        self.responses.append(response)
        if self.script:
            response.say(*self.script.pop(0))
        return response


class LlamaServer:
    """As much of the host's class as the backend leans on."""

    def __init__(self) -> None:
        self.session, self.port = Session(), 1
        self.last_prompt_token_count = 0
        self.last_completion_probabilities: list[Any] = []

    def encode(self, text: str, add_bos_token: bool = False, **kwargs: Any) -> list[int]:
        return list(range(len(text.split())))

    def prepare_payload(self, state: dict[str, Any]) -> dict[str, Any]:
        return {"seed": state["seed"], "logit_bias": [[99, -1.0]]}

    def generate_with_streaming(self, prompt: str, state: dict[str, Any]):
        payload = self.prepare_payload(state)
        payload["prompt"] = self.encode(prompt, add_bos_token=False)
        self.last_prompt_token_count = len(payload["prompt"])
        payload["n_predict"] = state["max_new_tokens"]
        response = self.session.post(f"http://127.0.0.1:{self.port}/completion", json=payload, stream=True)
        try:
            self.last_completion_probabilities = []
            text = ""
            for line in response.iter_lines():
                data = json.loads(line[6:])
                self.last_completion_probabilities.extend(data.get("completion_probabilities", []))
                if data.get("content"):
                    text += data["content"]
                    yield text
                if data.get("stop"):
                    break
        finally:
            response.close()


def token(text: str, number: int, **more: Any) -> dict[str, Any]:
    return {"content": text, "tokens": [number], "stop": False, **more}


def end(kind: str = "eos") -> dict[str, Any]:
    return {"content": "", "tokens": [], "stop": True, "stop_type": kind}


@pytest.fixture
def backend(webui):
    from role_engine.hosts.webui.loaders import HostCall, make_backend

    webui.shared.model = LlamaServer()
    call = HostCall(webui.generation.generate_reply_custom, True, "q", webui.state(), [], True)
    return make_backend(webui.api(), call)


def run(backend, request: GenerationRequest):
    return list(backend.stream(request, cancel=threading.Event()))


def test_text_token_ids_and_the_reason_for_the_end(backend, webui):
    session = webui.shared.model.session
    session.script = [[token("Раз", 5), token(" два", 6), end()], [token("Раз", 5), end("limit")]]
    chunks = run(backend, GenerationRequest(prompt="раз два три", max_tokens=10, seed=3))
    assert [(c.text, c.token_ids) for c in chunks[:2]] == [("Раз", (5,)), (" два", (6,))]
    assert chunks[-1].finish == "stop"
    assert run(backend, GenerationRequest(prompt="раз", max_tokens=1))[-1].finish == "length"
    assert session.payloads[0]["return_tokens"] is True
    assert (session.payloads[0]["n_predict"], session.payloads[0]["seed"]) == (10, 3)


def test_the_figures_of_the_host_are_those_of_the_first_attempt(backend, webui):
    session = webui.shared.model.session
    session.script = [[token("Раз", 5), end()], [token(" два", 6), end()]]
    run(backend, GenerationRequest(prompt="один два", max_tokens=10))
    run(backend, GenerationRequest(prompt="один два", prefix=" Раз и", max_tokens=10))
    backend.close()
    assert webui.shared.model.last_prompt_token_count == backend.prompt_tokens == 2


def test_a_ban_for_the_whole_attempt_joins_the_users_own_bias(backend, webui):
    session = webui.shared.model.session
    session.script = [[token("Раз", 5), end()]]
    run(backend, GenerationRequest(max_tokens=10, bans=(TokenBan(7, first_only=False),)))
    assert json.loads(json.dumps(session.payloads[0]["logit_bias"])) == [[99, -1.0], [7, False]]


def test_tokens_that_nobody_has_trained_are_banned_by_the_list_beside_the_file(webui, tmp_path):
    from role_engine.hosts.webui.loaders import HostCall, make_backend

    token_8 = {"token": "<|think|>", "id": 8, "kind": "mode", "name": "think", "description": "мысль", "special": False}
    manifest = {"file": "m.gguf", "rows_before": 9, "rows_after": 9, "tokens": [token_8]}
    (tmp_path / "role_engine_tokens.json").write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "m.gguf").touch()
    webui.shared.model = LlamaServer()
    webui.shared.model.model_path = str(tmp_path / "m.gguf")
    call = HostCall(webui.generation.generate_reply_custom, True, "q", webui.state(), [], True)
    webui.shared.model.session.script = [[token("Раз", 5), end()]]
    run(make_backend(webui.api(), call), GenerationRequest(prompt="раз", max_tokens=2))
    assert json.loads(json.dumps(webui.shared.model.session.payloads[0]["logit_bias"])) == [[99, -1.0], [8, False]]


def test_a_ban_for_the_first_token_only_is_lifted_after_it(backend, webui):
    session = webui.shared.model.session
    session.script = [[token("Раз", 5), end("limit")], [token(" два", 6), end()]]
    bans = (TokenBan(7), TokenBan(8, first_only=False))
    chunks = run(backend, GenerationRequest(prompt="один два", max_tokens=10, bans=bans))
    first, rest = session.payloads
    assert (first["n_predict"], rest["n_predict"]) == (1, 9)
    assert json.loads(json.dumps(first["logit_bias"])) == [[99, -1.0], [7, False], [8, False]]
    assert json.loads(json.dumps(rest["logit_bias"])) == [[99, -1.0], [8, False]]
    assert rest["prompt"] == [0, 1, 5]
    assert "".join(c.text for c in chunks) == "Раз два"
    assert [c.finish for c in chunks if c.finish] == ["stop"]


def test_log_probabilities_are_only_those_of_delivered_tokens(backend, webui):
    def entry(text):
        return {"completion_probabilities": [{"token": text}]}

    session = webui.shared.model.session
    session.script = [[token("Раз", 5, **entry("Раз")), token(" my", 6, **entry(" my")), end()]]
    run(backend, GenerationRequest(max_tokens=10))
    session.script = [[token(" два", 7, **entry(" два")), end()]]
    run(backend, GenerationRequest(prefix="Раз", max_tokens=9))
    backend.mark_delivered("Раз два")
    assert webui.shared.model.last_completion_probabilities == [{"token": "Раз"}, {"token": " два"}]


def test_cancelling_wakes_it_while_the_server_says_nothing(backend, webui):
    cancel = threading.Event()
    stream = backend.stream(GenerationRequest(max_tokens=10), cancel=cancel)
    session = webui.shared.model.session
    session.script = [[token("Раз", 5)]]
    assert next(stream).text == "Раз"
    threading.Timer(0.1, cancel.set).start()
    assert list(stream) == []
    assert session.responses[0].closed


def test_closing_cuts_the_connection(backend, webui):
    session = webui.shared.model.session
    session.script = [[token("Раз", 5), token(" два", 6)]]
    stream = backend.stream(GenerationRequest(max_tokens=10), cancel=threading.Event())
    next(stream)
    stream.close()
    assert session.responses[0].closed


class TestConstraint:
    def test_the_grammar_goes_on_behind_the_text_that_stands(self, backend, webui):
        request = GenerationRequest(max_tokens=10, prefix="Рек", policy=STRICT)
        webui.shared.model.session.script = [[token("а", 5), end()]] * 2
        run(backend, request.derive(constraint=backend.constraint_on(request)))
        run(backend, request)
        constrained, free = webui.shared.model.session.payloads
        assert constrained["grammar"] == write_resumed_grammar(STRICT, "Рек")
        assert "grammar" not in free

    def test_behind_a_first_token_of_its_own_it_goes_on_too(self, backend, webui):
        session = webui.shared.model.session
        session.script = [[token("Рек", 5), end("limit")], [token("а", 6), end()]]
        run(backend, GenerationRequest(max_tokens=10, policy=STRICT, constraint="grammar", bans=(TokenBan(7),)))
        assert [payload["grammar"] for payload in session.payloads] == [
            write_resumed_grammar(STRICT, ""), write_resumed_grammar(STRICT, "Рек")
        ]  # fmt: skip

    def test_a_grammar_of_the_users_own_stays(self, backend):
        backend.call.state["grammar_string"] = 'root ::= "да"'
        assert backend.constraint_on(GenerationRequest(policy=STRICT)) == "none"
