"""How a role arrives in the prompt that the model gets, on the page's modes and on every endpoint."""

from __future__ import annotations

import re
from typing import Any

import pytest

from . import client
from .client import ask, chat_body, completion_body, messages_body
from .host import Host, LaunchHost
from .roles_for_tests import ALPHA_EXAMPLE, ALPHA_REMINDER, ALPHA_SYSTEM

OWN = "Собственное указание клиента."
CONTEXT = "Описание персонажа из запроса."
ALPHA: dict[str, Any] = {"role_engine": {"role": "test-alpha"}, "max_tokens": 12}
NO_SYSTEM = (
    "{%- for message in messages -%}"
    "{%- if message.role == 'system' -%}{{ raise_exception('System role not supported') }}{%- endif -%}"
    "{{ '<start_of_turn>' + message.role + '\\n' + message.content + '<end_of_turn>\\n' }}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<start_of_turn>model\\n' }}{%- endif -%}"
)


@pytest.fixture
def host(hosts: LaunchHost) -> Host:
    return hosts("llama.cpp", "tiny-qwen3")


@pytest.fixture
def bare(hosts: LaunchHost) -> Host:
    """The same host without the extension."""
    return hosts("llama.cpp", "tiny-qwen3", extensions=("recorder",), install=False)


def prompt_of(host: Host, path: str, body: dict[str, Any], **headers: str) -> str:
    """The prompt of the first attempt, as it reached the engine."""
    mark = host.recording.mark()
    ask(host.client, path, body, **headers)
    return host.recording.prompts(mark)[0]


def russian_after(prompt: str, part: str) -> str:
    return "".join(re.findall("[а-яёА-ЯЁ]", prompt.split(part)[-1]))


@pytest.mark.parametrize("mode", ["instruct", "chat", "chat-instruct"])
def test_the_role_stands_once_and_the_reminder_last(host: Host, mode: str) -> None:
    prompt = prompt_of(host, client.CHAT, chat_body("Вопрос пользователя?", mode=mode, **ALPHA))
    for part in (ALPHA_SYSTEM, *ALPHA_EXAMPLE, ALPHA_REMINDER, "Вопрос пользователя?"):
        assert prompt.count(part) == 1, f"{part!r} stands {prompt.count(part)} times in\n{prompt}"
    order = [prompt.index(part) for part in (ALPHA_SYSTEM, *ALPHA_EXAMPLE, "Вопрос пользователя?", ALPHA_REMINDER)]
    assert order == sorted(order), prompt
    assert russian_after(prompt, ALPHA_REMINDER) == "", prompt


def test_through_messages_too(host: Host) -> None:
    body = messages_body("Вопрос пользователя?", system=OWN, **ALPHA)
    prompt = prompt_of(host, client.MESSAGES, body)
    assert [prompt.count(part) for part in (ALPHA_SYSTEM, OWN, ALPHA_REMINDER)] == [1, 1, 1], prompt
    assert prompt.index(ALPHA_SYSTEM) < prompt.index(OWN)


def test_the_clients_own_system_message_stays_after_the_roles(host: Host) -> None:
    body = chat_body("", **ALPHA)
    body["messages"] = [{"role": "system", "content": OWN}, {"role": "user", "content": "Вопрос пользователя?"}]
    prompt = prompt_of(host, client.CHAT, body)
    assert prompt.count(OWN) == 1 and prompt.count(ALPHA_SYSTEM) == 1, prompt
    assert prompt.index(ALPHA_SYSTEM) < prompt.index(OWN) < prompt.index("Вопрос пользователя?")


@pytest.mark.parametrize("mode", ["chat", "chat-instruct"])
def test_the_role_stands_before_the_characters_context(host: Host, mode: str) -> None:
    prompt = prompt_of(host, client.CHAT, chat_body("Вопрос пользователя?", mode=mode, context=CONTEXT, **ALPHA))
    assert prompt.count(CONTEXT) == 1 and prompt.count(ALPHA_SYSTEM) == 1, prompt
    assert prompt.index(ALPHA_SYSTEM) < prompt.index(CONTEXT)


def test_examples_stand_before_the_chat_and_the_history_stays(host: Host) -> None:
    body = chat_body("", **ALPHA)
    body["messages"] = [
        {"role": "user", "content": "Первый вопрос?"},
        {"role": "assistant", "content": "Первый ответ."},
        {"role": "user", "content": "Второй вопрос?"},
    ]
    prompt = prompt_of(host, client.CHAT, body)
    parts = (ALPHA_SYSTEM, *ALPHA_EXAMPLE, "Первый вопрос?", "Первый ответ.", "Второй вопрос?", ALPHA_REMINDER)
    assert [prompt.count(part) for part in parts] == [1] * len(parts), prompt
    assert [prompt.index(part) for part in parts] == sorted(prompt.index(part) for part in parts), prompt


