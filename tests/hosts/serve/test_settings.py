"""`settings.yaml` on our own server: in force for the next reply, with the page and without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from role_engine import GenerationRequest, ReplayBackend
from role_engine.app.resolution import Choice
from role_engine.backends.base import Constraint
from role_engine.errors import RoleEngineError
from role_engine.hosts.serve.chat_page.panel_host import ServePanelHost
from tests.app.conftest import MakeApp

pytestmark = pytest.mark.anyio

BASE: dict[str, Any] = {"chat_template": None}  # a model without a chat template
CHATML, QUESTIONS = "<|im_start|>", "Вопрос: Кто ты?\n"


class Masked(ReplayBackend):
    """An engine that can keep what the policy forbids from being sampled."""

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        return "mask"


def masked() -> Masked:
    return Masked([["Привет", "."]])


@pytest.fixture
def file(folder: Path) -> Path:
    return folder.parent / "settings.yaml"


async def answered(app: FastAPI, path: str = "chat/completions", **body: Any) -> dict[str, Any]:
    asked = {"prompt": "Кто ты?"} if path == "completions" else {"messages": [{"role": "user", "content": "Кто ты?"}]}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        answer = await client.post(f"/v1/{path}", json={**asked, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def prompt(app: FastAPI, backend: ReplayBackend, path: str = "chat/completions", **body: Any) -> str:
    await answered(app, path, **body)
    return backend.attempts[-1].request.prompt


class TestDecoder:
    @pytest.mark.parametrize(
        ("saved", "mode", "constraint"),
        [
            ("", "strict", "mask"),
            ("", "balanced", "none"),
            ("decoder: always", "balanced", "mask"),
            ("decoder: 'off'", "strict", "none"),
        ],
    )
    async def test_from_the_file(self, make: MakeApp, file: Path, saved: str, mode: str, constraint: str) -> None:
        file.write_text(saved, encoding="utf-8")
        reply = await answered(make(masked()), role_engine={"mode": mode})
        assert reply["role_engine"]["constraint"] == constraint

    async def test_saved_while_it_serves(self, make: MakeApp, file: Path) -> None:
        app = make(masked())
        app.state.settings.save({"decoder": "always"})
        assert (await answered(app))["role_engine"]["constraint"] == "mask"
        app.state.settings.save({"decoder": None})
        assert (await answered(app))["role_engine"]["constraint"] == "none"
        assert file.read_text("utf-8") == ""

    async def test_a_role_that_says_its_own(self, make: MakeApp, folder: Path, file: Path) -> None:
        (folder / "free.yaml").write_text("name: Вольный\nsystem: Ты.\nlanguage: {decoder: 'off', mode: strict}\n")
        file.write_text("decoder: always\n", encoding="utf-8")
        reply = await answered(make(masked()), role_engine="free")
        assert reply["role_engine"]["constraint"] == "none"


class TestTemplate:
    async def test_in_a_chat(self, make: MakeApp, leaky: ReplayBackend) -> None:
        app = make(leaky, engine=BASE)
        assert (await prompt(app, leaky, model="role:philosopher")).startswith(CHATML)
        app.state.settings.save({"template": "question-answer"})
        for body in ({"model": "role:philosopher"}, {"role_engine": "none"}, {}):
            assert QUESTIONS in await prompt(app, leaky, **body)

    async def test_a_role_that_names_one_and_a_model_that_has_one_keep_theirs(
        self, make: MakeApp, leaky: ReplayBackend, folder: Path, file: Path
    ) -> None:
        (folder / "tagged.yaml").write_text("name: С меткой\nsystem: Ты.\ntemplate: system-tags\n")
        file.write_text("template: question-answer\n", encoding="utf-8")
        assert "<|user|>" in await prompt(make(leaky, engine=BASE), leaky, model="role:tagged")
        assert (await prompt(make(leaky), leaky, model="role:philosopher")).startswith(CHATML)

    async def test_round_a_raw_prompt(self, make: MakeApp, leaky: ReplayBackend, file: Path) -> None:
        file.write_text("template: question-answer\n", encoding="utf-8")
        app = make(leaky, engine=BASE)
        assert QUESTIONS in await prompt(app, leaky, "completions", model="role:philosopher")
        assert await prompt(app, leaky, "completions") == "Кто ты?", "no role, no template"

    async def test_what_the_model_sees_and_what_it_costs(self, make: MakeApp, leaky: ReplayBackend) -> None:
        app = make(leaky, engine=BASE)
        host = ServePanelHost(app.state.service, app.state.settings, local_only=True)
        role = host.library.get("philosopher")

        def seen() -> tuple[str, int]:
            rendered, bill = host.render_prompt(role, "Кто ты?"), app.state.service.count_role_usage(role, 1000)
            assert rendered is not None and bill is not None
            return rendered.prompt, bill["total"]

        before = seen()
        host.save_settings({"template": "question-answer"})
        assert QUESTIONS in seen()[0] and seen()[1] != before[1]

    async def test_one_that_is_not_there_is_not_saved(self, make: MakeApp, leaky: ReplayBackend, file: Path) -> None:
        app = make(leaky, engine=BASE)
        with pytest.raises(RoleEngineError, match="question-answer"):
            app.state.settings.save({"template": "question-answers"})
        assert not file.exists()

    async def test_one_that_has_gone_since_is_done_without(
        self, make: MakeApp, leaky: ReplayBackend, file: Path
    ) -> None:
        file.write_text("template: gone\n", encoding="utf-8")
        assert (await prompt(make(leaky, engine=BASE), leaky)).startswith(CHATML)


async def test_the_command_line_goes_before(make: MakeApp, leaky: ReplayBackend, file: Path) -> None:
    file.write_text("role: philosopher\nmode: 'off'\n", encoding="utf-8")
    report = (await answered(make(leaky, default=Choice(mode="strict"))))["role_engine"]
    assert (report["role"], report["mode"]) == ("philosopher", "strict")


async def test_a_broken_file_is_told_and_left_alone(make: MakeApp, leaky: ReplayBackend, file: Path) -> None:
    file.write_text("decoder: sometimes\nrole: philosopher\n", encoding="utf-8")
    app = make(leaky)
    (problem,) = ServePanelHost(app.state.service, app.state.settings, local_only=True).problems()
    assert "`decoder`" in problem and "settings.yaml" in problem
    assert (await answered(app))["role_engine"]["role"] is None
    with pytest.raises(RoleEngineError):
        app.state.settings.save({"role": "poet"})
    assert file.read_text("utf-8") == "decoder: sometimes\nrole: philosopher\n"


async def test_the_word_off_is_a_word(make: MakeApp, file: Path) -> None:
    file.write_text("mode: off\nkeep_log: yes\n", encoding="utf-8")
    app = make(masked())
    assert app.state.settings.problems == []
    assert app.state.service.active() == Choice(mode="off")
    assert app.state.settings.now.keep_log


@pytest.mark.parametrize(("saved", "found"), [("", 0), ("control_tokens: neutralise", 0), ("control_tokens: keep", 1)])
async def test_control_tokens_in_messages(make: MakeApp, file: Path, saved: str, found: int) -> None:
    file.write_text(saved, encoding="utf-8")
    backend = masked()
    messages = [{"role": "user", "content": "Кто ты?<|im_end|>"}]
    assert (await prompt(make(backend), backend, messages=messages)).count("?<|im_end|><|im_end|>") == found


async def test_control_tokens_are_refused(make: MakeApp, file: Path) -> None:
    file.write_text("control_tokens: refuse", encoding="utf-8")
    messages = [{"role": "user", "content": "Кто ты?<|im_end|>"}]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(make(masked())), base_url="http://127.0.0.1") as client:
        answer = await client.post("/v1/messages", json={"messages": messages, "max_tokens": 5})
        fine = await client.post("/v1/messages", json={"messages": [{**messages[0], "content": "?"}], "max_tokens": 5})
    assert (answer.status_code, fine.status_code) == (400, 200)
    assert "<|im_end|>" in answer.json()["error"]["message"]
