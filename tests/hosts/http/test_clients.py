"""The vendors' own clients, unmodified, against the app on a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest

from tests.hosts.http.stub_host import LOADED, StubHost, StubService, say

MESSAGES: Any = [{"role": "user", "content": "Привет"}]


@pytest.fixture
def openai_client(server: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server}/v1", api_key="secret", max_retries=0) as client:
        yield client


@pytest.fixture
def anthropic_client(server: str) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=server, api_key="secret", max_retries=0) as client:
        yield client


class TestOpenAI:
    def test_chat(self, openai_client: openai.OpenAI, host: StubHost) -> None:
        host.script = say(finish="content_filter", failed=True, tokens_prompt=30)
        reply = openai_client.chat.completions.create(
            model="any", messages=MESSAGES, extra_body={"role_engine": {"role": "poet", "mode": "strict"}}
        )
        assert reply.model_extra is not None and reply.usage is not None
        assert reply.model_extra["role_engine"]["role"] == "poet"
        assert reply.choices[0].finish_reason == "content_filter"
        assert (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.total_tokens) == (30, 4, 34)
        assert reply.choices[0].message.content == "Привет, мир."

    def test_chat_stream(self, openai_client: openai.OpenAI, host: StubHost) -> None:
        host.script = say("Одно слово за другим.", finish="length")
        chunks = list(
            openai_client.chat.completions.create(
                model="role:philosopher", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
            )
        )
        deltas = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
        assert "".join(deltas) == "Одно слово за другим."
        assert sum(bool(delta) for delta in deltas) == 4
        (last,) = [chunk for chunk in chunks if (chunk.model_extra or {}).get("role_engine")]
        assert last.choices[0].finish_reason == "length"
        assert chunks[-1].usage is not None and chunks[-1].usage.completion_tokens == 4

    def test_completions(self, openai_client: openai.OpenAI) -> None:
        reply = openai_client.completions.create(
            model="x", prompt="Привет", extra_headers={"X-Role-Engine": "poet:strict"}
        )
        assert reply.model_extra is not None
        assert reply.model_extra["role_engine"]["role"] == "poet"
        (last,) = [
            chunk
            for chunk in openai_client.completions.create(model="role:poet", prompt="Привет", stream=True)
            if chunk.choices[0].finish_reason
        ]
        assert (last.model_extra or {})["role_engine"]["role"] == "poet"

    def test_an_unknown_role(self, openai_client: openai.OpenAI) -> None:
        for stream in (False, True):
            with pytest.raises(openai.BadRequestError) as caught:
                openai_client.chat.completions.create(model="role:nobody", messages=MESSAGES, stream=stream)
            assert "philosopher, poet" in caught.value.message
            assert caught.value.param == "model"

    def test_a_wrong_key(self, openai_client: openai.OpenAI, service: StubService) -> None:
        service.key = "another"
        with pytest.raises(openai.AuthenticationError) as caught:
            openai_client.chat.completions.create(model="role:nobody", messages=MESSAGES)
        assert "philosopher" not in str(caught.value.body)
        with pytest.raises(openai.AuthenticationError):
            openai_client.models.list()

    def test_roles_among_the_models(self, openai_client: openai.OpenAI) -> None:
        assert [model.id for model in openai_client.models.list()] == [LOADED, "role:philosopher", "role:poet"]


class TestAnthropic:
    def test_message(self, anthropic_client: anthropic.Anthropic, host: StubHost) -> None:
        host.script = say(finish="content_filter", tokens_prompt=30)
        reply = anthropic_client.messages.create(
            model="x", max_tokens=9, messages=MESSAGES, extra_body={"role_engine": {"role": "poet"}}
        )
        assert reply.model_extra is not None
        assert reply.model_extra["role_engine"]["role"] == "poet"
        assert reply.stop_reason == "refusal"
        assert (reply.usage.input_tokens, reply.usage.output_tokens) == (30, 4)

    def test_stream(self, anthropic_client: anthropic.Anthropic, host: StubHost) -> None:
        host.script = say("Одно слово за другим.", finish="length")
        with anthropic_client.messages.stream(model="role:poet:strict", max_tokens=9, messages=MESSAGES) as stream:
            seen = list(stream)
            final = stream.get_final_message()
        (delta,) = [event for event in seen if event.type == "message_delta"]
        assert (delta.model_extra or {})["role_engine"]["role"] == "poet"
        assert (final.stop_reason, final.usage.output_tokens, final.model) == ("max_tokens", 4, LOADED)
        assert final.content[0].type == "text" and final.content[0].text == "Одно слово за другим."

    def test_an_unknown_role(self, anthropic_client: anthropic.Anthropic) -> None:
        with pytest.raises(anthropic.BadRequestError) as caught:
            anthropic_client.messages.create(model="role:nobody", max_tokens=9, messages=MESSAGES)
        assert caught.value.type == "invalid_request_error"
        assert "philosopher, poet" in json.dumps(caught.value.body)

    def test_a_wrong_key(self, anthropic_client: anthropic.Anthropic, service: StubService) -> None:
        service.key = "another"
        with pytest.raises(anthropic.AuthenticationError) as caught:
            anthropic_client.messages.create(model="role:nobody", max_tokens=9, messages=MESSAGES)
        assert "philosopher" not in str(caught.value.body)
