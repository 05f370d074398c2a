"""The exact kinds on whole replies, judged by an oracle of its own: the names that Unicode gives to characters.

On replies of real models where `ROLE_ENGINE_TEST_DATA` names a folder that has them (`lcb-ru-dev/outputs.jsonl`), and
always on a few written for the purpose.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from role_engine.language import check
from role_engine.language.policy import LanguagePolicy
from tests.language.marking import BALANCED, STRICT

RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
OWN = [
    "Город внезапно 建立 на берегу, и всё.",
    "Он сказал «مرحبا» и ушёл, потом вернулся с 한국어 и カタカナ.",
    "Это рyчка исследовательa, а под ногami лежит вbetween.",
    "Использование機械 обучения и слово。Другое",
    "Запустите Docker'а, CRM-агентство и SQL-запрос: всё хорошо.",
    "Обычный ответ без единой чужой буквы, с числами 1, 2 и 3, со скобками (вот так) и тире — вот таким.",
    "Ещё один ответ:\n\n1. Первый пункт.\n2. Второй пункт — «с кавычками».\n\nИ вывод, что всё получилось!",
]


def replies() -> list[str]:
    path = Path(os.environ.get("ROLE_ENGINE_TEST_DATA", ""), "lcb-ru-dev", "outputs.jsonl")
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["completion"] for line in lines]


@cache
def alphabet(char: str) -> str:
    """`CYRILLIC`, `LATIN`, `CJK` …: the first word of a letter's name in Unicode; "" for what is no letter."""
    if not char.isalpha():
        return ""
    word = unicodedata.name(char, "?").split()[0]
    return "CJK" if word in ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "IDEOGRAPHIC") else word


def foreign_letters(text: str) -> list[int]:
    """Where a letter stands that is neither Cyrillic nor Latin nor Greek."""
    return [at for at, char in enumerate(text) if alphabet(char) not in ("", "CYRILLIC", "LATIN", "GREEK", "MICRO")]


def mixed_words(text: str) -> list[tuple[int, int]]:
    """The runs of letters in which Cyrillic meets Latin."""
    runs = re.finditer(r"[^\W\d_]+", text)
    return [run.span() for run in runs if {"CYRILLIC", "LATIN"} <= {alphabet(char) for char in run.group()}]


FREE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|\$[^$\n]*\$|\\[nrtbf](?=[А-Яа-я])|\\[(\[].*?\\[)\]]", re.DOTALL)
"""Code and formulas, roughly: the check need not look into them."""


@pytest.fixture(scope="module", params=["own", "of models"])
def texts(request: pytest.FixtureRequest) -> list[str]:
    found = OWN if request.param == "own" else replies()
    if not found:
        pytest.skip("ROLE_ENGINE_TEST_DATA names no folder with lcb-ru-dev/outputs.jsonl")
    return found


@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
def test_every_letter_of_another_script_is_found_and_no_letter_more(texts: list[str], policy: LanguagePolicy) -> None:
    seen = 0
    for text in texts:
        expected = foreign_letters(text)
        if not expected:
            continue
        free = [match.span() for match in FREE.finditer(text)] if policy is BALANCED else []
        spans = [found for found in check(text, policy).violations if found.kind in ("cjk", "script")]
        refused = {at for found in spans for at in range(found.start, found.end)}
        for at in expected:
            if not any(start <= at < end for start, end in free):
                assert at in refused, (text[max(0, at - 20) : at + 20], at)
                seen += 1
        letters = {at for at in refused if text[at].isalpha() and alphabet(text[at]) != "GREEK"}
        assert letters <= set(expected), [text[at] for at in letters - set(expected)]
        assert not any(text[found.start].isspace() or text[found.end - 1].isspace() for found in spans)
    assert seen


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
def test_every_word_out_of_two_alphabets_is_found_with_its_very_span(texts: list[str], policy: LanguagePolicy) -> None:
    seen = 0
    for text in texts:
        expected = mixed_words(text)
        free = [match.span() for match in FREE.finditer(text)]
        spans = {(found.start, found.end) for found in check(text, policy).violations if found.kind == "mixed"}
        for start, end in expected:
            if not any(at < end and start < until for at, until in free):
                assert (start, end) in spans, (text[start:end], text[max(0, start - 30) : end + 30])
                seen += 1
        for start, end in spans - set(expected):  # a word that only looks Russian
            assert policy is BALANCED and text[start:end].isascii(), text[start:end]
    assert seen


@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
def test_replies_all_in_russian_letters_pass(texts: list[str], policy: LanguagePolicy) -> None:
    """At most one in a thousand of those of 40 characters or more is flagged, for whatever else is in it."""
    russian = [
        text for text in texts if len(text) >= 40 and all(char.lower() in RUSSIAN for char in text if char.isalpha())
    ]
    flagged = [text for text in russian if not check(text, policy).ok]
    assert russian and len(flagged) <= len(russian) / 1000, flagged
