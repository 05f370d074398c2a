"""The questions: those that the corpus asks, and those that it never does."""

from __future__ import annotations

import re

import pytest

from role_engine.embedded import DEMO_QUESTIONS
from tools.embedded_model.corpus import compose
from tools.embedded_model.questions import all_questions, list_held_out, list_taught
from tools.embedded_model.topics import TOPICS
from tools.embedded_model.training import SEED


def test_at_least_200_different_questions_are_held_out() -> None:
    assert len(list_held_out()) == len(set(list_held_out())) >= 200


def test_the_demo_asks_ten_of_them() -> None:
    assert len(set(DEMO_QUESTIONS)) == 10
    assert set(DEMO_QUESTIONS) < set(list_held_out())


def test_the_same_questions_are_held_out_every_time() -> None:
    kept = list_held_out()
    list_held_out.cache_clear()
    assert list_held_out() == kept


@pytest.mark.slow
def test_the_corpus_holds_none_of_them() -> None:
    asked = {turn.user.split("\n\n")[0] for conversation in compose(SEED) for turn in conversation.turns}
    assert len(asked) > 2_000
    assert not asked & set(list_held_out())


def test_every_question_is_either_held_out_or_taught() -> None:
    everything = {question.text for question in all_questions()}
    assert {question.text for question in list_taught()} == everything - set(list_held_out())
    assert set(list_held_out()) <= everything


def test_every_topic_is_taught_and_asked_about() -> None:
    assert {question.topic for question in list_taught()} == set(TOPICS)


def test_prepositions_agree_with_the_word_behind_them() -> None:
    text = " ".join(question.text for question in all_questions())
    assert "об осени" in text and "о сне" in text
    assert not re.search(r"\bо [аоуэи]", text) and not re.search(r"\bоб [бвгджзклмнпрстфхцчшщ]", text)
