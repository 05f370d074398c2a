"""Thinking modes through our own server: each API's place for the passes, streamed and whole, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from role_engine import Capabilities, GenerationRequest, ReplayBackend
from role_engine.app.resolution import Choice
from role_engine.hosts.serve.chat_page.conversation import Conversations
from tests.app.conftest import CHATML, MakeApp
from tests.hosts.serve.serving import served

THOUGHTS = "Черновик:\nЧерновик тут.\n\nРазбор:\nЗамечаний нет."
ASKED: dict[str, Any] = {"messages": [{"role": "user", "content": "Кто ты?"}]}


@pytest.fixture
def backend() -> ReplayBackend:
    def script(request: GenerationRequest) -> list[str]:
        if "окончательный ответ" in request.prompt:
            return ["Я", " поэт", "."]
        return ["Замечаний", " нет", "."] if "строгий редактор" in request.prompt else ["Черновик", " тут", "."]

    return ReplayBackend(script)


ClientOf = Callable[[Any], httpx.Client]


@pytest.fixture
def client_of() -> Iterator[ClientOf]:
    """A client of an app that is served until the test ends."""
    with ExitStack() as stack:

        def client(app: Any) -> httpx.Client:
            url = stack.enter_context(served(app))
            return stack.enter_context(httpx.Client(base_url=url, timeout=30, trust_env=False))

        yield client


@pytest.mark.parametrize(
    ("field", "message"),
    [({"thinking": "recursion"}, "Кто ты?"), ({}, "<|recursion|> Кто ты?")],
    ids=["field", "token"],
)
def test_chosen_in_the_request(
    client_of: ClientOf, make: MakeApp, backend: ReplayBackend, field: dict[str, str], message: str
) -> None:
    body = {"messages": [{"role": "user", "content": message}], "role_engine": field}
    answer = client_of(make(backend)).post("/v1/chat/completions", json=body).json()
    said = answer["choices"][0]["message"]
    assert (said["content"], said["reasoning_content"]) == ("Я поэт.", THOUGHTS)
    assert answer["role_engine"]["thinking"] == "recursion"
    assert answer["usage"]["completion_tokens"] == answer["role_engine"]["tokens_delivered"] == 9
    assert not [attempt for attempt in backend.attempts if "<|recursion|>" in attempt.request.prompt]


def test_streamed(client_of: ClientOf, make: MakeApp, backend: ReplayBackend) -> None:
    body = {**ASKED, "stream": True, "role_engine": {"thinking": "recursion"}}
    lines = client_of(make(backend)).post("/v1/chat/completions", json=body).text.splitlines()
    chunks = [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    assert "".join(delta.get("content") or "" for delta in deltas) == "Я поэт."
    assert "".join(delta.get("reasoning_content") or "" for delta in deltas) == THOUGHTS


def test_messages(client_of: ClientOf, make: MakeApp, backend: ReplayBackend) -> None:
    body = {**ASKED, "max_tokens": 900, "role_engine": {"thinking": "recursion"}}
    thinking, text = client_of(make(backend)).post("/v1/messages", json=body).json()["content"]
    assert (thinking["thinking"], text["text"]) == (THOUGHTS, "Я поэт.")


def test_by_the_role_and_by_the_servers_default(
    client_of: ClientOf, make: MakeApp, backend: ReplayBackend, folder: Path
) -> None:
    text = "name: Думает\nsystem: Ты думаешь.\nthinking: {default: recursion, depth: 1}\n"
    (folder / "thinks.yaml").write_text(text, encoding="utf-8")
    client = client_of(make(backend, default=Choice(thinking="think")))
    asked = [{**ASKED, "role_engine": field} for field in ({"role": "thinks"}, {"role": "poet"}, {"thinking": "none"})]
    replies = [client.post("/v1/chat/completions", json=body).json() for body in asked]
    assert [reply["role_engine"]["thinking"] for reply in replies] == ["recursion", "think", "none"]


def test_the_default_is_told_and_set(client_of: ClientOf, make: MakeApp, backend: ReplayBackend) -> None:
    client = client_of(make(backend))
    active = {"role": None, "mode": None, "thinking": "conflict"}
    assert client.put("/v1/role-engine/active", json=active).json() == active
    assert client.get("/v1/role-engine/active").json() == active


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/role-engine/active"])
def test_an_unknown_mode_is_refused_and_the_known_ones_listed(
    client_of: ClientOf, make: MakeApp, backend: ReplayBackend, path: str
) -> None:
    client = client_of(make(backend))
    if path.endswith("active"):
        answer = client.put(path, json={"thinking": "deep"})
    else:
        answer = client.post(path, json={**ASKED, "role_engine": {"thinking": "deep"}})
    assert answer.status_code == 400
    assert "Known thinking modes: conflict, none, recursion, think." in answer.json()["error"]["message"]


def test_every_choice_has_passes_of_its_own(client_of: ClientOf, make: MakeApp, backend: ReplayBackend) -> None:
    answer = client_of(make(backend)).post(
        "/v1/chat/completions", json={**ASKED, "n": 2, "seed": 5, "role_engine": {"thinking": "recursion"}}
    )
    assert [choice["message"]["content"] for choice in answer.json()["choices"]] == ["Я поэт."] * 2
    assert len({attempt.request.seed for attempt in backend.attempts}) == 6


def test_a_text_that_is_continued_has_no_passes(client_of: ClientOf, make: MakeApp, backend: ReplayBackend) -> None:
    messages = [*ASKED["messages"], {"role": "assistant", "content": "Я —"}]
    body = {"messages": messages, "role_engine": {"thinking": "recursion"}}
    answer = client_of(make(backend)).post("/v1/chat/completions", json=body).json()
    assert "reasoning_content" not in answer["choices"][0]["message"]
    assert answer["role_engine"]["thinking"] == "none"


def test_a_stop_string_of_the_clients_is_named(client_of: ClientOf, make: MakeApp, backend: ReplayBackend) -> None:
    body = {**ASKED, "max_tokens": 900, "stop_sequences": ["поэт"], "role_engine": {"thinking": "recursion"}}
    answer = client_of(make(backend)).post("/v1/messages", json=body).json()
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("stop_sequence", "поэт")
    assert answer["content"][-1]["text"].strip() == "Я"


def test_another_servers_model_thinks_as_well(client_of: ClientOf, make: MakeApp) -> None:
    """It takes messages: the question of each pass stands in the last one."""
    said = iter(["Мысль.", "Ответ."])
    backend = ReplayBackend(lambda request: [next(said)], Capabilities(resume="assistant_prefill"))
    client = client_of(make(backend, engine={"chat_template": None}))
    answer = client.post("/v1/chat/completions", json={**ASKED, "role_engine": {"thinking": "think"}}).json()
    assert answer["choices"][0]["message"]["reasoning_content"] == "Размышление:\nМысль."
    first, second = (attempt.request.messages[-1]["content"] for attempt in backend.attempts)
    assert "Пока не отвечай" in first and "Мысль." in second


def test_what_the_role_knows_of_the_question_stands_in_every_prompt(
    client_of: ClientOf, make: MakeApp, backend: ReplayBackend, folder: Path
) -> None:
    (folder / "notes.md").write_text("Старый маяк на мысе построен в 1901 году.\n", encoding="utf-8")
    text = "name: Смотритель\nsystem: Ты — смотритель.\nknowledge: {files: [notes.md]}\n"
    (folder / "keeper.yaml").write_text(text, encoding="utf-8")
    messages = [{"role": "user", "content": "В каком году построен старый маяк на мысе?"}]
    body = {"messages": messages, "role_engine": {"role": "keeper", "thinking": "recursion"}}
    client_of(make(backend)).post("/v1/chat/completions", json=body)
    assert ["1901" in attempt.request.prompt for attempt in backend.attempts] == [True] * 3


def test_a_role_passes_the_turn_on(client_of: ClientOf, make: MakeApp, folder: Path) -> None:
    text = "name: Первая роль\nsystem: Ты первая.\nhandoff: [poet]\n"
    (folder / "first.yaml").write_text(text, encoding="utf-8")
    backend = ReplayBackend([["Начну. ", "[[Сло", "во: Поэт]]", " лишнее"], ["Продолжу", "."]])
    body = {**ASKED, "role_engine": {"role": "first"}}
    answer = client_of(make(backend)).post("/v1/chat/completions", json=body).json()
    assert answer["choices"][0]["message"]["content"] == "Начну. \n\n**Поэт:**\n\nПродолжу."
    assert answer["role_engine"]["role"] == "first"


def test_a_model_that_can_be_told_nothing_is_told_nothing(client_of: ClientOf, make: MakeApp, folder: Path) -> None:
    (folder / "first.yaml").write_text("name: Первая\nsystem: Ты первая.\nhandoff: [poet]\n", encoding="utf-8")
    backend = ReplayBackend([["Начну."]])
    client = client_of(make(backend, engine={"hands_over": False}))
    client.post("/v1/chat/completions", json={**ASKED, "role_engine": {"role": "first"}})
    assert "[[Слово" not in backend.attempts[0].request.prompt


def test_a_template_that_opens_the_reasoning_itself(client_of: ClientOf, make: MakeApp) -> None:
    """The block is the procedure's; what the model thinks in each pass stands in it."""

    def script(request: GenerationRequest) -> list[str]:
        said = "Ответ." if "Твои размышления" in request.prompt else "Мысль."
        return ["гадаю", "</think>", said]

    opens = CHATML.replace("assistant\n{%", "assistant\n<think>\n{%")
    client = client_of(make(ReplayBackend(script), engine={"chat_template": opens}))
    body = {**ASKED, "role_engine": {"thinking": "think"}}
    said = client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert said["content"] == "Ответ."
    assert said["reasoning_content"] == "Размышление:\nгадаю‹/think›Мысль.\n\nгадаю"


@pytest.mark.anyio
async def test_on_the_page_the_passes_are_folded_away(make: MakeApp, backend: ReplayBackend) -> None:
    conversations = Conversations(make(backend).state.service)
    shown = [state async for state in conversations.say("s", "Кто ты?", [], Choice(thinking="recursion"))]
    reply = str(shown[-1].rows[-1][1])
    assert reply.startswith("<details") and "Черновик тут." in reply
    assert reply.endswith("Я поэт.")
