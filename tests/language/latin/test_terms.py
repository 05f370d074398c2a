"""Latin words one by one: what their place makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language import check
from role_engine.language.latin.free_shapes import FORMULA, FREE, TERM
from role_engine.language.latin.introducers import (
    introduces_code,
    introduces_name,
    introduces_phrase,
    may_precede_name,
    word_before_name,
)
from role_engine.language.latin.shape import COMMON_TEXT
from role_engine.language.latin.words import Sort, sort_of
from tests.language.marking import BALANCED, assert_refused
from tests.language.texts import WILD_TEXT


@pytest.mark.parametrize(
    ("word", "sort"),
    [
        ("CRM", Sort.SHAPED),
        ("iPhone", Sort.SHAPED),
        ("COVID-19", Sort.SHAPED),
        ("Ctrl+C", Sort.SHAPED),
        ("RGB+D", Sort.SHAPED),
        ("SELECT", Sort.SHAPED),
        ("Solugen", Sort.NAME),
        ("Windows", Sort.NAME),
        ("Recycling", Sort.WORD),
        ("IMPORTANT", Sort.WORD),
        ("Parallelogram", Sort.RARE),
        ("Target", Sort.BOTH),
        ("However", Sort.FUNCTION),
        ("As", Sort.FUNCTION),
        ("Privet", Sort.FUNCTION),
        ("numpy", Sort.TOOL),
        ("healthy", Sort.SMALL),
    ],
)
def test_what_a_word_is_by_itself(word: str, sort: Sort) -> None:
    assert sort_of(word) is sort


@pytest.mark.parametrize(
    "marked",
    [
        "⟦Square⟧ — квадрат.",
        "2. ⟦Square⟧ — квадрат.",
        "Он устал. ⟦Square⟧ опустел.",
        "Платить можно через Square.",
        "Сервис «Square» принимает карты.",
        "Компания Square принимает карты.",
        "Карты принимают Stripe, Square и PayPal.",
        "Вышла Square 2.",
    ],
)
def test_a_word_that_is_a_name_at_times(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Важность ⟦Education⟧ велика.",
        "Нажмите Education.",
        "В разделе Education пусто.",
        "Название: Education.",
        "⟦Education⟧: главное.",
        "Откройте Settings → Education.",
        "Он знает ⟦Him⟧.",
    ],
)
def test_a_common_word_with_a_capital_needs_a_reason_to_be_a_name(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Слушайте The Dark Side of the Moon и Bank of America.",
        "⟦Healthy eating⟧ важно.",
        "Он назвал ⟦Young investors⟧ новичками.",
        "Продукт Microsoft ⟦released⟧ вчера.",
        "⟦It Is⟧ так.",
        "⟦PLEASE NOTE THAT⟧ срок вышел.",
        "Это ⟦a test⟧.",
        "стороны a и b",
    ],
)
def test_words_in_a_row(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Метод append добавляет.",
        "Переменная count растёт, ⟦count⟧ растёт.",
        "Командой pip install requests ставят пакет.",
        "Выполните git commit.",
        "Команда ⟦very good⟧ слаженна.",
        "Глагол to be неправильный.",
        "Сад полон ⟦flowers⟧.",
    ],
)
def test_small_words_of_code_and_of_lessons(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Производная sin x равна cos x, а log n растёт.",
        "Найдите max(a, b) и ln 2.",
        "Он совершил ⟦sin⟧ и ушёл.",
        "Функция возвращает true или false.",
        "Где p1, p2, ..., pn — доли.",
        "Укажите email и сохраните в формате png.",
    ],
)
def test_small_words_of_formulas_and_forms(marked: str) -> None:
    assert_refused(marked, BALANCED)


def test_a_name_alone_on_its_line() -> None:
    assert_refused("- Netflix\n- ⟦Helium⟧\n- Fight Club (1999)\n- Academy of Art University\n", BALANCED)
    assert_refused("С уважением,\nAnna Schmidt", BALANCED)
    assert_refused("Ответ\nMachine Learning\nконец", BALANCED)


def test_a_list_of_names_alone_on_its_line() -> None:
    assert_refused("Harry Potter, Hermione Granger, Ron Weasley", BALANCED)
    assert_refused("Лучшие:\nFerrari 288 GTO, Monza SP1, Testarossa.\n", BALANCED)
    assert_refused("Языки\nPython, Java, C++\n", BALANCED)
    long = "Ron Weasley, Hermione Granger, Albus Dumbledore, Rubeus Hagrid, Severus Snape, Draco Malfoy, Luna Lovegood."
    assert_refused(long, BALANCED)


def test_a_list_of_ordinary_words_is_none_of_names() -> None:
    assert_refused("⟦Date, Weather, Temperature⟧", BALANCED)
    assert_refused("⟦Introduction⟧, Microsoft, ⟦Conclusion⟧", BALANCED)
    assert_refused("⟦Harry Potter, Ron Weasley and the others went home⟧", BALANCED)


def test_units_that_are_made_of_units_and_powers() -> None:
    assert_refused("Сахар 5,5 mmol/L, железо 90 mcg/dL, скорость 5 km/h", BALANCED)
    assert_refused("Если E = mc², то S = ab²", BALANCED)
    assert_refused("Много ⟦mmol/L⟧", BALANCED, "translit")


def test_a_word_in_a_list_with_a_name_is_one() -> None:
    assert_refused("Купили iPhone, Target, и всё.", BALANCED)


def test_markup_of_forums() -> None:
    assert_refused("[img]http://x.ru/1.jpg[/img] Моя [b]кошка[/b], [url=http://a.ru]тут[/url]", BALANCED)


def test_learned_latin_and_species() -> None:
    assert_refused("Опыты in vitro, de facto и Smith et al. про Escherichia coli", BALANCED)
    assert_refused("Все ⟦Escherichia house⟧ тут", BALANCED)


def test_translit_is_named_so() -> None:
    assert_refused("⟦Privet⟧, друг", BALANCED, "translit")
    assert_refused("Он живёт в Moskva рядом с Ivan Petrov", BALANCED)


@pytest.mark.parametrize("word", ["компания", "компании", "сервисом", "игре", "альбомов", "нажмите", "называется"])
def test_words_that_introduce_names(word: str) -> None:
    assert introduces_name(word)


@pytest.mark.parametrize("word", ["полон", "городить", "игриво", "дом", "", "и"])
def test_words_that_do_not(word: str) -> None:
    assert not introduces_name(word)
    assert not introduces_code(word)
    assert not introduces_phrase(word)


def test_prepositions_and_the_word_before() -> None:
    assert may_precede_name("в")
    assert not may_precede_name("дом")
    assert word_before_name("Он открыл файл «") == "файл"
    assert word_before_name("**Компания:** ") == "компания"
    assert word_before_name("дом, ") == ""


@settings(max_examples=200, deadline=None)
@given(WILD_TEXT)
def test_a_shape_finds_the_same_in_common_text_whichever_way_it_is_read(text: str) -> None:
    common = "".join(char for char in text if COMMON_TEXT.fullmatch(char))
    for shape in (TERM, FREE, FORMULA):
        fast = [found.span() for found in shape.common.finditer(common)]
        assert fast == [found.span() for found in shape.any.finditer(common)]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["(a ", '"a ', "«a ", "`a ", "$a ", "a.b ", "A ", "The ", "A. ", "(x) ", "Word, ", "word "]))
def test_long_rows_of_the_same_are_judged_alike_from_beginning_to_end(piece: str) -> None:
    violations = check("слово " + piece * 200, BALANCED).violations
    assert all(found.end > found.start for found in violations)
    refused = sum(found.end - found.start for found in violations)
    twice = sum(found.end - found.start for found in check("слово " + piece * 400, BALANCED).violations)
    assert abs(twice - 2 * refused) <= 2 * 64 + 2 * len(piece)
