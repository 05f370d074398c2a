"""What may be asked, and how each API is told that something may not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from role_engine import BackendError, GenerationRequest, ReplayBackend
from tests.app.conftest import MakeApp

pytestmark = pytest.mark.anyio
MESSAGES = [{"role": "user", "content": "Кто ты?"}]


@pytest.fixture
async def client(make: MakeApp, leaky: ReplayBackend) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(make(leaky), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as made:
        yield made


async def chat(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await client.post("/v1/chat/completions", json={"messages": MESSAGES, **body})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "wizard", "content": "а"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}, "image_url"),
        ({"n": 99}, "n:"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"temperature": 70}, "temperature"),
        ({"top_k": "many"}, "top_k"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"tools": [{"type": "function"}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "json_object"),
        ({"response_format": "json"}, "'json'"),
        ({"response_format": ["json"]}, "['json']"),
        ({"messages": [{"role": "user", "content": [{"type": ["text"], "text": "а"}]}]}, "['text']"),
        ({"messages": [{"role": "user", "content": [{"type": {}, "text": "а"}]}]}, "{}"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]}, "no text"),
        ({"role_engine": {"rol": "poet"}}, "rol"),
    ],
)
async def test_what_cannot_be_had(client: httpx.AsyncClient, body: dict[str, Any], said: str) -> None:
    openai = await chat(client, **body)
    anthropic = await client.post("/v1/messages", json={"messages": MESSAGES, "max_tokens": 5, **body})
    assert openai.status_code == 400
    assert said in openai.json()["error"]["message"]
    assert openai.json()["error"]["type"] == "invalid_request_error"
    if "n" not in body:
        assert anthropic.status_code == 400
        assert anthropic.json()["type"] == "error"
        assert said in anthropic.json()["error"]["message"]


async def test_what_says_nothing_is_nothing(client: httpx.AsyncClient) -> None:
    empty = {"logit_bias": {}, "tools": [], "logprobs": False, "response_format": {"type": "text"}, "user": "я"}
    nothing = dict.fromkeys(("temperature", "max_tokens", "n", "stop", "seed", "stream", "stream_options", "tools"))
    for body in (empty, nothing):
        assert (await chat(client, **body)).status_code == 200


async def test_not_json(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    answer = await client.post("/v1/messages", content=b"{", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "error")


async def test_paths_that_are_not_there(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/embeddings", json={})
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "There is no POST /v1/embeddings here."


async def test_half_a_character(client: httpx.AsyncClient, leaky: ReplayBackend) -> None:
    content = b'{"messages": [{"role": "user", "content": "\\ud83d"}]}'
    answer = await client.post("/v1/chat/completions", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert "\ufffd" in leaky.attempts[0].request.prompt


async def test_what_the_request_says_wins_over_the_role(client: httpx.AsyncClient, leaky: ReplayBackend) -> None:
    await chat(client, model="role:poet", temperature=0.1, min_p=0.05, seed=7)
    request = leaky.attempts[0].request
    assert request.options == {"temperature": 0.1, "min_p": 0.05, "top_k": 7}
    assert (request.max_tokens, request.seed) == (33, 7)
    await chat(client, model="role:poet", max_tokens=5)
    assert leaky.attempts[-2].request.max_tokens == 5


async def test_the_page_is_not_there(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    assert "gradio" in answer.text


async def test_a_role_says_its_greeting(client: httpx.AsyncClient) -> None:
    role = (await client.get("/v1/role-engine/roles/poet", params={"context": 100})).json()
    assert role["greeting"] == "Здравствуй, {{user}}."
    assert role["bill"]["total"] > 0


class TestAnEngineThatFails:
    @pytest.fixture
    def leaky(self) -> ReplayBackend:
        def fails(request: GenerationRequest) -> Iterator[str]:
            yield "Раз"
            yield " два"
            raise BackendError("The engine is out of memory.")

        return ReplayBackend(fails)

    async def test_whole(self, client: httpx.AsyncClient) -> None:
        answer = await chat(client)
        assert answer.status_code == 500
        assert answer.json()["error"] == {
            "message": "The engine is out of memory.",
            "type": "server_error",
            "param": None,
            "code": None,
        }

    async def test_streamed(self, client: httpx.AsyncClient) -> None:
        openai = (await chat(client, stream=True)).text
        assert '"error": {"message": "The engine is out of memory."' in openai
        assert "[DONE]" not in openai
        body = {"messages": MESSAGES, "max_tokens": 5, "stream": True}
        anthropic = (await client.post("/v1/messages", json=body)).text
        assert anthropic.endswith(
            'event: error\ndata: {"type": "error", "error": {"type": "api_error", '
            '"message": "The engine is out of memory."}}\n\n'
        )

    async def test_the_next_one_is_served(self, client: httpx.AsyncClient) -> None:
        for _ in range(3):
            assert (await chat(client)).status_code == 500


class TestABug:
    @pytest.fixture
    def leaky(self) -> ReplayBackend:
        def breaks(request: GenerationRequest) -> Iterator[str]:
            yield from ()
            raise ZeroDivisionError("/secret/path")

        return ReplayBackend(breaks)

    async def test_is_not_shown(self, client: httpx.AsyncClient) -> None:
        answer = await chat(client)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "secret" not in (await chat(client, stream=True)).text


@pytest.mark.parametrize("prompt", ["", [""], ["Привет", ""]])
async def test_an_empty_prompt(client: httpx.AsyncClient, prompt: Any) -> None:
    answer = await client.post("/v1/completions", json={"prompt": prompt})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "prompt"
