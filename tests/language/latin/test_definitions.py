"""What the Russian after a capitalised word says it is."""

from __future__ import annotations

import pytest

from role_engine.language import Final, Scanner
from role_engine.language.latin.definitions import is_defined_as_name, may_be_defined
from tests.language.marking import BALANCED, assert_refused


@pytest.mark.parametrize(
    "marked",
    [
        "Frozen — это мультфильм студии Disney.",
        "Signal: бесплатный мессенджер.",
        "1. Spring — фреймворк для Java.",
        "2. **Hive** — хранилище данных, популярная платформа.",
        "- Express — минималистичный веб-фреймворк, библиотека.",
        "Portal (2007) — стрелялка.",
        "Tangled (2010) рассказывает о принцессе.",
        "⟦Recycling⟧ — это процесс переработки отходов.",
        "⟦Square⟧ — квадрат имеет четыре стороны.",
        "⟦Song⟧ — песня.",
        "⟦Leadership⟧ — это умение вести людей.",
        "1. ⟦Marketing⟧: система мер.",
        "⟦However⟧ — сервис хороший.",
    ],
)
def test_a_definition_tells_a_name_from_a_word(marked: str) -> None:
    assert_refused(marked, BALANCED)


def test_what_may_be_defined() -> None:
    assert may_be_defined("**Signal** — ")
    assert may_be_defined("1. Signal:")
    assert not may_be_defined("Docker — ")  # a name anyway
    assert not may_be_defined("CRM — ")
    assert not may_be_defined("Signal and noise — ")


def test_kinds_of_named_things_in_any_case_within_five_words() -> None:
    assert is_defined_as_name("Signal", " это популярный бесплатный открытый мессенджер")
    assert is_defined_as_name("Signal", " стала компанией")
    assert not is_defined_as_name("Signal", " это раз два три четыре мессенджер")
    assert not is_defined_as_name("Song", " песня")


def test_it_is_held_with_the_words_that_tell() -> None:
    scanner = Scanner(BALANCED)
    assert scanner.feed("Signal — это хороший и надёжный мессен") == []
    assert scanner.feed("джер, вот ") == [Final(47)]
