"""What an acronym stands for stands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.language import check
from tests.language.marking import BALANCED, assert_refused


@pytest.mark.parametrize(
    "marked",
    [
        "При **client-side rendering** (CSR) контент готов позже.",
        "Есть PRNG — pseudorandom number generator, они быстры.",
        "Стек (LIFO: last in, first out) прост.",
        "Частота 60 fps — frames per second.",
        "Атака «человек посередине» _(Man in the Middle, MiM)_ опасна.",
        "(терминал, консоль, Command line interface, CLI) позволяет работать.",
        "Заявка PEP (Python enhanced proposal, её пишут все) принята.",
        "Он пил ⟦cold fresh milk⟧ (ABC) и ел.",
        "Есть ABC — ⟦cold fresh milk⟧, они быстры.",
        "⟦Healthy eating⟧ важно (HES).",
        "CSR. Потом было ⟦client-side rendering⟧.",
    ],
)
def test_initials(marked: str) -> None:
    assert_refused(marked, BALANCED)


@given(st.text(alphabet="AaBbCc ()—-,:/жЖ", max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    check(text, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Вёрстка по Pixel Perfect важна.",
        "Откройте Command Palette и выберите пункт.",
        "⟦Healthy Eating⟧ и спорт.",
        "Это ⟦healthy Eating⟧ и спорт.",
        "Это не Covalent API, а сервис.",
    ],
)
def test_capitalised_words_within_a_sentence(marked: str) -> None:
    assert_refused(marked, BALANCED)
