"""Where a text falls apart, with letters of other scripts among its own, what looks like code or a name is none."""

from __future__ import annotations

import pytest

from role_engine.language import check
from tests.language.marking import BALANCED, assert_refused


@pytest.mark.parametrize(
    "marked",
    [
        "Каждую неделю ⟦parchment/prempurg_matched⟧⟦缓慢⟧ повторяйте.",
        "Выберите ⟦装备⟧ ⟦ResponseEntity.Linear.present⟧ и читайте.",
        "Выберите ⟦装备⟧ ⟦SentCashLogger⟧ и читайте.",
        "Выберите ⟦装备⟧ ⟦get_teams⟧ и читайте.",
        "Книга ⟦ที่⟧ (⟦Frame_ComExporter⟧ и другие).",
    ],
)
def test_glued_words_behind_another_script(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Запустите Docker ⟦容器⟧ на сервере.",
        "Файл config.yaml ⟦文件⟧ лежит рядом.",
        "Напишите в GitHub ⟦问题⟧ или в Slack.",
        "Формат ⟦数据⟧ и витамин C с H2O, модель GPT.",
    ],
)
def test_words_that_authors_use_stand(marked: str) -> None:
    assert_refused(marked, BALANCED)


def test_the_same_words_stand_in_a_sound_text() -> None:
    text = "Вызовите ResponseEntity.Linear.present, get_teams и SentCashLogger из модуля parchment/prempurg_matched."
    assert not check(text, BALANCED).violations


def test_a_text_far_behind_is_sound_again() -> None:
    text = "Слово 文. " + "Дальше идёт обычный русский текст, и в нём нет ничего чужого. " * 2 + "Вызовите get_teams."
    assert [found.text for found in check(text, BALANCED).violations] == ["文"]
