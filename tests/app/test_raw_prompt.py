"""A role round a prompt that is not a chat, and what of it gives way to a long one."""

from __future__ import annotations

from role_engine.app.raw_prompt import render_raw_prompt
from role_engine.budget import ContextWindow, RolePromptBuilder
from role_engine.knowledge import KnowledgeLibrary
from role_engine.prompts import Template
from role_engine.roles import Role

FRAME = Template("frame", text="{{system}}\n{{prompt}}\n")
ROLE = Role(id="talker", name="Болтун", system="\n\n".join(["Ты — болтун.", *["Мысль за мыслью идёт сюда."] * 40]))


def render(prompt: str, most: int | None) -> tuple[str, tuple[str, ...]]:
    window = ContextWindow(1000, lambda text: len(text.split()))
    builder = RolePromptBuilder(KnowledgeLibrary())
    rendered, left_out = render_raw_prompt(builder, ROLE, prompt, FRAME, window, most=most, values={})
    return rendered.prompt, left_out


def test_with_room_for_all_nothing_is_left_out() -> None:
    prompt, left_out = render("Мера", 1000)
    assert prompt.count("Мысль") == 40 and prompt.rstrip().endswith("Мера") and left_out == ()
    assert render("Мера", None) == (prompt, ())


def test_a_long_prompt_stays_whole_and_the_role_gives_way() -> None:
    question = "слово " * 80
    prompt, left_out = render(question, 180)
    assert len(prompt.split()) <= 180 and prompt.count("слово") == 80
    assert "Ты — болтун." in prompt and left_out


def test_one_that_leaves_no_room_at_all_is_returned_with_the_roles_core() -> None:
    prompt, left_out = render("слово " * 80, 10)
    assert prompt.count("слово") == 80 and "Ты — болтун." in prompt and left_out
