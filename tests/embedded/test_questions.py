"""The questions: those that the corpus asks, and those that it never does."""

from __future__ import annotations

import re

import pytest

from role_engine.embedded import demo_questions, held_out
from role_engine.embedded.corpus import compose
from role_engine.embedded.questions import all_questions, taught
from role_engine.embedded.topics import TOPICS
from role_engine.embedded.training import SEED


def test_at_least_200_different_questions_are_held_out() -> None:
    assert len(held_out()) == len(set(held_out())) >= 200


def test_the_demo_asks_ten_of_them() -> None:
    assert len(set(demo_questions())) == 10
    assert set(demo_questions()) < set(held_out())


def test_the_same_questions_are_held_out_every_time() -> None:
    kept = held_out()
    held_out.cache_clear()
    assert held_out() == kept


@pytest.mark.slow
def test_the_corpus_holds_none_of_them() -> None:
    asked = {turn.user.split("\n\n")[0] for conversation in compose(SEED) for turn in conversation.turns}
    assert len(asked) > 2_000
    assert not asked & set(held_out())


def test_every_question_is_either_held_out_or_taught() -> None:
    everything = {question.text for question in all_questions()}
    assert {question.text for question in taught()} == everything - set(held_out())
    assert set(held_out()) <= everything


def test_every_topic_is_taught_and_asked_about() -> None:
    assert {question.topic for question in taught()} == set(TOPICS)


def test_prepositions_agree_with_the_word_behind_them() -> None:
    text = " ".join(question.text for question in all_questions())
    assert "об осени" in text and "о сне" in text
    assert not re.search(r"\bо [аоуэи]", text) and not re.search(r"\bоб [бвгджзклмнпрстфхцчшщ]", text)