@pytest.mark.parametrize("mode", ["instruct", "chat", "chat-instruct"])
def test_continue_goes_on_in_the_reply_that_stands(host: Host, mode: str) -> None:
    body = chat_body("", mode=mode, continue_=True, **ALPHA)
    body["messages"] = [
        {"role": "user", "content": "Вопрос пользователя?"},
        {"role": "assistant", "content": "Начало ответа, которое"},
    ]
    prompt = prompt_of(host, client.CHAT, body)
    assert prompt.endswith("Начало ответа, которое"), prompt
    assert [prompt.count(part) for part in (ALPHA_SYSTEM, ALPHA_REMINDER, "Начало ответа")] == [1, 1, 1], prompt


def test_a_template_without_a_system_role_gets_the_role_in_the_first_user_message(host: Host) -> None:
    body = chat_body("Вопрос пользователя?", instruction_template_str=NO_SYSTEM, **ALPHA)
    prompt = prompt_of(host, client.CHAT, body)
    parts = (ALPHA_SYSTEM, "Вопрос пользователя?", ALPHA_REMINDER)
    assert [prompt.count(part) for part in parts] == [1, 1, 1], prompt
    assert prompt.index("<start_of_turn>user") < prompt.index(ALPHA_SYSTEM) < prompt.index("Вопрос пользователя?")
    assert russian_after(prompt, ALPHA_REMINDER) == "", prompt


def test_earlier_replies_are_shown_without_their_foreign_sentences(host: Host) -> None:
    body = chat_body("", role_engine={"role": "none", "mode": "strict"}, max_tokens=12)
    body["messages"] = [
        {"role": "user", "content": "Первый вопрос?"},
        {"role": "assistant", "content": "Чистое предложение. Всё внезапно建立 сломалось. И ещё одно чистое."},
        {"role": "user", "content": "Что значит 建立?"},
    ]
    prompt = prompt_of(host, client.CHAT, body)
    assert "Чистое предложение." in prompt and "И ещё одно чистое." in prompt
    assert prompt.count("建立") == 1, "the user's own words stay, the reply's go"


@pytest.mark.parametrize("mode", ["instruct", "chat", "chat-instruct"])
def test_role_none_and_mode_off_leave_the_prompt_alone(host: Host, bare: Host, mode: str) -> None:
    for off in ({"role": "none", "mode": "off"}, {"role": "none", "mode": "strict"}):
        body = chat_body("Вопрос пользователя?", mode=mode, context=CONTEXT, max_tokens=12)
        assert prompt_of(host, client.CHAT, {**body, "role_engine": off}) == prompt_of(bare, client.CHAT, body)


def test_completions_get_a_role_only_when_they_name_one(host: Host) -> None:
    plain = completion_body("Море — это", max_tokens=12)
    assert prompt_of(host, client.COMPLETIONS, plain) == "Море — это"
    prompt = prompt_of(host, client.COMPLETIONS, {**plain, "role_engine": {"role": "test-templated"}})
    assert prompt.count(ALPHA_SYSTEM) == 1 and prompt.count("Море — это") == 1, prompt
    assert prompt.index(ALPHA_SYSTEM) < prompt.index("Море — это")
    assert "<|im_start|>" in prompt, "the role's template frames the prompt"


def test_every_attempt_goes_on_from_the_same_prompt(hosts: LaunchHost, host: Host) -> None:
    """What is resumed is the first prompt and the text that was delivered: nothing of the prompt moves."""
    # Without masks there are retries.
    alone = "name: Повтор\nextends: test-alpha\nlanguage: {mode: strict, decoder: 'off'}\n"
    host.write_role("test-retries", alone)
    seen = 0
    for seed in range(1, 12):
        mark = host.recording.mark()
        body = chat_body("Вопрос пользователя?", seed=seed, role_engine={"role": "test-retries"})
        ask(host.client, client.CHAT, body)
        first, *others = host.recording.prompts(mark)
        delivered = host.recording.replies(mark)[-1].text
        for prompt in others:
            assert prompt.startswith(first), f"{prompt}\n--- does not begin with ---\n{first}"
            resumed_from = prompt[len(first) :]
            assert delivered.startswith(resumed_from), f"{resumed_from!r} is no beginning of {delivered!r}"
        seen += len(others)
    assert seen, "nothing was rejected: the test proves nothing"


def test_a_role_that_changes_on_the_disk_is_read_again(host: Host) -> None:
    host.write_role("test-changing", "name: Меняется\nsystem: Первая редакция роли.\n")
    body = chat_body("Вопрос?", role_engine={"role": "test-changing", "mode": "off"}, max_tokens=8)
    assert "Первая редакция роли." in prompt_of(host, client.CHAT, body)
    host.write_role("test-changing", "name: Меняется\nsystem: Вторая, более длинная редакция роли.\n")
    prompt = prompt_of(host, client.CHAT, body)
    assert "Вторая, более длинная редакция роли." in prompt and "Первая" not in prompt
    host.write_role("test-changing", "name: [сломана\n")
    assert "Вторая, более длинная редакция роли." in prompt_of(host, client.CHAT, body), "the last good version stays"
