"""The vendors' own clients, unmodified, on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest

from role_engine import ReplayBackend
from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import served

MESSAGES: Any = [{"role": "user", "content": "Кто ты?"}]


@pytest.fixture
def url(make: MakeApp, leaky: ReplayBackend) -> Iterator[str]:
    with served(make(leaky)) as base:
        yield base


@pytest.fixture
def client(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="-", max_retries=0) as made:
        yield made


@pytest.fixture
def claude(url: str) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=url, api_key="-", max_retries=0) as made:
        yield made


class TestChat:
    def test_whole(self, client: openai.OpenAI) -> None:
        reply = client.chat.completions.create(model="role:poet", messages=MESSAGES)
        assert reply.choices[0].message.content == "Привет, мир."
        assert (reply.choices[0].finish_reason, reply.model) == ("stop", "tiny")
        report = (reply.model_extra or {})["role_engine"]
        assert (report["role"], report["mode"], report["attempts"]) == ("poet", "strict", 2)
        assert report["rejected"] == [{"kind": "latin", "count": 1}]
        assert reply.usage is not None and reply.usage.completion_tokens == 4 and reply.usage.prompt_tokens > 10

    def test_streamed(self, client: openai.OpenAI) -> None:
        chunks = list(
            client.chat.completions.create(
                model="x", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
            )
        )
        assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "Привет, мир."
        (last,) = [c for c in chunks if c.choices and c.choices[0].finish_reason]
        assert (last.model_extra or {})["role_engine"]["attempts"] == 2
        assert chunks[-1].usage is not None and chunks[-1].usage.completion_tokens == 4

    def test_length(self, client: openai.OpenAI) -> None:
        reply = client.chat.completions.create(model="x", messages=MESSAGES, max_completion_tokens=1)
        assert (reply.choices[0].finish_reason, reply.choices[0].message.content) == ("length", "Привет")

    def test_a_stop_string_is_not_delivered(self, client: openai.OpenAI) -> None:
        reply = client.chat.completions.create(model="x", messages=MESSAGES, stop=[" мир"])
        assert (reply.choices[0].message.content, reply.choices[0].finish_reason) == ("Привет,", "stop")

    def test_unguarded(self, client: openai.OpenAI) -> None:
        reply = client.chat.completions.create(
            model="x", messages=MESSAGES, extra_body={"role_engine": {"mode": "off"}}
        )
        assert reply.choices[0].message.content == "Привет, hello мир."

    def test_models(self, client: openai.OpenAI) -> None:
        assert [model.id for model in client.models.list()] == ["tiny", "role:philosopher", "role:poet"]
        assert client.models.retrieve("role:poet").id == "role:poet"
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve("gpt")

    def test_an_unknown_role(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError, match="Known roles: none, philosopher, poet"):
            client.chat.completions.create(model="role:nobody", messages=MESSAGES)


class TestCompletions:
    def test_whole(self, client: openai.OpenAI) -> None:
        reply = client.completions.create(model="x", prompt=["Раз два", "Три"], n=2, echo=True)
        assert [choice.text for choice in reply.choices] == ["Раз дваПривет, мир."] * 2 + ["ТриПривет, мир."] * 2
        assert [choice.index for choice in reply.choices] == [0, 1, 2, 3]
        assert reply.usage is not None
        assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (3, 16)
        assert len((reply.model_extra or {})["role_engine"]["replies"]) == 4

    def test_streamed(self, client: openai.OpenAI) -> None:
        chunks = list(client.completions.create(model="x", prompt="Раз", stream=True))
        assert "".join(chunk.choices[0].text for chunk in chunks) == "Привет, мир."
        assert chunks[-1].choices[0].finish_reason == "stop"

    def test_a_role_only_where_it_is_named(self, client: openai.OpenAI, leaky: ReplayBackend) -> None:
        client.completions.create(model="x", prompt="Раз")
        assert leaky.attempts[0].request.prompt == "Раз"
        client.completions.create(model="role:poet", prompt="Раз")
        assert "Ты — поэт" in leaky.attempts[-1].request.prompt


class TestMessages:
    def test_whole(self, claude: anthropic.Anthropic, leaky: ReplayBackend) -> None:
        reply = claude.messages.create(model="role:poet", max_tokens=9, system="Кратко.", messages=MESSAGES)
        assert reply.content[0].type == "text" and reply.content[0].text == "Привет, мир."
        assert (reply.stop_reason, reply.usage.output_tokens) == ("end_turn", 4)
        assert (reply.model_extra or {})["role_engine"]["role"] == "poet"
        assert "Ты — поэт по имени Поэт.\n\nКратко." in leaky.attempts[0].request.prompt

    def test_streamed(self, claude: anthropic.Anthropic) -> None:
        with claude.messages.stream(model="x", max_tokens=9, messages=MESSAGES) as stream:
            final = stream.get_final_message()
        assert final.content[0].type == "text" and final.content[0].text == "Привет, мир."
        assert (final.stop_reason, final.usage.output_tokens) == ("end_turn", 4)

    @pytest.mark.parametrize("streamed", [False, True])
    def test_a_stop_sequence_is_named(self, claude: anthropic.Anthropic, streamed: bool) -> None:
        asked: Any = {"model": "x", "max_tokens": 9, "messages": MESSAGES, "stop_sequences": ["END", " мир"]}
        if streamed:
            with claude.messages.stream(**asked) as stream:
                reply = stream.get_final_message()
        else:
            reply = claude.messages.create(**asked)
        assert (reply.stop_reason, reply.stop_sequence) == ("stop_sequence", " мир")

    def test_a_prefilled_reply_is_gone_on_with(self, claude: anthropic.Anthropic, leaky: ReplayBackend) -> None:
        messages: Any = [*MESSAGES, {"role": "assistant", "content": "Привет,"}]
        reply = claude.messages.create(model="x", max_tokens=9, messages=messages)
        assert reply.content[0].type == "text" and reply.content[0].text == " мир."
        assert leaky.attempts[0].request.prefix == "Привет,"
        assert leaky.attempts[0].request.prompt.endswith("<|im_start|>assistant\n")


class TestSeveralChoices:
    def test_each_ends_in_its_own_way(self, make: MakeApp) -> None:
        scripts = iter([["Раз", " два", " три"], ["Раз."]])
        with (
            served(make(ReplayBackend(lambda request: next(scripts)))) as base,
            openai.OpenAI(base_url=f"{base}/v1", api_key="-", max_retries=0) as client,
        ):
            reply = client.chat.completions.create(model="x", messages=MESSAGES, n=2, max_tokens=2, seed=5)
        assert [choice.message.content for choice in reply.choices] == ["Раз два", "Раз."]
        assert [choice.finish_reason for choice in reply.choices] == ["length", "stop"]
        assert len((reply.model_extra or {})["role_engine"]["replies"]) == 2
        assert reply.usage is not None and reply.usage.completion_tokens == 3

    def test_streamed(self, make: MakeApp) -> None:
        backend = ReplayBackend([["Раз", " два", " три"], ["Раз."]])
        with (
            served(make(backend)) as base,
            openai.OpenAI(base_url=f"{base}/v1", api_key="-", max_retries=0) as client,
        ):
            chunks = list(
                client.chat.completions.create(model="x", messages=MESSAGES, n=2, max_tokens=2, seed=5, stream=True)
            )
        said = ["", ""]
        for chunk in chunks:
            said[chunk.choices[0].index] += chunk.choices[0].delta.content or ""
        assert said == ["Раз два", "Раз."]
        ends = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason]
        assert ends == ["length", "stop"]
        assert [attempt.request.seed for attempt in backend.attempts] == [5, 6]
