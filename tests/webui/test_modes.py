"""Thinking modes in the real host: chosen in four ways, folded away, held to the guard, ended at once.

On a model of random weights only the outside can be seen: which passes there were, what each was asked, where its text
went.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .browsing import SECONDS, Tab, new_tab
from .client import ask, chat_body
from .host import Host, LaunchHost
from .test_stop import GRACE_SECONDS, longest_step

MODES = ("think", "recursion", "conflict")
THINKING = "role-engine-thinking"
FIRST_WORDS = {"think": "Размышление:", "recursion": "Черновик:", "conflict": "Философ-архитектор:"}
LABELS = {"think": "размышление", "recursion": "рекурсия", "conflict": "спор"}
MARKERS = re.compile(r"<\|?/?(?:seed:)?(?:think|recursion|conflict|role|channel|tool)|thought\n", re.IGNORECASE)

# The generation prompt opens nothing with thinking on, and closes an empty block with thinking off, as Qwen3's.
HAS_A_SWITCH = (
    "{%- for message in messages -%}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endfor -%}{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}"
    "{%- if not enable_thinking -%}{{ '<think>\\n\\n</think>\\n\\n' }}{%- endif -%}{%- endif -%}"
)
BY_ROLE = "name: По роли {mode}\nsystem: Ты думаешь.\nlanguage: {{mode: strict}}\nthinking: {{default: {mode}}}\n"
SLOW = "name: Долгая\nsystem: Ты думаешь.\nlanguage: {mode: strict}\nthinking: {default: recursion, depth: 2}\n"


def chosen_by(way: str, mode: str, host: Host) -> tuple[str, dict[str, Any]]:
    """The message and the request's field that choose a mode."""
    if way == "role":
        host.write_role(f"test-by-role-{mode}", BY_ROLE.format(mode=mode))
        return "Что такое море?", {"role": f"test-by-role-{mode}"}
    if way == "token":
        return f"<|{mode}|> Что такое море?", {"role": "none", "mode": "strict"}
    return "Что такое море?", {"role": "none", "mode": "strict", "thinking": mode}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("way", ["request", "role", "token"])
@pytest.mark.parametrize("mode", MODES)
def test_each_mode_chosen_in_each_way(tiny: Host, mode: str, way: str, stream: bool) -> None:
    message, field = chosen_by(way, mode, tiny)
    mark = tiny.recording.mark()
    body = chat_body(message, max_tokens=160, ban_eos_token=True, stream=stream, role_engine=field)
    reply = ask(tiny.client, client.CHAT, body)
    assert reply.report["thinking"] == mode
    assert reply.text.strip() and name_foreign(reply.text) == []
    assert FIRST_WORDS[mode] in reply.reasoning
    assert not MARKERS.search(reply.text), reply.text
    prompts = tiny.recording.prompts(mark)
    assert len(prompts) >= {"think": 2, "recursion": 5, "conflict": 5}[mode]
    assert not [prompt for prompt in prompts if f"<|{mode}|>" in prompt]
    assert reply.usage == reply.report["tokens_delivered"] <= 160


