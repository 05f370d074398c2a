"""`OpenAIBackend` against a server that really listens: what it asks for, what it makes of the answer, how it ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.backends.base import Backend, Chunk, GenerationRequest
from role_engine.backends.openai import OpenAIBackend
from role_engine.backends.openai_server import OpenAIServer, sse_data
from role_engine.errors import BackendError
from role_engine.guard.attempts import guarded_stream
from role_engine.language.policy import LanguagePolicy
from tests.backends.openai_stub import completes, event, read_and_cancel, refuses, says, serving

WEBUI = {"/v1/internal/model/info": {"model_name": "tiny"}, "/v1/models": {"data": [{"id": "tiny"}]}}
VLLM = {"/v1/models": {"data": [{"id": "qwen", "owned_by": "vllm"}]}}
ASK = ({"role": "user", "content": "Привет"},)


def stream(backend: Backend, request: GenerationRequest, cancel: Event | None = None) -> list[Chunk]:
    return list(backend.stream(request, cancel=cancel or Event()))


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks)


def test_is_a_backend() -> None:
    assert isinstance(OpenAIBackend("http://127.0.0.1:1", continue_="none"), Backend)


def test_streams_a_chat_piece_by_piece() -> None:
    with serving(answer=lambda path, body: says("При", "вет", ", мир.")) as server:
        chunks = stream(OpenAIBackend(server.url, model="m", continue_="none"), GenerationRequest(messages=ASK))
    assert [chunk.text for chunk in chunks] == ["При", "вет", ", мир.", ""]
    assert chunks[-1].finish == "stop"
    assert server.asked[0].path == "/v1/chat/completions"
    assert server.posted == [{"model": "m", "stream": True, "messages": list(ASK)}]


def test_sends_limits_seed_stop_strings_and_options() -> None:
    request = GenerationRequest(
        messages=ASK,
        max_tokens=7,
        seed=11,
        stop=("1", "2", "3", "4", "5"),
        options={"temperature": 0.3, "stream": False},
    )
    with serving() as server:
        stream(OpenAIBackend(server.url, api_key="secret", model="m", continue_="none"), request)
    sent = server.posted[0]
    assert (sent["max_tokens"], sent["seed"], sent["temperature"], sent["stream"]) == (7, 11, 0.3, True)
    assert sent["stop"] == ["1", "2", "3", "4"], "OpenAI refuses more than four"
    assert server.asked[0].headers["Authorization"] == "Bearer secret"


def test_a_random_seed_is_not_sent() -> None:
    with serving() as server:
        stream(OpenAIBackend(server.url, model="m", continue_="none"), GenerationRequest(messages=ASK, seed=-1))
    assert "seed" not in server.posted[0]


@pytest.mark.parametrize(
    ("given_url", "root"),
    [
        ("http://h:5000", "http://h:5000/v1"),
        ("http://h:5000/", "http://h:5000/v1"),
        ("http://h:5000/v1/", "http://h:5000/v1"),
        ("https://h/v1beta/openai", "https://h/v1beta/openai"),
    ],
)
def test_the_address_may_end_before_or_after_v1(given_url: str, root: str) -> None:
    assert OpenAIServer(given_url).root == root


@pytest.mark.parametrize("address", ["models/qwen", "localhost:5000", "", "http://", "ftp://h"])
def test_what_is_not_an_address_is_said_to_be_none(address: str) -> None:
    with pytest.raises(BackendError, match="not the address of a server"):
        OpenAIServer(address)


@pytest.mark.parametrize(
    ("pages", "continue_", "resume"),
    [
        (WEBUI, "webui", "assistant_prefill"),
        (VLLM, "prefill", "assistant_prefill"),
        ({"/v1/models": {"data": [{"id": "x", "owned_by": "openai"}]}}, "none", "none"),
        ({}, "none", "none"),
        ({"/v1/models": ["nonsense"]}, "none", "none"),
    ],
)
def test_auto_asks_the_server_how_it_continues(pages: dict[str, Any], continue_: str, resume: str) -> None:
    with serving(pages=pages) as server:
        backend = OpenAIBackend(server.url)
        assert (backend.continue_, backend.capabilities.resume) == (continue_, resume)
        backend.capabilities  # noqa: B018
    assert len(server.asked) <= 2, "it asks once"


def test_the_first_model_that_the_server_lists_is_asked() -> None:
    with serving(pages=VLLM) as server:
        stream(OpenAIBackend(server.url), GenerationRequest(messages=ASK))
    assert server.posted[0]["model"] == "qwen"


def test_resumes_on_vllm_by_prefill() -> None:
    with serving(pages=VLLM, answer=lambda path, body: says(" мир")) as server:
        chunks = stream(OpenAIBackend(server.url), GenerationRequest(messages=ASK, prefix="Привет,"))
    assert text_of(chunks) == " мир"
    sent = server.posted[0]
    assert sent["messages"][-1] == {"role": "assistant", "content": "Привет,"}
    assert (sent["continue_final_message"], sent["add_generation_prompt"]) == (True, False)


def test_resumes_on_the_webui_whose_reply_begins_with_what_stood_already() -> None:
    with serving(pages=WEBUI, answer=lambda path, body: says("Привет,", " мир")) as server:
        chunks = stream(OpenAIBackend(server.url), GenerationRequest(messages=ASK, prefix="Привет,"))
    assert text_of(chunks) == " мир"
    assert server.posted[0]["continue_"] is True
    assert "continue_final_message" not in server.posted[0]


@pytest.mark.parametrize(("tokens", "finish"), [(3, "stop"), (8, "length")])
def test_the_webuis_length_counts_only_what_is_new(tokens: int, finish: str) -> None:
    """Continuing, it says «length» as soon as the whole reply is as long as what was still allowed."""

    def answer(path: str, body: dict[str, Any]) -> Any:
        counting = path == "/v1/internal/token-count"
        assert not counting or body == {"text": " мир"}
        return refuses(200, {"length": tokens}) if counting else says("Привет,", " мир", finish="length")

    with serving(pages=WEBUI, answer=answer) as server:
        request = GenerationRequest(messages=ASK, prefix="Привет,", max_tokens=8)
        assert stream(OpenAIBackend(server.url), request)[-1].finish == finish


def test_completions_continue_the_raw_prompt() -> None:
    request = GenerationRequest(prompt="Вопрос: что?\nОтвет:", prefix=" Это", max_tokens=5)
    with serving(answer=lambda path, body: completes(" да", finish="length")) as server:
        backend = OpenAIBackend(server.url, model="m", flavour="completions")
        assert backend.capabilities.resume == "prefix"
        chunks = stream(backend, request)
    assert (text_of(chunks), chunks[-1].finish) == (" да", "length")
    assert server.asked[-1].path == "/v1/completions"
    assert server.posted[-1]["prompt"] == "Вопрос: что?\nОтвет: Это"


def test_a_server_that_does_not_stream_is_understood() -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": "Привет."}, "finish_reason": "length"}]}
    with serving(answer=lambda path, body: refuses(200, whole)) as server:
        chunks = stream(OpenAIBackend(server.url, model="m", continue_="none"), GenerationRequest(messages=ASK))
    assert (text_of(chunks), chunks[-1].finish) == ("Привет.", "length")


def test_separate_reasoning_and_null_content_are_passed_over() -> None:
    deltas = [
        {"reasoning_content": "hmm", "content": None},
        {"content": "Да."},
        {"role": "assistant"},
        {"content": None},
    ]
    events = [event({"choices": [{"delta": delta}]}) for delta in deltas] + [event({"choices": [], "usage": {}})]
    with serving(answer=lambda path, body: (200, "text/event-stream", events)) as server:
        chunks = stream(OpenAIBackend(server.url, model="m", continue_="none"), GenerationRequest(messages=ASK))
    assert text_of(chunks) == "Да."


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {"error": {"message": "Incorrect API key"}}, "401: Incorrect API key"),
        (400, {"error": "bad model"}, "400: bad model"),
        (422, {"detail": [{"msg": "field required"}]}, "422: .*field required"),
        (500, "Internal\nServer Error", "500: Internal Server Error"),
        (503, "", "503: nothing more"),
    ],
)
def test_a_refusal_carries_the_servers_own_words(status: int, body: Any, said: str) -> None:
    with serving(answer=lambda path, _: refuses(status, body)) as server:
        backend = OpenAIBackend(server.url, model="m", continue_="none")
        with pytest.raises(BackendError, match=said):
            stream(backend, GenerationRequest(messages=ASK))


def test_an_error_in_the_stream_is_raised_after_what_came_before_it() -> None:
    events = [event({"choices": [{"delta": {"content": "При"}}]}), event({"error": {"message": "out of memory"}})]
    with serving(answer=lambda path, body: (200, "text/event-stream", events)) as server:
        running: Any = OpenAIBackend(server.url, model="m", continue_="none").stream(
            GenerationRequest(messages=ASK), cancel=Event()
        )
        assert next(running).text == "При"
        with pytest.raises(BackendError, match="out of memory"):
            next(running)


def test_what_is_not_json_is_an_error() -> None:
    with serving(answer=lambda path, body: (200, "text/html", [b"<html>"])) as server:
        backend = OpenAIBackend(server.url, model="m", continue_="none")
        with pytest.raises(BackendError, match="not JSON"):
            stream(backend, GenerationRequest(messages=ASK))


def test_no_server() -> None:
    with serving() as server:
        gone = server.url
    with pytest.raises(BackendError, match="There is no server"):
        stream(OpenAIBackend(gone, model="m", continue_="none"), GenerationRequest(messages=ASK))


def waits_for(release: Event) -> Any:
    def pieces() -> Iterator[bytes]:
        yield event({"choices": [{"delta": {"content": "Раз"}}]})
        release.wait(60)

    return 200, "text/event-stream", pieces()


@pytest.mark.parametrize("silent_from_the_start", [False, True])
def test_cancel_ends_a_read_that_waits_for_the_next_token(silent_from_the_start: bool) -> None:
    release = Event()

    def answer(path: str, body: dict[str, Any]) -> Any:
        if silent_from_the_start:
            release.wait(60)
        return waits_for(release)

    with serving(answer=answer) as server:
        backend = OpenAIBackend(server.url, model="m", continue_="none")
        request = GenerationRequest(messages=ASK)
        got = read_and_cancel(backend, request, server, release, begun=not silent_from_the_start)
    assert got[-1].finish == "cancelled"


def test_closing_the_iterator_hangs_up() -> None:
    def endless(path: str, body: dict[str, Any]) -> Any:
        return 200, "text/event-stream", (event({"choices": [{"delta": {"content": "раз "}}]}) for _ in range(10**7))

    with serving(answer=endless) as server:
        running: Any = OpenAIBackend(server.url, model="m", continue_="none").stream(
            GenerationRequest(messages=ASK), cancel=Event()
        )
        next(running)
        running.close()
        assert server.client_gone.wait(20)
    assert not [thread for thread in threading.enumerate() if thread.name == "role-engine-cancel"]


def test_guarded_a_violation_is_generated_again_from_the_last_clean_word() -> None:
    def answer(path: str, body: dict[str, Any]) -> Any:
        resumed = body["messages"][-1]["role"] == "assistant"
        return says(" мир", ".") if resumed else says("Привет,", " 世界", " и так далее")

    with serving(pages=VLLM, answer=answer) as server:
        reply = guarded_stream(
            OpenAIBackend(server.url),
            GenerationRequest(messages=ASK, max_tokens=50, policy=LanguagePolicy(mode="strict")),
        )
        assert "".join(reply) == "Привет, мир."
    assert reply.report.attempts == 2
    assert server.posted[1]["messages"][-1]["content"] == "Привет,"
    assert server.posted[1]["max_tokens"] < 50


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=6),
    st.integers(1, 7),
    st.booleans(),
)
def test_events_are_read_however_the_bytes_are_cut(texts: list[str], size: int, carriage: bool) -> None:
    end = "\r\n" if carriage else "\n"
    raw = "".join(f": ping{end}{end}data: {json.dumps(text, ensure_ascii=False)}{end}{end}" for text in texts).encode()
    pieces = [raw[i : i + size] for i in range(0, len(raw), size)]
    assert [json.loads(data) for data in sse_data(pieces)] == texts
