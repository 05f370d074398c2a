"""Earlier replies lose what pulls the next one along, and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.language import LanguagePolicy, check
from role_engine.prompts import clean_history, clean_reply
from role_engine.prompts.sentences import sentence_spans

STRICT = LanguagePolicy(mode="strict")
BALANCED = LanguagePolicy(mode="balanced")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Всё по-русски. И это тоже.", "Всё по-русски. И это тоже."),
        ("Первое. Here is the summary. Второе.", "Первое. Второе."),
        ("Here is the summary: вот. Второе!", "Второе!"),
        ("Начало 突然 конец. Дальше ногami вперёд? Да.", "Да."),
        ("Строка.\nSecond line.\nТретья.", "Строка.\n\nТретья."),
        ("- раз\n- two\n- три", "- раз\n- три"),
        ("1. Раз. Two. Три.\n2. Four.\n3. Пять.", "1. Раз. Три.\n3. Пять."),
        ("# Summary\n\nТекст.", "Текст."),
        ("> Quote here.\n\nОтвет.", "Ответ."),
        ("| имя | name |\n| я | ты |", "| я | ты |"),
        ("Он сказал: «Nevermind». И ушёл.", "И ушёл."),
        ("В 1990 г. Петров, т. е. сосед, купил laptop за 5 тыс. руб. в кредит. Потом продал.", "Потом продал."),
        ("Only English.", "…"),
        ("突然", "…"),
        ("", ""),
        ("  \n", "  \n"),
    ],
)
def test_sentences_with_a_violation_go(text: str, clean: str) -> None:
    assert clean_reply(text, STRICT) == clean


def test_a_code_block_goes_as_a_whole() -> None:
    text = "Вот так:\n\n```python\nx = 1\n```\n\nГотово."
    assert clean_reply(text, STRICT) == "Вот так:\n\nГотово."
    assert clean_reply(text, BALANCED) == text


def test_an_unclosed_code_block_goes_to_the_end() -> None:
    assert clean_reply("Вот.\n```python\nx = 1\n", STRICT) == "Вот."


def test_a_think_block_stays_as_it_is() -> None:
    thought = "<think>\nLet me think.\n</think>\n\n"
    for policy in (STRICT, STRICT.model_copy(update={"in_thinking": "same"})):
        assert clean_reply(f"{thought}Да. Yes indeed. Нет.", policy) == f"{thought}Да. Нет."
        assert clean_reply(f"{thought}Yes indeed.", policy) == f"{thought}…"
        assert clean_reply("<think>\nunfinished", policy) == "<think>\nunfinished"


def test_a_block_in_another_format_stays_too_with_the_markers_behind_it() -> None:
    thought = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>"
    assert clean_reply(f"{thought}Yes indeed. Да.", STRICT) == f"{thought}Да."


def test_mode_off_changes_nothing() -> None:
    assert clean_reply("Only English.", LanguagePolicy(mode="off")) == "Only English."


def test_what_the_user_wrote_may_be_repeated() -> None:
    reply = "Fuddleworks — это завод."
    assert clean_reply(reply, BALANCED, ["Что такое Fuddleworks?"]) == reply


def test_rows_keep_their_form_and_the_input_is_not_touched() -> None:
    rows: list[list[Any]] = [
        ["<|BEGIN-VISIBLE-CHAT|>", "Привет. Hello there, friend."],
        ["Вопрос", "Ответ. Some answer here.", "", {"tool_calls": [1]}],
        ["", "", "tool result in English", {"tool_call_id": "1"}],
        ["И?", "Да.", "", {}],
        ["row without reply"],
        [],
    ]
    before = copy.deepcopy(rows)
    cleaned = clean_history(rows, STRICT)
    assert rows == before
    assert cleaned[0][1] == "Привет."
    assert cleaned[1] == ["Вопрос", "Ответ.", "", {"tool_calls": [1]}]
    assert cleaned[2:] == rows[2:]
    cleaned[3][1] = "changed"
    assert rows == before


def test_a_later_question_does_not_excuse_an_earlier_reply() -> None:
    rows = [["Кто там?", "Сказал он: glorptangle."], ["А glorptangle?", "Да."]]
    assert clean_history(rows, STRICT)[0][1] == "…"


_text = st.lists(
    st.sampled_from(
        ["Слово", " и", " дело", ".", " ", "!", "\n", " word", " Two words", "我", "- ", "1. ", "```", "«", "»",
         "```py\n",
         "т. е. ", "<think>", "</think>", "| ", "# ", "?", "…", "ё", "ногami"]
    ),
    max_size=24,
).map("".join)  # fmt: skip


@given(_text)
def test_what_is_left_is_clean_or_was_already(text: str) -> None:
    cleaned = clean_reply(text, STRICT)
    if check(text, STRICT).ok:
        assert cleaned == text
    else:
        assert len(cleaned) <= len(text) + 1
        kept = iter(text)
        assert all(char in kept for char in cleaned.replace("…", "")), "only leaves out, never adds"


@given(_text)
def test_sentences_are_in_order_and_do_not_overlap(text: str) -> None:
    place = 0
    for start, end in sentence_spans(text):
        assert place <= start < end <= len(text)
        assert "\n" not in text[start:end]
        place = end


def test_a_translation_that_was_asked_for_stays() -> None:
    rows = [
        ["Переведи на английский: приходите к нам", "Вот перевод:\n\nCome and see us."],
        ["Спасибо. Как дела?", "Хорошо. Come and see us."],
    ]
    shown = [row[1] for row in clean_history(rows, LanguagePolicy(mode="balanced"))]
    assert shown == ["Вот перевод:\n\nCome and see us.", "Хорошо."]
