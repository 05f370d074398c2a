"""Words as they are looked up."""

from __future__ import annotations

import sys

import pytest

from role_engine.errors import InputError
from role_engine.knowledge.stems import SnowballStems, words


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("стрелки", "стрелку"),
        ("пчёлами", "пчела"),
        ("Чеснок", "чесноку"),
        ("за́мками", "замки"),
        ("settings", "Setting"),
        ("2061", "2061"),
    ],
)
def test_forms_of_one_word_are_one(first: str, second: str) -> None:
    stems = SnowballStems()
    assert stems(first) == stems(second) != []


def test_words_without_a_subject_are_left_out() -> None:
    assert words("Расскажи, пожалуйста, что это такое и как его сажать?") == ["сажать"]
    assert words("А подробнее можно?") == []


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    with pytest.raises(InputError, match="pip install PyStemmer"):
        SnowballStems()
