"""Texts made shorter: what goes first, and that nothing ends within a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.budget.fitting import table_of_contents
from role_engine.budget.shortening import beginning, paragraphs, shorten
from role_engine.prompts.sentences import text_units

RULE = "Отвечай по-русски.\n\nПиши просто. Пиши ясно."
OWN = (
    "Ты — сторож. Ты бережёшь маяк.\n\nТы не спишь ночью.\n\n## Примеры речи\n\nЭй, на лодке!\n\n## Сведения\n\n"
    "Маяку сто лет.\n\n### Кто строил\n\nСтроили моряки."
)


def words(text: str) -> int:
    return len(text.split())


def test_what_fits_is_left_alone() -> None:
    assert shorten(RULE, OWN, 100, words).text == f"{RULE}\n\n{OWN}"
    assert shorten(RULE, OWN, 100, words).left_out == ()


def test_sections_that_can_be_spared_go_first_with_all_that_stands_under_them() -> None:
    short = shorten(RULE, OWN, 26, words)
    assert "## Примеры речи\n\nЭй, на лодке!" in short.text
    assert "Сведения" not in short.text and "моряки" not in short.text
    assert short.left_out == ("section «Сведения»",)
    assert shorten(RULE, OWN, 18, words).text == f"{RULE}\n\n{OWN.partition(chr(10) * 2 + '##')[0]}"


def test_then_what_is_inherited_but_for_its_rule_then_the_role_s_own_words() -> None:
    inherited_cut = shorten(RULE, OWN, 15, words)
    assert inherited_cut.text == "Отвечай по-русски.\n\nТы — сторож. Ты бережёшь маяк.\n\nТы не спишь ночью."
    assert inherited_cut.left_out[-1] == "1 of 8 paragraphs" or "paragraphs" in inherited_cut.left_out[-1]
    core = shorten(RULE, OWN, 11, words)
    assert core.text == "Отвечай по-русски.\n\nТы — сторож. Ты бережёшь маяк."


def test_the_core_stays_whatever_the_limit() -> None:
    assert shorten(RULE, OWN, 0, words).text == "Отвечай по-русски.\n\nТы — сторож."


def test_a_heading_does_not_stand_alone_at_the_end() -> None:
    assert beginning("Начало.\n\n## Глава\n\nСлишком длинный текст главы.", 3, words) == "Начало."


def test_a_block_of_code_goes_as_a_whole() -> None:
    text = "Начало.\n\n```\nx = 1\n\ny = 2\n```\n\nКонец."
    assert beginning(text, 6, words) == "Начало."


def test_a_whole_paragraph_is_better_than_a_little_more() -> None:
    text = "Раз два три четыре пять шесть семь восемь девять десять.\n\nДа. Ещё три слова."
    assert beginning(text, 11, words).endswith("десять.")


SENTENCE = st.sampled_from(
    ["Он пришёл.", "Зачем? Так.", "«Да!» — сказал он.", "В 1990 г. было иначе.", "- пункт", "# Глава"]
)


@given(st.lists(st.tuples(SENTENCE, st.sampled_from([" ", "\n", "\n\n"])), min_size=1, max_size=30), st.integers(0, 60))
def test_nothing_ends_within_a_sentence(pieces: list[tuple[str, str]], limit: int) -> None:
    text = "".join(f"{sentence}{gap}" for sentence, gap in pieces).strip()
    kept = beginning(text, limit, words)
    assert text.startswith(kept)
    ends = {text[:end].rstrip() for _, end in text_units(text)}
    assert (
        kept in ends
        or kept == text
        or any(end.startswith(kept) and end[len(kept) :].strip().startswith("#") for end in ends)
    )
    assert words(kept) <= limit or kept == text[: text_units(text)[0][1]].rstrip()


def test_paragraphs() -> None:
    assert paragraphs("а\nб\n \nв\n\n\nг\n") == ["а\nб", "в", "г"]


BOOK = "# Книга\n\nТекст.\n\n## Глава 1\n\nТекст.\n\n### Параграф\n\n## Глава 2\n\n## Глава 3\n"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (30, "Оглавление:\n- Книга\n  - Глава 1\n    - Параграф\n  - Глава 2\n  - Глава 3"),
        (12, "Оглавление:\n- Книга\n  - Глава 1\n  - Глава 2\n  - Глава 3"),
        (9, "Оглавление:\n- Книга\n  - Глава 1\n…"),
        (2, ""),
    ],
)
def test_a_table_of_contents_as_deep_as_fits(limit: int, expected: str) -> None:
    assert table_of_contents(BOOK, limit, words) == expected


def test_chapters_without_markdown() -> None:
    assert table_of_contents("Глава 1. Море\n\nТекст.\n\nГлава вторая\n\nТекст.", 20, words) == (
        "Оглавление:\n- Глава 1. Море\n- Глава вторая"
    )
    assert table_of_contents("Просто текст.\n\nБез глав.", 20, words) == ""