@pytest.mark.parametrize("path", [client.MESSAGES], ids=["messages"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_on_the_other_chat_endpoint(tiny: Host, path: str, stream: bool) -> None:
    field = {"role": "none", "mode": "strict", "thinking": "recursion"}
    reply = ask(tiny.client, path, client.messages_body("Что такое море?", stream=stream, role_engine=field))
    assert "Черновик:" in reply.reasoning
    assert name_foreign(reply.text) == []


def test_the_draft_stands_in_the_next_prompt_and_half_is_kept(tiny: Host) -> None:
    mark = tiny.recording.mark()
    field = {"role": "none", "mode": "strict", "thinking": "recursion"}
    body = chat_body("Что такое море?", max_tokens=400, ban_eos_token=True, role_engine=field)
    reply = ask(tiny.client, client.CHAT, body)
    runs = tiny.recording.runs(mark)
    draft = reply.reasoning.partition("Черновик:\n")[2].partition("\n\nРазбор:\n")[0].strip()
    assert draft and draft in runs[1].prompt
    assert runs[0].max_new_tokens == (400 - 256) // 4
    answer = next(run for run in runs if "окончательный ответ" in run.prompt)
    assert answer.max_new_tokens >= 256


def test_the_models_own_reasoning_where_its_template_has_a_switch(tiny: Host) -> None:
    mark = tiny.recording.mark()
    field = {"role": "none", "mode": "strict", "thinking": "think"}
    body = chat_body("Что такое море?", max_tokens=80, ban_eos_token=True, role_engine=field)
    reply = ask(tiny.client, client.CHAT, {**body, "instruction_template_str": HAS_A_SWITCH})
    prompts = tiny.recording.prompts(mark)
    assert prompts[0].endswith("<think>\n")
    assert "<think>" in prompts[-1] and "</think>" in prompts[-1]
    assert reply.reasoning.strip() and reply.text.strip() and name_foreign(reply.text) == []
    assert reply.usage is not None and reply.usage <= 80


def test_passes_are_checked_under_same(tiny: Host) -> None:
    tiny.write_role(
        "test-same", "name: Та же\nsystem: Ты думаешь.\nlanguage: {mode: strict, in_thinking: same, decoder: off}\n"
    )
    for seed in (1, 2, 3):
        field = {"role": "test-same", "thinking": "think"}
        reply = ask(tiny.client, client.CHAT, chat_body("Что?", max_tokens=100, seed=seed, role_engine=field))
        assert name_foreign(reply.reasoning) == [] and name_foreign(reply.text) == []


def test_unguarded(tiny: Host) -> None:
    field = {"role": "none", "mode": "off", "thinking": "recursion"}
    reply = ask(tiny.client, client.CHAT, chat_body("Что?", max_tokens=160, ban_eos_token=True, role_engine=field))
    assert reply.text.strip() and "Черновик:" in reply.reasoning
    assert reply.report["mode"] == "off" and reply.usage == reply.report["tokens_delivered"]


def test_a_role_may_pass_the_turn_on_and_the_prompt_says_how(tiny: Host) -> None:
    mark = tiny.recording.mark()
    reply = ask(tiny.client, client.CHAT, chat_body("Кто ты?", max_tokens=40, role_engine={"role": "philosopher"}))
    assert "[[Слово: Логик]] или [[Слово: Оператор]]" in tiny.recording.prompts(mark)[0]
    assert name_foreign(reply.text) == []


def test_an_unknown_mode_is_refused_and_the_default_can_be_set(tiny: Host) -> None:
    answer = tiny.client.post(client.CHAT, json=chat_body("Да", role_engine={"thinking": "deep"}))
    assert answer.status_code == 400
    assert "Known thinking modes: conflict, none, recursion, think." in answer.json()["error"]["message"]
    active = "/v1/role-engine/active"
    before = tiny.client.get(active).json()
    try:
        set_to = {"role": None, "mode": "strict", "thinking": "think"}
        assert tiny.client.put(active, json=set_to).json() == set_to
        assert tiny.client.get(active).json() == set_to
        assert ask(tiny.client, client.CHAT, chat_body("Да", max_tokens=40)).report["thinking"] == "think"
    finally:
        tiny.client.put(active, json=before)


@pytest.mark.parametrize("way", ["disconnect", "stop-generation"])
@pytest.mark.parametrize("passes", [0, 1, 2, 3, 4])
def test_it_ends_at_once_in_every_pass(tiny: Host, passes: int, way: str) -> None:
    tiny.write_role("test-slow", SLOW)
    mark = tiny.recording.mark()
    body = chat_body("Долгий рассказ.", max_tokens=1600, ban_eos_token=True, stream=True)
    body["role_engine"] = {"role": "test-slow"}
    connection = http.client.HTTPConnection("127.0.0.1", int(tiny.url.rpartition(":")[2]), timeout=60)
    connection.request("POST", client.CHAT, json.dumps(body), {"Content-Type": "application/json"})
    limit = time.monotonic() + 90
    while len([run for run in tiny.recording.runs(mark) if len(run.steps) >= 5]) <= passes:
        assert time.monotonic() < limit and not tiny.recording.replies(mark), "it never got there"
        time.sleep(0.02)
    left = time.time()
    if way == "disconnect":
        assert connection.sock is not None
        connection.sock.close()
    else:
        assert tiny.client.post("/v1/internal/stop-generation").status_code == 200
    ended = tiny.recording.wait_for_reply(mark, 20)
    assert ended is not None, f"still at work 20 s later\n{tiny.log_tail()}"
    bound = GRACE_SECONDS + longest_step(tiny.recording.runs(mark), left)
    assert ended.ended - left <= bound
    count = len(tiny.recording.runs(mark))
    time.sleep(0.3)
    assert len(tiny.recording.runs(mark)) == count, "another pass began afterwards"
    connection.close()


@pytest.fixture
def leaking(hosts: LaunchHost) -> Host:
    """A host whose every reply holds every marker."""
    return hosts("llama.cpp", "tiny-qwen3", extensions=("recorder", "role_engine", "leaker"), others=("leaker",))


def test_without_the_extension_they_are_seen(hosts: LaunchHost) -> None:
    bare = hosts("llama.cpp", "tiny-qwen3", extensions=("recorder", "leaker"), others=("leaker",))
    message = bare.client.post(client.CHAT, json=chat_body("Что?")).json()["choices"][0]["message"]
    assert "берег" not in (message["content"] or ""), "the host did not swallow the reply: the test proves nothing"


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("thinking", ["none", *MODES])
@pytest.mark.parametrize("mode", ["off", "balanced", "strict"])
@pytest.mark.parametrize("role", ["none", "philosopher"])
def test_no_marker_is_seen(leaking: Host, role: str, mode: str, thinking: str, stream: bool) -> None:
    field = {"role": role, "mode": mode, "thinking": thinking}
    reply = ask(leaking.client, client.CHAT, chat_body("Что?", max_tokens=900, stream=stream, role_engine=field))
    assert not MARKERS.search(reply.text), reply.text
    assert reply.text.startswith("Это"), reply
    assert role == "none" or "[[" not in reply.text  # nobody else has been told how to pass the turn on
    assert "</think>" not in reply.reasoning and "<think>" not in reply.reasoning
    assert bool(reply.reasoning) == (thinking != "none")


@pytest.fixture
def tab(hosts: LaunchHost, browser: Any, loader: str) -> Iterator[Tab]:
    opened = new_tab(browser, hosts(loader, "tiny-qwen3", nowebui=False))
    yield opened
    opened.page.context.close()


@pytest.mark.parametrize("mode", MODES)
def test_on_the_page_the_passes_are_folded_away(tab: Tab, mode: str) -> None:
    tab.choose(THINKING, LABELS[mode])
    mark = tab.host.recording.mark()
    tab.page.fill("#chat-input textarea", "Что такое море?")
    tab.page.locator("#chat-input textarea").press("Enter")
    assert tab.host.recording.wait_for_reply(mark, 240) is not None, tab.host.log_tail()
    tab.page.wait_for_selector("#chat .assistant-message details.thinking-block", timeout=SECONDS / 3, state="attached")
    assert len(tab.host.recording.prompts(mark)) >= 2
    assert "think>" not in tab.page.locator("#chat .assistant-message .message-body").last.inner_text()
