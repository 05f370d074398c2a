"""Where a reply's reasoning goes: in each API to a place of its own, and into the text of a completion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anthropic
import openai
import pytest

from role_engine import GenerationRequest, ReplayBackend
from role_engine.app.resolution import Choice
from role_engine.hosts.serve.chat_page.conversation import Conversations
from role_engine.hosts.serve.chat_page.reasoning import answer_of, fold
from tests.app.conftest import CHATML, MakeApp
from tests.hosts.opened_reasoning import OPENED, speak
from tests.hosts.serve.serving import served

MESSAGES: Any = [{"role": "user", "content": "Кто ты?"}]
THINKS = ["<thi", "nk>\nThe user", " asks.\n", "</", "think>\n\n", "Я", " поэт", "."]
TOKENS = len(THINKS)
OPENS = CHATML.replace("assistant\n{%", "assistant\n<think>\n{%")
"""A template that opens the reasoning itself."""


@pytest.fixture
def thinker() -> ReplayBackend:
    return ReplayBackend(lambda request: THINKS)


@contextmanager
def openai_of(app: Any) -> Iterator[openai.OpenAI]:
    with served(app) as base, openai.OpenAI(base_url=f"{base}/v1", api_key="-", max_retries=0) as client:
        yield client


@contextmanager
def anthropic_of(app: Any) -> Iterator[anthropic.Anthropic]:
    with served(app) as base, anthropic.Anthropic(base_url=base, api_key="-", max_retries=0) as client:
        yield client


def streamed(chunks: Any) -> tuple[str, str]:
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    thoughts = [(delta.model_extra or {}).get("reasoning_content") or "" for delta in deltas]
    return "".join(thoughts), "".join(delta.content or "" for delta in deltas)


class TestChat:
    def test_whole(self, make: MakeApp, thinker: ReplayBackend) -> None:
        with openai_of(make(thinker)) as client:
            reply = client.chat.completions.create(model="role:poet", messages=MESSAGES)
        message = reply.choices[0].message
        assert (message.content, (message.model_extra or {})["reasoning_content"]) == ("Я поэт.", "The user asks.")
        assert reply.usage is not None and reply.usage.completion_tokens == TOKENS
        report = (reply.model_extra or {})["role_engine"]
        assert (report["mode"], report["attempts"], report["tokens_delivered"]) == ("strict", 1, TOKENS)

    def test_streamed(self, make: MakeApp, thinker: ReplayBackend) -> None:
        with openai_of(make(thinker)) as client:
            chunks = list(client.chat.completions.create(
                model="role:poet", messages=MESSAGES, stream=True, n=2, stream_options={"include_usage": True}
            ))  # fmt: skip
        for index in range(2):
            own = [chunk for chunk in chunks if chunk.choices and chunk.choices[0].index == index]
            assert streamed(own) == ("The user asks.", "Я поэт.")
            assert own[-1].choices[0].finish_reason == "stop"
        assert chunks[-1].usage is not None and chunks[-1].usage.completion_tokens == 2 * TOKENS

    def test_a_reply_without_reasoning_has_no_such_field(self, make: MakeApp, leaky: ReplayBackend) -> None:
        with openai_of(make(leaky)) as client:
            message = client.chat.completions.create(model="x", messages=MESSAGES).choices[0].message
        assert "reasoning_content" not in (message.model_extra or {})

    @pytest.mark.parametrize("stream", [False, True])
    def test_a_template_that_opens_it(self, make: MakeApp, stream: bool) -> None:
        backend = ReplayBackend(lambda request: ["Think", " about it.", "\n</think>\n\nЯ поэт."])
        with openai_of(make(backend, engine={"chat_template": OPENS})) as client:
            reply = client.chat.completions.create(model="role:poet", messages=MESSAGES, stream=stream)
            if stream:
                assert streamed(reply) == ("Think about it.", "Я поэт.")
            else:
                message = reply.choices[0].message
                said = (message.model_extra or {})["reasoning_content"], message.content
                assert said == ("Think about it.", "Я поэт.")

    @pytest.mark.parametrize(("opener", "closer"), OPENED.items())
    def test_every_format_that_a_template_opens(self, make: MakeApp, opener: str, closer: str) -> None:
        backend = ReplayBackend(lambda request: speak(closer))
        template = CHATML.replace("assistant\n{%", f"assistant\n{opener}{{%")
        with openai_of(make(backend, engine={"chat_template": template})) as client:
            reply = client.chat.completions.create(model="role:poet", messages=MESSAGES)
        message = reply.choices[0].message
        said = (message.model_extra or {}).get("reasoning_content"), message.content
        assert said == ("The user asks.", "Я поэт.")
        assert (reply.model_extra or {})["role_engine"]["attempts"] == 1

    @pytest.mark.parametrize("role", ["none", "poet"])
    @pytest.mark.parametrize(("opener", "closer"), OPENED.items())
    def test_every_format_that_a_raw_prompt_opens(self, make: MakeApp, role: str, opener: str, closer: str) -> None:
        backend = ReplayBackend(lambda request: speak(closer))
        template = CHATML.replace("assistant\n{%", f"assistant\n{opener}{{%")
        prompt = f"<|im_start|>user\nКто ты?<|im_end|>\n<|im_start|>assistant\n{opener}"
        with openai_of(make(backend, engine={"chat_template": template})) as client:
            reply = client.completions.create(model=f"role:{role}:strict", prompt=prompt)
        assert reply.choices[0].text == "".join(speak(closer))
        assert (reply.model_extra or {})["role_engine"]["attempts"] == 1

    def test_what_the_limit_cuts_is_still_reasoning(self, make: MakeApp, thinker: ReplayBackend) -> None:
        with openai_of(make(thinker)) as client:
            reply = client.chat.completions.create(model="x", messages=MESSAGES, max_tokens=2)
        message = reply.choices[0].message
        assert (message.content, (message.model_extra or {})["reasoning_content"]) == ("", "The user")
        assert reply.choices[0].finish_reason == "length"

    def test_what_is_held_back_comes_before_the_end(self, make: MakeApp) -> None:
        with openai_of(make(ReplayBackend(lambda request: ["<thi"]))) as client:
            chunks = client.chat.completions.create(model="role:poet:off", messages=MESSAGES, stream=True)
            assert streamed(chunks) == ("", "<thi")


ASKED: Any = {"model": "role:poet", "max_tokens": 99, "messages": MESSAGES}


class TestMessages:
    @pytest.mark.parametrize("stream", [False, True])
    def test_a_block_of_its_own(self, make: MakeApp, thinker: ReplayBackend, stream: bool) -> None:
        with anthropic_of(make(thinker)) as client:
            reply = self.reply(client, stream)
        thinking, text = reply.content
        assert (thinking.type, thinking.thinking, thinking.signature) == ("thinking", "The user asks.", "")
        assert (text.type, text.text) == ("text", "Я поэт.")
        assert (reply.stop_reason, reply.usage.output_tokens) == ("end_turn", TOKENS)

    @pytest.mark.parametrize("stream", [False, True])
    def test_reasoning_alone(self, make: MakeApp, stream: bool) -> None:
        with anthropic_of(make(ReplayBackend(lambda request: ["<think>Hm", "."]))) as client:
            (thinking,) = self.reply(client, stream).content
        assert thinking.thinking == "Hm."

    @pytest.mark.parametrize("stream", [False, True])
    def test_an_empty_reply_has_an_empty_text(self, make: MakeApp, stream: bool) -> None:
        with anthropic_of(make(ReplayBackend(lambda request: ["<think>", "\n\n</think>\n"]))) as client:
            (text,) = self.reply(client, stream).content
        assert (text.type, text.text) == ("text", "")

    def test_blocks_are_numbered_and_closed(self, make: MakeApp, thinker: ReplayBackend) -> None:
        with anthropic_of(make(thinker)) as client:
            events = list(client.messages.create(**ASKED, stream=True))
        blocks = [(e.type, e.index) for e in events if e.type in ("content_block_start", "content_block_stop")]
        start, stop = "content_block_start", "content_block_stop"
        assert blocks == [(start, 0), (stop, 0), (start, 1), (stop, 1)]
        assert [event.type for event in events][-2:] == ["message_delta", "message_stop"]

    def test_a_client_may_send_it_back(self, make: MakeApp, thinker: ReplayBackend) -> None:
        with anthropic_of(make(thinker)) as client:
            before = client.messages.create(**ASKED).content
            answered: Any = {"role": "assistant", "content": before}
            client.messages.create(**ASKED | {"messages": [*MESSAGES, answered, *MESSAGES]})
        prompt = thinker.attempts[-1].request.prompt
        assert "Я поэт." in prompt and "The user asks." not in prompt

    @pytest.mark.parametrize(("kind", "opened"), [("enabled", True), ("disabled", False), (None, False)])
    def test_thinking_is_asked_for(self, make: MakeApp, leaky: ReplayBackend, kind: str | None, opened: bool) -> None:
        template = f"{CHATML}{{% if enable_thinking %}}<think>{{% endif %}}"
        thinking: Any = {"thinking": {"type": kind, "budget_tokens": 1024}} if kind else {}
        with anthropic_of(make(leaky, engine={"chat_template": template})) as client:
            client.messages.create(**ASKED, **thinking)
        assert leaky.attempts[0].request.prompt.endswith("<think>") is opened

    def reply(self, client: anthropic.Anthropic, stream: bool) -> Any:
        if not stream:
            return client.messages.create(**ASKED)
        with client.messages.stream(**ASKED) as events:
            return events.get_final_message()


def test_a_completion_is_text_as_it_is(make: MakeApp, thinker: ReplayBackend) -> None:
    with openai_of(make(thinker)) as client:
        whole = client.completions.create(model="role:poet", prompt="Раз")
        chunks = list(client.completions.create(model="role:poet", prompt="Раз", stream=True))
    assert whole.choices[0].text == "".join(chunk.choices[0].text for chunk in chunks) == "".join(THINKS)


class TestPage:
    @pytest.mark.anyio
    async def test_it_is_folded_when_the_answer_begins(self, make: MakeApp, thinker: ReplayBackend) -> None:
        conversations = Conversations(make(thinker).state.service)
        states = [state.rows[-1][1] or "" async for state in conversations.say("me", "Кто ты?", [], Choice("poet"))]
        for state in states[1:]:
            assert "think>" not in state
            assert (" open>" in state) == ("<details" in state and not answer_of(state)), state
        assert any(" open>" in state for state in states)
        assert states[-1] == fold("The user asks.", "Я поэт.")

    @pytest.mark.anyio
    async def test_the_model_is_not_shown_its_thoughts(self, make: MakeApp, thinker: ReplayBackend) -> None:
        conversations = Conversations(make(thinker).state.service)
        rows = [["Раз?", fold("Hm.", "Раз.")], ["Два?", fold("Hm", "")]]
        _ = [state async for state in conversations.say("me", "Три?", rows, Choice())]
        messages = thinker.attempts[0].request.messages
        assert [message["content"] for message in messages] == ["Раз?", "Раз.", "Три?"]

    def test_nothing_in_the_reasoning_gets_out_of_its_fold(self) -> None:
        shown = fold("a\n\n</details>\n\n<script>alert(1)</script>", "Да.\n\n<details>x</details>")
        head, _, rest = shown.partition("\n")
        assert re.findall(r"<(\S+?)[ >]", head) == ["details", "summary", "/summary", *["br"] * 4, "/details"]
        assert head.startswith("<details") and head.endswith("</details>")
        assert rest == "\nДа.\n\n<details>x</details>" and answer_of(shown) == rest.lstrip()
        assert answer_of("Да.") == fold("", "Да.") == "Да."


def test_a_violation_behind_the_reasoning_goes_on_behind_it(make: MakeApp) -> None:
    """The attempt that goes on from the clean text has the reasoning before it, and no second one comes out."""

    def script(request: GenerationRequest) -> list[str]:
        return [" мир."] if request.prefix else ["<think>", "Hm.", "</think>", "Привет,", " hello", " мир."]

    backend = ReplayBackend(script)
    with openai_of(make(backend)) as client:
        chunks = list(client.chat.completions.create(model="role:poet", messages=MESSAGES, stream=True))
    assert streamed(chunks) == ("Hm.", "Привет, мир.")
    assert backend.attempts[-1].request.prefix == "<think>Hm.</think>Привет,"
