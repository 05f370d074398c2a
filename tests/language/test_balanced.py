"""`balanced`: what a Russian editor would leave in Latin letters, and what not."""

from __future__ import annotations

import pytest

from role_engine.language import check
from tests.language.marking import BALANCED, assert_refused

STANDS = {
    "names": [
        "Компания Microsoft выпустила Windows и Office.",
        "Python — это язык программирования.",
        "Читайте New York Times, Bank of America и Rage Against the Machine.",
        "Это сделал Linus Torvalds, автор Linux.",
        "1. Netflix\n2. Amazon Prime\n",
    ],
    "brands and acronyms": [
        "iPhone, GitHub, YouTube, PostgreSQL и macOS",
        "CRM, API, ISO 9001, COVID-19, GPT-4o, R&D, HTTP/2, U.S.A.",
        "CRM-агентство, IT-отдел, web-сайт, Docker'а",
    ],
    "units and formulas": [
        "5 km, 10 GB, 3.5GHz, 20 °C, 220V, 5 kWh, 100 km/h",
        "точка A, вариант B, переменные x и y, витамин C",
        "H2O, CO₂, x1, 2πr, α, β-частица, Δx, 5 µm, 3 kΩ",
        "$E = mc^2$, \\(a + b\\), \\[x^2\\] и $$\\frac{a}{b}$$",
        "XIX век, глава IV",
    ],
    "addresses and files": [
        "https://example.com/path?q=word&x=y и www.example.org",
        "Пишите на someone@example.com или @username",
        "Файл config.yaml, путь /usr/local/bin, C:\\Windows\\system, ./run.sh, отчёт.pdf",
        "Ссылка [текст](https://example.com/some/page) и [ещё](page.html)",
    ],
    "code and markup": [
        "Вызовите `print(hello world)` и `git commit --amend`.",
        "Ключ --verbose, функция len(x), имя snake_case, ${HOME}",
        '{"name": "Иван", "home address": "Москва"}',
        '<p class="some class">Текст&nbsp;тут<br/></p><!-- some comment -->',
    ],
    "a gloss": [
        "обучение с подкреплением (reinforcement learning) помогает",
        "«обучение» (deep learning), затем",
        "свёртка (англ. convolution) и сеть (от англ. neural network, сокращённо НС)",
    ],
    "a title": [
        "роман «The Catcher in the Rye» и песня “let it be”",
        'альбом "Speak Now (Taylor\'s Version)" вышел',
    ],
}

REFUSED = [
    "Ешьте ⟦healthy fats⟧ каждый день.",
    "Игроки ⟦lay down⟧ карту.",
    "⟦Title⟧: Как выбрать",
    "**⟦Summary⟧:** вот что вышло",
    "⟦Here is the summary⟧:\n\nТекст",
    "⟦Hello! How can I help you today⟧?",
    "⟦Healthy eating⟧ является основой.",
    "Слово. ⟦This is a sentence⟧. Слово.",
    "(⟦reinforcement learning⟧) в начале строки",
    "термин (⟦one two three four five six seven⟧) слишком длинно",
    "«⟦one two three four five six seven eight nine⟧» сказал он",
    "⟦PLEASE NOTE THAT⟧ это важно",
    "`не закрыто ⟦some words⟧",
    "⟦privet, kak dela⟧",
    "греческое слово ⟦λόγος⟧ здесь",
]


@pytest.mark.parametrize("text", [text for texts in STANDS.values() for text in texts])
def test_what_stands(text: str) -> None:
    assert_refused(text, BALANCED)


@pytest.mark.parametrize("marked", REFUSED)
def test_what_is_refused(marked: str) -> None:
    assert_refused(marked, BALANCED)


def test_six_words_are_a_gloss_and_eight_a_title() -> None:
    assert_refused("термин (one two three four five six) тут", BALANCED)
    assert_refused("книга «one two three four five six seven eight» тут", BALANCED)


def test_what_the_user_named_may_be_repeated_but_not_ordinary_words() -> None:
    context = ["Расскажи про Quantum Foo Bar Baz и healthy fats"]
    assert_refused("Quantum Foo Bar\n", BALANCED, context=context)
    assert_refused("⟦Quantum⟧ Foo Bar\n", BALANCED)
    assert_refused("Ешьте ⟦healthy fats⟧", BALANCED, context=context)


def test_letters_of_a_wrong_alphabet_are_refused_in_an_address_too() -> None:
    assert_refused("https://⟦exаmple⟧.com/a", BALANCED, "mixed")  # a Cyrillic а


def test_a_long_address_is_free_to_its_end() -> None:
    assert_refused("Ссылка https://example.com/" + "path/" * 60 + "end тут ⟦other words⟧", BALANCED)


@pytest.mark.parametrize(
    "text",
    ['{"age": 30}', '{\n  "name": "Иван",\n  "age": 30,\n  "is_new": true\n}', "{'full name': 'Иван', 'age': 30}"],
)
def test_keys_of_json_stay(text: str) -> None:
    refused = [v.text for v in check(text, BALANCED).violations]
    assert not {"age", "name", "is_new", "full"} & set(refused)
