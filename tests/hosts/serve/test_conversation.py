"""What the chat page does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from role_engine import BackendError, GenerationRequest, ReplayBackend, RoleLibrary
from role_engine.app.resolution import Choice
from role_engine.hosts.serve.chat_page.conversation import Conversations, PageState, greeting
from role_engine.i18n.catalogue import say
from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import Gate

pytestmark = pytest.mark.anyio
BUSY, STOPPED = say("ru", "busy"), say("ru", "stopped")


async def all_of(conversations: Conversations, text: str = "Кто ты?", rows: Any = (), **panel: str) -> list[PageState]:
    return [state async for state in conversations.say("me", text, rows, Choice(**panel))]


async def soon(condition: Callable[[], bool]) -> None:
    async def poll() -> None:
        while not condition():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(poll(), 10)


def of(app: Any) -> Conversations:
    return Conversations(app.state.service)


async def test_a_reply_grows(make: MakeApp, leaky: ReplayBackend) -> None:
    states = await all_of(of(make(leaky)), role="poet")
    replies = [state.rows[-1][1] or "" for state in states]
    assert replies[-1] == "Привет, мир."
    assert all(later.startswith(earlier) for earlier, later in pairwise(replies))
    assert [state.first for state in states] == [True] + [False] * (len(states) - 1)
    assert re.fullmatch(r"отклонено 1 фрагмент, потеряно \d+,\d+ с · 4 ток\.", states[-1].status)


async def test_the_chat_so_far_is_shown_to_the_model_but_not_the_greeting(make: MakeApp, leaky: ReplayBackend) -> None:
    rows = [[None, "Здравствуй."], ["Раз?", "Раз."], ["Осталось без ответа", ""]]
    states = await all_of(of(make(leaky)), "Два?", rows)
    messages = leaky.attempts[0].request.messages
    assert [message["content"] for message in messages] == ["Раз?", "Раз.", "Два?"]
    assert states[-1].rows == [*rows, ["Два?", "Привет, мир."]]


async def test_stop_keeps_what_is_written(make: MakeApp) -> None:
    gate = Gate()
    app = make(gate.backend())
    conversations = of(app)
    asked = asyncio.create_task(all_of(conversations))
    await soon(gate.reached.is_set)
    conversations.stop("another")
    assert (await all_of(conversations))[0].status == BUSY
    conversations.stop("me")
    states = await asked
    assert states[-1].status == STOPPED
    assert "Первое".startswith(states[-1].rows[-1][1] or "")
    await soon(lambda: app.state.service.line.running == 0)


async def test_a_cleared_chat_stays_cleared(make: MakeApp) -> None:
    gate = Gate()
    conversations = of(make(gate.backend()))
    asked = asyncio.create_task(all_of(conversations))
    await soon(gate.reached.is_set)
    conversations.forget("me", [[None, "Здравствуй."]])
    assert (await asked)[-1] == PageState([[None, "Здравствуй."]], "")


async def test_an_error_is_told_and_the_next_reply_works(make: MakeApp) -> None:
    scripts = iter([BackendError("Нет памяти."), ["Да."]])

    def fails_once(request: GenerationRequest) -> list[str]:
        script: Any = next(scripts)
        if isinstance(script, Exception):
            raise script
        return script

    conversations = of(make(ReplayBackend(fails_once)))
    assert (await all_of(conversations))[-1].status == "Нет памяти."
    assert (await all_of(conversations, role="nobody"))[-1].status.startswith("There is no role")
    assert (await all_of(conversations))[-1].rows == [["Кто ты?", "Да."]]


async def test_a_greeting_is_filled_in(library: RoleLibrary) -> None:
    assert greeting(library.get("poet")) == "Здравствуй, собеседник."
    assert greeting(library.get("philosopher")) == ""
