"""Chat templates that models really bring, as files `*.jinja` in the folder that `ROLE_ENGINE_TEMPLATES` names.

None of them comes with the project. A template that shows a plain chat carries a role, whatever the order of the turns;
one that does not has its reason in one line.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from role_engine import LanguagePolicy, ReplayBackend, RoleLibrary, TemplateLibrary
from role_engine.app.chat_prompt import build_chat_prompt
from role_engine.budget import RolePromptBuilder
from role_engine.knowledge import KnowledgeLibrary
from role_engine.prompts.chat_templates import adapt_chat_template, template_problem
from role_engine.prompts.sandbox import PROBE_VALUES, compile_template
from tests.app.conftest import engine_of
from tests.prompts.conftest import as_the_webui_loads_it

FOLDER = Path(os.environ.get("ROLE_ENGINE_TEMPLATES", "/nowhere"))
FILES = sorted(FOLDER.glob("*.jinja"))

GARDENER = """
name: Огородник
system: Ты — огородник с большим стажем.
reminder: Отвечай коротко и просто.
knowledge: {files: [garden.md]}
"""
GARDEN = "# Огород\n\nОзимый чеснок сажают в первой половине октября.\n\nРедис сеют в мае.\n"
ROLE, FACT, REMINDER = "Ты — огородник с большим стажем.", "Озимый чеснок сажают", "Отвечай коротко и просто."

pytestmark = pytest.mark.skipif(not FILES, reason="ROLE_ENGINE_TEMPLATES names no folder with *.jinja")


def said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


FIRST, ANSWER, SECOND = said("user", "Что посеять?"), said("assistant", "Горох."), said("user", "Когда сажать чеснок?")
LATE = said("system", "Указание со стороны.")
CHATS = {
    "a question": [SECOND],
    "a conversation": [FIRST, ANSWER, SECOND],
    "a later system message": [FIRST, ANSWER, LATE, SECOND],
    "a last system message": [FIRST, ANSWER, SECOND, LATE],
    "two questions in a row": [FIRST, SECOND],
    "two answers in a row": [FIRST, ANSWER, said("assistant", "И укроп."), SECOND],
    "a greeting": [said("assistant", "Здравствуй!"), SECOND],
}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def source(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text(encoding="utf-8")


def alone(source: str, messages: list[dict[str, str]]) -> bool:
    try:
        out = compile_template(source).render(messages=messages, **{**PROBE_VALUES, "add_generation_prompt": True})
    except Exception:
        return False
    return all(message["content"] in out for message in messages)


@pytest.mark.parametrize("form", ["as it is", "as the webui loads it"])
def test_a_role_in_every_public_template(source: str, form: str, tmp_path: Path) -> None:
    template = source if form == "as it is" else as_the_webui_loads_it(source)
    problem = template_problem(template)
    if problem is not None:
        assert "\n" not in problem
        assert not (alone(template, [FIRST]) and alone(template, [FIRST, ANSWER, SECOND])), problem
        return
    (tmp_path / "gardener.yaml").write_text(GARDENER, encoding="utf-8")
    (tmp_path / "garden.md").write_text(GARDEN, encoding="utf-8")
    role = RoleLibrary([tmp_path]).get("gardener")
    teller = RolePromptBuilder(KnowledgeLibrary(tmp_path / "cache"))
    for name, messages in CHATS.items():
        for prompt in (in_serve(template, role, messages, teller), in_the_webui(template, messages)):
            texts = [message["content"] for message in messages]
            assert [prompt.count(text) for text in (ROLE, FACT, REMINDER, *texts)] == [1] * (3 + len(texts)), name
            turns = [prompt.find(message["content"]) for message in messages if message["role"] != "system"]
            assert turns == sorted(turns), name
            ends = [prompt.find(text) for text in (SECOND["content"], FACT, REMINDER)]
            assert ends == sorted(ends), name
            assert prompt.find(ROLE) < prompt.find(REMINDER), name


def in_serve(template: str, role: Any, messages: list[dict[str, str]], teller: RolePromptBuilder) -> str:
    engine = engine_of(ReplayBackend([]), chat_template=template)
    written = build_chat_prompt(
        engine, TemplateLibrary([]), role, messages, LanguagePolicy(), room=0, values={}, teller=teller
    )
    return written.prompt


def in_the_webui(template: str, messages: list[dict[str, str]]) -> str:
    """As the host renders it: the role as its system message, the last words in the template."""
    adapted = adapt_chat_template(template, reminder=f"{FACT} в октябре.\n\n{REMINDER}")
    given = {**PROBE_VALUES, "add_generation_prompt": True}
    return compile_template(adapted).render(messages=[said("system", ROLE), *messages], **given)
