"""Terms and commands that a line explains stand; words of no meaning to explain do not."""

from __future__ import annotations

import pytest

from tests.language.marking import BALANCED, assert_refused


@pytest.mark.parametrize(
    "marked",
    [
        "- **Council** — совет, который управляет сетью.",
        "- **Treasury** (англ.) — казначейство сети.",
        "* **access-token** — относится к токену доступа.",
        "1. **Relay chain** - главная цепочка.",
        "__Overhead__ — накладные расходы.",
        "- **⟦However⟧** — он пришёл.",
        "- **⟦Wait for it⟧** — и вот он пришёл.",
    ],
)
def test_a_term_in_bold_that_begins_a_line(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "hugo new theme - Создать новую тему",
        "* git push origin old:new (будет отправлена ветка old)",
        "npm run build — собрать проект",
        "docker volume prune - Удалить лишнее",
        "⟦time management⟧ - управление временем",
        "⟦dogs like bones⟧ - и кошки тоже",
    ],
)
def test_a_command_with_its_arguments(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "| bias | смещение |",
        "| nullish coalescing | оператор нулевого слияния |",
        "| ⟦however⟧ | однако |",
    ],
)
def test_a_table_of_terms(marked: str) -> None:
    assert_refused(marked, BALANCED)
