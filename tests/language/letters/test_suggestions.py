"""What is suggested in place of a refused span, and where nothing is."""

from __future__ import annotations

import pytest

from role_engine.language import LanguagePolicy, Mode, check
from role_engine.language.letters.suggestions import suggestion


def suggestions(text: str, mode: Mode = "balanced") -> list[str | None]:
    return [suggestion(found) for found in check(text, LanguagePolicy(mode=mode)).violations]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Это рyчка", "ручка"),
        ("Xорошо", "Хорошо"),
        ("5 кBт", "кВт"),
        ("сοль с греческой буквой", "соль"),
        ("Microsоft с русской «о»", "Microsoft"),
        ("пришёл c другом", "с"),
        ("город MOCKBA", "МОСКВА"),
        ("мѣсто", "место"),
        ("тамъ лѣсъ", "лес"),
        ("слово。", "."),
        ("слово，", ","),
        ("при\u200bвет", ""),
        ("\u202eтекст", ""),
    ],
)
def test_what_is_beyond_doubt(text: str, expected: str) -> None:
    assert suggestions(text) == [expected]


@pytest.mark.parametrize(
    "text", ["ногami", "вiн", "він", "建立", "пло\ufffdхо", "healthy fats", "λόγος", "а\u0301\u0301"]
)
def test_where_only_the_writer_knows(text: str) -> None:
    assert suggestions(text) == [None]


def test_in_strict_a_latin_word_is_only_russian_where_it_is_no_other() -> None:
    assert suggestions("MOCKBA и TOP и c", "strict") == ["МОСКВА", None, None]


def test_what_is_suggested_is_clean() -> None:
    text = "рyчка MOCKBA пришёл c другом, мѣсто, слово。"
    for found in reversed(check(text, LanguagePolicy()).violations):
        text = text[: found.start] + (suggestion(found) or "") + text[found.end :]
    assert text == "ручка МОСКВА пришёл с другом, место, слово."
    assert check(text, LanguagePolicy(mode="strict")).ok
