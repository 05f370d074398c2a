"""The roles that come with the project say what they promise, in the language that they promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from role_engine.language import LanguagePolicy, check
from role_engine.prompts import TemplateLibrary, render, role_text
from role_engine.roles import Role, RoleLibrary, validate_role_file

ROOT = Path(__file__).parents[2]
LIBRARY = RoleLibrary([ROOT / "roles"])
TEMPLATES = TemplateLibrary([ROOT / "prompt-templates"])
IDS = (
    "agi-engineer", "editor", "inner-voice", "logician", "mentor", "operator", "philosopher", "poet", "russian",
    "strategist",
)  # fmt: skip
RULE = "русскими буквами"


@pytest.fixture(params=IDS)
def role(request: pytest.FixtureRequest) -> Role:
    return LIBRARY.get(request.param)


def test_all_ten_are_there_and_valid() -> None:
    assert LIBRARY.errors() == {}
    assert LIBRARY.ids() == IDS
    for role_id in IDS:
        report = validate_role_file(ROOT / "roles" / f"{role_id}.yaml", LIBRARY, templates=TEMPLATES.names())
        assert report.problems == ()


def test_each_has_all_that_makes_a_role(role: Role) -> None:
    own = LIBRARY.sources()[role.id].said
    assert role.name and role.description and role.greeting and role.reminder
    assert 150 <= len(re.findall(r"\w+", own["system"])) <= 350
    assert 2 <= len(own["examples"]) <= 3
    assert own["negative"]
    assert len(role.reminder) < 200


def test_all_but_the_base_extend_it(role: Role) -> None:
    extends = LIBRARY.sources()[role.id].extends
    assert extends == (None if role.id == "russian" else "russian")


def test_the_language_rule_stands_first_and_last_in_the_prompt(role: Role) -> None:
    words = role_text(role)
    assert RULE in words.system.partition("\n")[0]
    assert RULE in words.reminder
    rendered = render(role, "Вопрос?", template=TEMPLATES.get(role.template or ""))
    lead, tail = "<|im_start|>system\n", "<|im_end|>\n<|im_start|>assistant\n"
    assert rendered.prompt.startswith(f"{lead}{words.system}")
    assert rendered.prompt.endswith(f"{words.reminder}{tail}")
    assert rendered.prompt.count(words.system) == 1


@pytest.mark.parametrize("mode", ["strict", "balanced"])
def test_a_role_is_clean_by_its_own_rule(role: Role, mode: str) -> None:
    policy = LanguagePolicy.model_validate({"mode": mode, "allow": role.language.allow})
    words = role_text(role, user="Анна")
    texts = [role.name, role.description, role.greeting, words.system, words.reminder]
    texts += [said for turn in words.examples for said in (turn.user, turn.assistant)]
    for text in texts:
        verdict = check(text, policy)
        assert verdict.ok and not verdict.late, verdict


def test_typography(role: Role) -> None:
    words = role_text(role)
    for text in [words.system, role.greeting, *(turn.assistant for turn in words.examples)]:
        assert '"' not in text
        assert " - " not in text
        assert "  " not in text
        assert "..." not in text
        assert text == text.strip()
