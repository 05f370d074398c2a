"""Roles of every size in contexts of every size: they keep to their share, and nothing gives way in silence."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from role_engine.app.token_usage import count_prompt_usage
from role_engine.budget import ContextWindow, RolePromptBuilder, role_share
from role_engine.knowledge import KnowledgeLibrary
from role_engine.paths import builtin_roles, builtin_templates
from role_engine.prompts import TemplateLibrary, render
from role_engine.prompts.sentences import text_units
from role_engine.roles import Role, RoleLibrary
from tests.budget.composing import book, book_role, count, long_role, short_role, starts

CONTEXTS = (2048, 4096, 8192, 32_768, 131_072, 1_048_576)
QUESTION = "Что такое терпение и почему оно нам нужно?"
OF_THE_ROLE = ("system", "examples", "knowledge", "reminder")
TEMPLATE = TemplateLibrary([builtin_templates()]).get("qwen3-chatml")


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> RolePromptBuilder:
    return RolePromptBuilder(KnowledgeLibrary(tmp_path_factory.mktemp("knowledge")))


@pytest.fixture(scope="module")
def roles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Role]:
    made = (short_role(), long_role(), book_role(tmp_path_factory.mktemp("roles")))
    return {role.id: role for role in made}


@pytest.mark.slow
@pytest.mark.parametrize("size", ["short", "long", "book"])
@pytest.mark.parametrize("context", CONTEXTS)
def test_every_role_in_every_context(
    teller: RolePromptBuilder, roles: dict[str, Role], size: str, context: int
) -> None:
    role = roles[size]
    told = teller.build(role, QUESTION, ContextWindow(context, count))
    rendered = render(role, QUESTION, template=TEMPLATE, said=told.said)
    costs = count_prompt_usage(rendered, told, count, context, starts)

    assert costs["total"] == sum(costs["parts"].values()) == count(rendered.prompt)
    assert costs["total"] + costs["reply"] == context and costs["reply"] >= context // 4
    taken, share = sum(costs["parts"][part] for part in OF_THE_ROLE), role_share(context)
    assert taken <= share
    for kept in ("Ты ", "❌ Не отвечай на английском.\n✅ Пиши кириллицей.", "Отвечай только по-русски."):
        assert kept in rendered.prompt
    whole = sum(count(text) for text in (role.system, *role.negative, role.reminder)) < 0.9 * share
    assert bool(costs["left_out"]) != whole
    if whole:
        assert role.system in told.said.system and told.said.examples == role.examples
    body = told.said.system.removesuffix(told.said.rules).partition("\n\nОглавление:")[0].rstrip()
    assert role.system.startswith(body)
    cut = len(body) < len(role.system.rstrip())
    assert not cut or any(len(body) <= end <= len(body) + 2 for _, end in text_units(role.system)), "within a sentence"


def test_a_book_that_does_not_fit_becomes_knowledge(teller: RolePromptBuilder, roles: dict[str, Role]) -> None:
    told = teller.build(roles["book"], QUESTION, ContextWindow(8192, count))
    assert told.said.system.startswith("# Книга о простых вещах\n\nТы — рассказчик этой книги")
    assert "\n\nОглавление:\n- Книга о простых вещах\n  - Глава 1." in told.said.system
    assert told.said.knowledge.startswith("Информация (book.md, ")
    assert "терпени" in told.said.knowledge
    assert teller.build(roles["book"], "Привет!", ContextWindow(8192, count)).said.knowledge == ""


def test_a_book_that_fits_is_read_out(teller: RolePromptBuilder, roles: dict[str, Role]) -> None:
    told = teller.build(roles["book"], QUESTION, ContextWindow(1_048_576, count))
    assert book() in told.said.system and told.said.knowledge == "" and told.left_out == ()


def test_a_prompt_begins_alike_whatever_is_asked(teller: RolePromptBuilder, roles: dict[str, Role]) -> None:
    said = [teller.build(roles["book"], asked, ContextWindow(4096, count)).said for asked in (QUESTION, "Кто ты?", "")]
    assert len({(one.system, one.examples) for one in said}) == 1


def test_knowledge_gets_what_the_role_leaves(teller: RolePromptBuilder, tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("Маяк построили моряки в 1890 году. " * 8, encoding="utf-8")
    role = short_role().model_copy(update={"knowledge": short_role().knowledge.model_copy(update={"files": (notes,)})})
    asked = "Кто построил маяк?"
    assert teller.build(role, asked, ContextWindow(8192, count)).left_out == ()
    less = teller.build(role, asked, ContextWindow(8192, count, most=330))
    assert less.left_out == ("knowledge",)
    assert 0 < count(less.said.knowledge) < count(teller.build(role, asked, ContextWindow(8192, count)).said.knowledge)
    assert less.said.knowledge.endswith("году.")
    none = teller.build(role, asked, ContextWindow(8192, count, most=270))
    assert none.said.knowledge == "" and none.left_out[0] == "knowledge"


def test_the_examples_go_before_the_text_the_last_one_first(teller: RolePromptBuilder) -> None:
    said = [{"user": f"Вопрос {n}?", "assistant": "Долгий ответ о море и о людях. " * 3} for n in range(3)]
    role = Role.model_validate({"id": "r", "name": "Р", "system": "Ты — сторож.", "examples": said})
    told = teller.build(role, "", ContextWindow(8192, count, most=90))
    assert [turn.user for turn in told.said.examples] == ["Вопрос 0?", "Вопрос 1?"][: len(told.said.examples)]
    assert told.left_out == (f"examples ({3 - len(told.said.examples)} of 3)",)
    assert told.said.system == "Ты — сторож."


def test_what_is_left_out_is_logged_once(
    teller: RolePromptBuilder, roles: dict[str, Role], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            teller.build(roles["long"], "", ContextWindow(3000, count))
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1 and lines[0].startswith("role long: left out to fit into 750 tokens: examples, system (")


def test_max_share_overrides(teller: RolePromptBuilder, roles: dict[str, Role]) -> None:
    role = roles["long"].model_copy(update={"budget": roles["long"].budget.model_copy(update={"max_share": 0.9})})
    assert teller.build(role, "", ContextWindow(8192, count)).left_out == ()


def test_without_a_context_nothing_is_cut(teller: RolePromptBuilder, roles: dict[str, Role]) -> None:
    assert teller.build(roles["book"], "", ContextWindow(None, count)).left_out == ()


def test_counting_a_role_is_done_once(teller: RolePromptBuilder, roles: dict[str, Role]) -> None:
    asked: list[str] = []

    def counted(text: str) -> int:
        asked.append(text)
        return count(text)

    window = ContextWindow(5000, counted, "counted")
    teller.build(roles["long"], "", window)
    assert asked and len(asked) == len(set(asked)) < 40
    asked.clear()
    teller.build(roles["long"], "Кто ты?", window)
    assert asked == []


@pytest.mark.parametrize("role", RoleLibrary([builtin_roles()]).all(), ids=lambda role: role.id)
def test_the_shipped_roles_keep_their_rule_and_who_they_are_in_the_smallest_context(
    teller: RolePromptBuilder, role: Role
) -> None:
    told = teller.build(role, "", ContextWindow(2048, count))
    assert "Отвечай только по-русски, русскими буквами" in told.said.system
    own = role.system[role.own :].strip()
    assert own.partition(".")[0] in told.said.system
    assert told.said.rules in told.said.system and told.said.reminder


def test_roles_that_say_the_same_keep_the_place_of_their_own_knowledge(
    teller: RolePromptBuilder, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("Озимый чеснок сажают в октябре, за месяц до морозов.", encoding="utf-8")
    for place in ("tail", "system", "tail"):
        knowledge: Any = {"files": [notes], "place": place}
        role = Role(id=place, name="Огородник", system="Ты — огородник.", knowledge=knowledge)
        said = teller.build(role, "Когда сажать чеснок?", ContextWindow(8192, count)).said
        assert said.knowledge and said.place == place
