"""The judgement itself: each of its criteria can fail, and by that alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from role_engine import LanguagePolicy
from tests.embedded.judgement import Numbers, Reply, deleting_filter, judge, out_of_place
from tests.tools.embedded_model.lost_words import lost_words

STRICT, BALANCED = LanguagePolicy(mode="strict"), LanguagePolicy(mode="balanced")
QUESTION = "Зачем человеку сон?"
WHOLE = "Если коротко, сон — это время, когда тело чинит себя. Именно сон часто меняет обычный день к лучшему."
SLIPPED = "Поэтому людям ближе сон. Так устроен 世界: важное редко бывает громким."
GOOD = Numbers(300, 0, 0, 0.02, 0.9, 0.15, 0.1, 0)


def test_what_is_asked_for_is_enough() -> None:
    assert GOOD.faults == []


@pytest.mark.parametrize(
    ("worse", "fault"),
    [
        ({"violating": 1 / 300}, "violations"),
        ({"foreign": 1 / 300}, "foreign letters"),
        ({"failed": 7 / 300}, "failed"),
        ({"length": 0.89}, "too short"),
        ({"waste": 0.16}, "waste"),
        ({"words_lost": 0.11}, "words lost"),
    ],
)
def test_each_criterion_can_fail(worse: dict[str, float], fault: str) -> None:
    assert replace(GOOD, **worse).faults == [fault]  # type: ignore[arg-type]


def test_the_numbers_are_those_of_the_replies() -> None:
    replies = [
        Reply(QUESTION, WHOLE, rejected=1, delivered=10),
        Reply(QUESTION, WHOLE, failed=True, delivered=10),
        Reply(QUESTION, WHOLE[: len(WHOLE) // 2], stripped=1, rejected=5, delivered=10),
        Reply(QUESTION, "Сон і сон."),
    ]
    found = judge(replies, [WHOLE] * 4, STRICT)
    assert (found.replies, found.failed, found.foreign, found.violating) == (4, 0.5, 0.25, 0.25)
    assert found.waste == pytest.approx(6 / 31)
    assert found.length == pytest.approx(0.75, abs=0.01)
    assert found.words_lost == found.words_lost_unguarded == 0


def test_a_deleted_word_is_missed() -> None:
    reply = deleting_filter(QUESTION, SLIPPED, STRICT)
    assert reply.text == "Поэтому людям ближе сон. Так устроен: важное редко бывает громким."
    assert lost_words(reply.text, QUESTION) == ["так устроен важное редко бывает громким"]
    assert lost_words(SLIPPED.replace("世界", "мир"), QUESTION) == []
    assert lost_words(SLIPPED, QUESTION) == [], "nothing is lost yet"
    assert lost_words(WHOLE, QUESTION) == []


def test_a_lead_in_can_be_deleted_without_a_trace() -> None:
    reply = deleting_filter(QUESTION, f"Here is the answer: {WHOLE}", BALANCED)
    assert reply.text.endswith(WHOLE) and lost_words(reply.text, QUESTION) == []


def test_a_word_lost_between_two_topics_is_missed_too() -> None:
    from tools.embedded_model.defects import WEAK
    from tools.embedded_model.questions import all_questions
    from tools.embedded_model.sentences import BODY

    asked = next(question for question in all_questions() if question.second is not None)
    said = [pattern.format(**asked.slots) for pattern in BODY["pair"]]
    weak = [(text, word) for text in said for word in WEAK if f" {word} " in text]
    assert weak
    for text, word in weak:
        assert lost_words(text, asked.text) == []
        assert len(lost_words(text.replace(f" {word} ", " "), asked.text)) == 1


@pytest.mark.parametrize("text", ["Сон і мир.", "Сон 世界.", "рyчка", "сон and", "привіт", "ногami", "a\ufffdb"])
def test_the_oracle_sees_what_is_foreign_in_both_modes(text: str) -> None:
    assert out_of_place(text, STRICT) and out_of_place(text, BALANCED)


@pytest.mark.parametrize("text", ["Linux здесь.", "Слово «habit» знают все.", "Пусть x больше."])
def test_names_titles_and_variables_are_let_through_in_balanced_alone(text: str) -> None:
    assert out_of_place(text, STRICT) and not out_of_place(text, BALANCED)
