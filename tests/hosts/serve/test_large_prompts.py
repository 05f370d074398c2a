"""A prompt that is too long costs what the context is worth, and what nobody waits for costs nothing more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from role_engine import ReplayBackend
from role_engine.hosts.serve.line import Line
from tests.hosts.conftest import MakeApp, words
from tests.hosts.serve.serving import served, until

pytestmark = pytest.mark.anyio
CONTEXT = 500
PATHS = ["/v1/chat/completions", "/v1/messages", "/v1/completions"]


class Counter:
    """Counts words; `read` is how many characters it was given; `on_count` is called each time."""

    def __init__(self) -> None:
        self.read = 0
        self.on_count: Callable[[], Any] = lambda: None

    def __call__(self, text: str) -> int:
        self.read += len(text)
        self.on_count()
        return words(text)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def backend() -> ReplayBackend:
    return ReplayBackend(lambda request: ["Да."])


@pytest.fixture
async def client(make: MakeApp, backend: ReplayBackend, counter: Counter) -> AsyncIterator[httpx.AsyncClient]:
    app = make(backend, engine={"count": counter, "context": CONTEXT})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as made:
        yield made


def asked(text: str, *before: str) -> dict[str, Any]:
    roles = ("user", "assistant")
    chat = [{"role": roles[i % 2], "content": content} for i, content in enumerate((*before, text))]
    return {"messages": chat, "prompt": text, "max_tokens": 5}


@pytest.mark.parametrize("path", PATHS)
async def test_a_text_that_does_not_fit_is_not_read_to_its_end(
    client: httpx.AsyncClient, counter: Counter, path: str
) -> None:
    answer = await client.post(path, json=asked("слово " * 400_000))
    assert answer.status_code == 400
    assert "tokens" in answer.json()["error"]["message"]
    assert counter.read < 100_000


async def test_a_long_history_is_shortened_as_ever_and_not_read_to_its_beginning(
    client: httpx.AsyncClient, counter: Counter, backend: ReplayBackend
) -> None:
    history = [text for i in range(4000) for text in (f"вопрос {i} " + "слово " * 20, f"ответ {i} " + "слово " * 20)]
    answer = await client.post(PATHS[0], json={**asked("Что дальше?", *history), "max_tokens": 100})
    assert answer.status_code == 200
    prompt = backend.attempts[0].request.prompt
    assert prompt.endswith("Что дальше?<|im_end|>\n<|im_start|>assistant\n")
    assert CONTEXT - 100 - 50 < words(prompt) <= CONTEXT - 100
    assert counter.read < 200_000


async def test_of_many_messages_only_those_that_may_fit_are_rendered(
    client: httpx.AsyncClient, counter: Counter, backend: ReplayBackend
) -> None:
    answer = await client.post(PATHS[0], json=asked("Что дальше?", *["да", "нет"] * 8000))
    assert answer.status_code == 200
    assert words(backend.attempts[0].request.prompt) <= CONTEXT
    assert counter.read < 400_000


async def test_the_planning_of_one_that_left_ends(make: MakeApp, backend: ReplayBackend, counter: Counter) -> None:
    """Each piece that is counted is the last one once its client has gone."""
    reached, going_on = threading.Semaphore(0), threading.Event()

    def wait() -> None:
        reached.release()
        going_on.wait(30)

    app = make(backend, engine={"count": counter, "context": 10_000_000})
    service = app.state.service
    with served(app) as base:
        counter.on_count = wait

        async def leave() -> None:
            async with httpx.AsyncClient() as client:
                task = asyncio.ensure_future(client.post(base + PATHS[0], json=asked("слово " * 100_000), timeout=60))
                await asyncio.to_thread(until, lambda: service._planning.statistics().borrowed_tokens == 6, "planning")
                task.cancel()

        await asyncio.gather(*(leave() for _ in range(6)))
        statistics = service._planning.statistics
        await asyncio.sleep(0.3)
        before = counter.read
        going_on.set()
        await asyncio.to_thread(until, lambda: not statistics().borrowed_tokens, "an end of the planning")
        assert not statistics().tasks_waiting
        assert counter.read - before <= 70_000
        assert backend.attempts == []


async def test_others_are_answered_while_prompts_are_planned(
    make: MakeApp, backend: ReplayBackend, counter: Counter
) -> None:
    going_on = threading.Event()
    counter.on_count = lambda: going_on.wait(30)
    # Once they are planned, all of them have a place in the line, however slow the machine is.
    app = make(backend, engine={"count": counter, "context": CONTEXT}, line=Line(1, 90))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        waiting = [asyncio.ensure_future(client.post(PATHS[0], json=asked("Да?"))) for _ in range(90)]
        refused, _ = await asyncio.wait(waiting, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result().status_code for task in refused} == {429}  # there is no room for all
        assert (await client.get("/v1/role-engine/health")).status_code == 200
        going_on.set()
        answers = [answer.status_code for answer in await asyncio.gather(*waiting)]
    assert sorted(answers) == [200] * 80 + [429] * 10  # they may arrive in any order
