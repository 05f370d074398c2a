from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from threading import Event
from typing import Any

import pytest

from role_engine.hosts.serve.failures import QueueFull, ShuttingDown
from role_engine.hosts.serve.request_queue import QueueSlot, RequestQueue


def called(ticket: QueueSlot) -> bool:
    return ticket._turn.done()


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def run() -> None:
        asyncio.run(test())

    run.__name__ = test.__name__
    return run


@in_a_loop
async def test_first_come_first_served() -> None:
    line = RequestQueue(1, 2)
    first, second, third = (line.enter(Event()) for _ in range(3))
    assert [called(t) for t in (first, second, third)] == [True, False, False]
    first.leave()
    assert (called(second), called(third)) == (True, False)
    await asyncio.wait_for(second.turn(), 1)
    assert (line.running, line.waiting) == (1, 1)


@in_a_loop
async def test_so_many_at_a_time() -> None:
    line = RequestQueue(2, 1)
    tickets = [line.enter(Event()) for _ in range(3)]
    assert [called(ticket) for ticket in tickets] == [True, True, False]


@in_a_loop
async def test_the_queue_has_an_end() -> None:
    line = RequestQueue(1, 1)
    line.enter(Event())
    line.enter(Event())
    with pytest.raises(QueueFull) as refusal:
        line.enter(Event())
    assert refusal.value.headers["Retry-After"].isdecimal()
    assert line.refused == 1


@in_a_loop
async def test_without_a_queue_one_can_still_be_served() -> None:
    line = RequestQueue(1, 0)
    ticket = line.enter(Event())
    with pytest.raises(QueueFull):
        line.enter(Event())
    ticket.leave()
    line.enter(Event())


@in_a_loop
async def test_who_leaves_the_queue_makes_room() -> None:
    line = RequestQueue(1, 1)
    first, second = line.enter(Event()), line.enter(Event())
    second.leave()
    third = line.enter(Event())
    first.leave()
    first.leave()
    assert (called(second), called(third), line.running) == (False, True, 1)


@in_a_loop
async def test_closing() -> None:
    line = RequestQueue(1, 1)
    cancel = Event()
    running, waiting = line.enter(cancel), line.enter(Event())
    line.close()
    with pytest.raises(ShuttingDown):
        await waiting.turn()
    with pytest.raises(ShuttingDown):
        line.enter(Event())
    await running.turn()
    assert not cancel.is_set()
    line.cancel_running()
    assert cancel.is_set()
