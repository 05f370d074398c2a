"""What the user wrote may be repeated: names and terms, at most three words in a row, no ordinary words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from role_engine.language import LanguagePolicy, check
from role_engine.language.latin.context import UserContext
from tests.language.marking import BALANCED, assert_refused

LICENSED = [
    ("Как настроить kubectl?", "kubectl"),
    ("Расскажи про Foobarium", "Foobarium"),
    ("расскажи про foobarium", "Foobarium"),
    ("Что умеет Zabbixator'ом?", "Zabbixator"),
    ("в Zettelkastr-е есть теги", "zettelkastr"),
    ("Поставил foo_bar и barBaz", "foo_bar"),
    ("Поставил foo_bar и barBaz", "barBaz"),
    ("протоколы TCP/IP", "TCP"),
    ("Наши LLMs и zabbixators", "zabbixator"),
    ("I wrote it with Foobarium yesterday.", "Foobarium"),
    ("Плагин Vendorix's", "Vendorix"),
]
NOT_LICENSED = [
    ("Расскажи про healthy fats", "healthy"),
    ("Please explain how the system works.", "system"),
    ("Please explain how the system works.", "Please"),
    ("The text says that unbelievablish things happen in qwertish places", "qwertish"),
    ("Напиши Title и Summary", "Title"),
    ("However, Recycling matters.", "However"),
    ("However, Recycling matters.", "Recycling"),
    ("Привет", "hello"),
]


@pytest.mark.parametrize(("message", "word"), LICENSED)
def test_names_and_terms_may_be_repeated(message: str, word: str) -> None:
    assert word in UserContext([message])


@pytest.mark.parametrize(("message", "word"), NOT_LICENSED)
def test_ordinary_words_may_not(message: str, word: str) -> None:
    assert word not in UserContext([message])


def test_every_message_of_the_user_counts() -> None:
    context = ["Поставил foobarium", "Спасибо", "А дальше?"]
    strictest = LanguagePolicy(mode="balanced", tolerance=0)
    assert_refused("foobarium", strictest, context=context)
    assert_refused("⟦foobarium⟧", strictest, context=context[1:])


def test_an_english_sentence_of_the_user_licenses_no_english_sentence() -> None:
    question = "Please summarize the healthy habits of people who live near the ocean in Okinawa."
    answer = "Вот что важно: people who live near the ocean. Healthy habits помогают."
    assert [v.text for v in check(answer, BALANCED, [question]).violations] == [
        v.text for v in check(answer, BALANCED).violations
    ]


def test_a_name_of_ordinary_words_is_one_only_as_the_user_wrote_it() -> None:
    context = ["Расскажи про Quantum Foo Bar"]
    assert_refused("Quantum Foo Bar\n", BALANCED, context=context)
    assert_refused("⟦Quantum⟧\n", BALANCED, context=context)
    assert_refused("⟦Bar Quantum⟧\n", BALANCED, context=context)


def test_no_more_than_three_in_a_row() -> None:
    context = ["Сравни foobarium, bazium, quxium и zipium"]
    assert_refused("foobarium bazium quxium\n", BALANCED, context=context)
    assert_refused("foobarium bazium quxium ⟦zipium⟧\n", BALANCED, context=context)


def test_nothing_is_read_before_it_is_needed() -> None:
    class Messages(Sequence[str]):
        def __init__(self) -> None:
            self.read = 0

        def __len__(self) -> int:
            return 1

        def __getitem__(self, at: int) -> str:  # type: ignore[override]
            if at:
                raise IndexError
            return Message()

    class Message(str):
        def splitlines(self, keepends: bool = False) -> list[str]:
            raise AssertionError("read")

    context = UserContext(Messages())
    with pytest.raises(AssertionError, match="read"):
        _ = "word" in context
