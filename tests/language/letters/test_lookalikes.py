"""Latin letters that only look Russian, as whole words: refused in `balanced` unless they may mean themselves."""

from __future__ import annotations

import pytest

from role_engine.language import Scanner, check
from role_engine.language.letters.lookalikes import is_russian_word, latin_twin, russian_twin
from role_engine.language.verdict import Violation
from tests.language.marking import BALANCED, STRICT, assert_refused

SINGLE_LETTERS = [
    "Он пришёл ⟦c⟧ другом.",
    "Мне нужно рассказать ⟦o⟧ нём.",
    "Вчера ⟦y⟧ нас были гости.",
    "Он ушёл, ⟦a⟧ она осталась.",
    "я ⟦a⟧ ты где",
    "Она жила ⟦B⟧ Москве.",
    "⟦C⟧ уважением, Иван",
    "⟦K⟧ сожалению, нет.",
    "⟦O⟧ чём вы думали? ⟦B⟧ этом нет смысла.",
    "**⟦c⟧ другом**, (⟦c⟧ ним) и «⟦c⟧ ней»",
    "⟦c⟧ «Другом» и ⟦c⟧ **важным** делом",
    "ВСЁ ⟦B⟧ ПОРЯДКЕ",
]

LETTERS_THAT_STAY = [
    "Витамин C полезен, план B не сработал.",
    "величины a, b и c",
    "ось x и ось y",
    "стороны a и c треугольника",
    "Пусть a равно двум, тогда y зависит от x.",
    "найдём c из уравнения a + b = c и всё",
    "точка A лежит на прямой, вектор a перпендикулярен",
    "производная по y равна нулю",
    "C — это язык, а C++ — другой. C позволяет многое.",
    "буква «c» и буква «o»",
    "пункт a) и пункт b)",
    "язык C быстрее",
    "значение y меньше",
    "группа A сильнее, класс B слабее",
    "f(x) = y для всех x",
    "A и B сидели на трубе",
    "гепатит C лечится",
]

WORDS = [
    "⟦MOCKBA⟧ — столица.",
    "⟦BECHA⟧",
    "в ⟦CCCP⟧ жили",
    "⟦OKHO⟧ и ⟦CTEHA⟧",
    "⟦XPAM⟧ науки",
    "⟦HE⟧ ВХОДИТЬ",
    "ЭТО ⟦HE⟧ ТАК",
    "⟦Pyкa⟧ руку моет",
    "⟦мaмa⟧ мыла раму",
]

WORDS_THAT_STAY = [
    "HTTP, CCP, CTO, HTC, PHP, CAPEX, OPEC, HACCP, CPA, MOEX, CEO и TOP",
    "роль CTO и HR",
    "TOP игроков",
    "HE и KOT среди строчных слов",
    "PAPA и MAMA",
    "CO₂, CO2, H2O, XX век",
    "MAC-адрес, PC/AT, B&O, A/B-тест, XP-очки",
]


@pytest.mark.parametrize("marked", SINGLE_LETTERS)
def test_a_single_letter_for_a_russian_word_is_refused(marked: str) -> None:
    assert_refused(marked, BALANCED, "mixed")


@pytest.mark.parametrize("text", LETTERS_THAT_STAY)
def test_a_single_letter_that_is_a_name_stays(text: str) -> None:
    assert_refused(text, BALANCED)


@pytest.mark.parametrize("marked", WORDS)
def test_a_russian_word_in_latin_letters_is_refused(marked: str) -> None:
    assert_refused(marked, BALANCED, "mixed")


@pytest.mark.parametrize("text", WORDS_THAT_STAY)
def test_an_abbreviation_of_the_same_letters_stays(text: str) -> None:
    assert_refused(text, BALANCED)


@pytest.mark.parametrize("marked", [*SINGLE_LETTERS, *WORDS])
def test_strict_refuses_the_same_as_latin(marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    assert len(check(text, STRICT).violations) == marked.count("⟦")


@pytest.mark.parametrize("text", ["`c другом`", "$c = a$", "https://MOCKBA.example/c", "```c\nc другом\n```"])
def test_code_and_addresses_are_not_read(text: str) -> None:
    assert check(text, BALANCED).ok


def test_a_letter_waits_for_two_words_at_most() -> None:
    scanner = Scanner(BALANCED)
    assert not [event for event in scanner.feed("шёл c дру") if not hasattr(event, "end") or event.end > 3]
    found = [event for event in scanner.feed("гом домой и ") if isinstance(event, Violation)]
    assert [(event.start, event.end) for event in found] == [(4, 5)]


def test_twins() -> None:
    assert russian_twin("MOCKBA") == "МОСКВА"
    assert russian_twin("рyчка") == "ручка"
    assert russian_twin("сοль") == "соль"  # a Greek «ο»
    assert russian_twin("ногami") is None
    assert latin_twin("Microsоft") == "Microsoft"
    assert latin_twin("ж") is None
    assert is_russian_word("BECHA") and not is_russian_word("HTTP") and not is_russian_word("TEXT")
