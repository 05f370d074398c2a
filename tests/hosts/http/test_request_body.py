"""The body is read whole or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from role_engine.hosts.http.request_body import BodiesTooMany, BodyMemory, BodyTooLarge, ClientGone, read_body
from role_engine.hosts.serve.memory import trim_memory

pytestmark = pytest.mark.anyio


def messages(*sent: dict[str, Any]) -> Any:
    left = iter(sent)

    async def receive() -> dict[str, Any]:
        return next(left)

    return receive


def piece(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_the_pieces_are_put_together() -> None:
    assert await read_body(messages(piece(b"ab"), piece(b""), piece(b"cd", more=False)), 4) == b"abcd"
    assert await read_body(messages({"type": "http.request"}), 4) == b""


@pytest.mark.parametrize("announced", ["5", "99999999999999999999"])
async def test_an_announced_excess_is_refused_before_anything_is_read(announced: str) -> None:
    with pytest.raises(BodyTooLarge):
        await read_body(messages(), 4, announced)


@pytest.mark.parametrize("announced", [None, "4", "0", "", "-1", "x"])
async def test_what_arrives_counts_and_not_what_was_announced(announced: str | None) -> None:
    assert await read_body(messages(piece(b"abcd", more=False)), 4, announced) == b"abcd"
    with pytest.raises(BodyTooLarge):
        await read_body(messages(piece(b"abcd"), piece(b"e")), 4, announced)


async def test_a_client_that_leaves() -> None:
    with pytest.raises(ClientGone):
        await read_body(messages(piece(b"ab"), {"type": "http.disconnect"}), 4)


async def test_after_a_large_body_its_memory_is_given_back_once() -> None:
    given: list[int] = []
    memory = BodyMemory(100, small=10, after_large=lambda: given.append(memory.taken), large=50)
    for sizes in ((20,), (30, 60, 15), (5,)):
        with memory.share() as take:
            for size in sizes:
                take(size)
            assert memory.taken == (sizes[-1] if sizes[-1] > 10 else 0)
    while not given:
        await asyncio.sleep(0.01)
    assert given == [0]
    with memory.share() as take, pytest.raises(BodiesTooMany):
        take(101)


def test_trimming_works_wherever_it_runs() -> None:
    trim_memory()
