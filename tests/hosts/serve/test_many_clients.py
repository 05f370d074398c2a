"""Many clients at once, each with a role of its own."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from role_engine import GenerationRequest, ReplayBackend
from role_engine.hosts.serve.request_queue import RequestQueue
from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import served

ROLES = ("первый", "второй", "третий", "четвёртый", "пятый", "шестой", "седьмой", "восьмой")


@pytest.fixture(autouse=True)
def eight_roles(folder: Path) -> None:
    for number, name in enumerate(ROLES):
        (folder / f"role{number}.yaml").write_text(f"name: {name}\nsystem: Тебя зовут {name}.\n", encoding="utf-8")


def says_who_it_is(request: GenerationRequest) -> Iterator[str]:
    """An engine that does what it is told, slowly, and breaks the policy once in each reply."""
    name = re.findall(r"Тебя зовут (\w+)", request.prompt)[0]
    question = request.prompt.split("user\n")[-1].split("<|im_end|>")[0]
    if not request.prefix:
        pieces = ["Я", " —", f" {name}", ".", " hello", " вот."]
    else:
        pieces = [" Спрошено", ":", *(f" {word}" for word in question.split()), "."]
    for piece in pieces:
        time.sleep(random.random() / 500)
        yield piece


@pytest.mark.parametrize("parallel", [1, 4])
def test_nobody_gets_another_ones_reply(make: MakeApp, parallel: int) -> None:
    async def ask(client: openai.AsyncOpenAI, number: int) -> tuple[str, dict[str, object]]:
        stream = await client.chat.completions.create(
            model=f"role:role{number}",
            messages=[{"role": "user", "content": f"вопрос от {ROLES[number]}"}],
            stream=True,
        )
        text = ""
        report: dict[str, object] = {}
        async for chunk in stream:
            text += chunk.choices[0].delta.content or ""
            report = (chunk.model_extra or {}).get("role_engine") or report
        return text, report

    async def all_of_them(base: str) -> list[tuple[str, dict[str, object]]]:
        async with openai.AsyncOpenAI(base_url=f"{base}/v1", api_key="-", max_retries=0) as client:
            return await asyncio.gather(*(ask(client, number) for number in range(8) for _ in range(2)))

    with served(make(ReplayBackend(says_who_it_is), line=RequestQueue(parallel, 16))) as base:
        replies = asyncio.run(all_of_them(base))
    for place, (text, report) in enumerate(replies):
        number = place // 2
        assert text == f"Я — {ROLES[number]}. Спрошено: вопрос от {ROLES[number]}."
        assert report["role"] == f"role{number}"
        assert report["attempts"] == 2
