"""Alphabets exactly: each case as `strict` marks it, and as `balanced` does."""

from __future__ import annotations

import unicodedata

import pytest
import regex

from role_engine.language.alphabets import FLAGS, PLAIN_TEXT, RUSSIAN, SPACE, SPACES
from tests.language.marking import BALANCED, STRICT, assert_refused

CASES = {
    "a single letter": ("Он пришёл ⟦c⟧ другом.", "Он пришёл ⟦c⟧ другом."),
    "a variable": ("ось ⟦x⟧ и ось ⟦y⟧", "ось x и ось y"),
    "a vitamin": ("витамин ⟦C⟧ и план ⟦B⟧", "витамин C и план B"),
    "all lookalikes": ("⟦MOCKBA⟧ — столица", "⟦MOCKBA⟧ — столица"),
    "one lookalike": ("⟦МOCКBА⟧ и ⟦pучка⟧", "⟦МOCКBА⟧ и ⟦pучка⟧"),
    "a Greek lookalike": ("⟦сοль⟧ и ⟦Μосква⟧", "⟦сοль⟧ и ⟦Μосква⟧"),
    "a case ending": ("без ⟦Docker⟧'а и ⟦Git⟧’ом", "без Docker'а и Git’ом"),
    "a compound": ("⟦SQL⟧-запрос, ⟦CRM⟧‑система", "SQL-запрос, CRM‑система"),
    "an ending without an apostrophe": ("в ⟦Dockerе⟧ и на ⟦GitHubе⟧", "в ⟦Dockerе⟧ и на ⟦GitHubе⟧"),
    "digits inside": ("⟦k8s⟧ и ⟦i18n⟧", "k8s и i18n"),
    "Roman numerals": ("⟦XIX⟧ век, глава ⟦IV⟧", "XIX век, глава IV"),
    "Roman numerals in Cyrillic": ("ХХ век, Людовик Х", "ХХ век, Людовик Х"),
    "Roman numerals as signs": ("Ⅷ век", "Ⅷ век"),
    "Russian units": ("5 кВт·ч, 10 мкм, 3 кОм, 20 °С", "5 кВт·ч, 10 мкм, 3 кОм, 20 °С"),
    "a unit with a wrong letter": ("5 ⟦кBт⟧·ч", "5 ⟦кBт⟧·ч"),
    "degrees": ("20 °⟦C⟧", "20 °C"),
    "micro": ("5 ⟦µ⟧м, 5 ⟦µ⟧⟦m⟧ и 5 ⟦μm⟧", "5 µм, 5 µm и 5 μm"),
    "formulas": ("⟦x² + y² = z⟧²", "x² + y² = z²"),
    "indices": ("⟦H₂O⟧ и ⟦CO⟧2", "H₂O и CO2"),
    "TeX": ("$⟦E = mc⟧^2$ и \\(⟦a + b⟧\\)", "$E = mc^2$ и \\(a + b\\)"),
    "Greek": ("⟦α⟧-частица и угол ⟦β⟧", "α-частица и угол β"),
    "a Greek word": ("слово ⟦λόγος⟧", "слово ⟦λόγος⟧"),
    "the old spelling": ("«⟦мѣсто⟧» и ⟦мѣсто⟧", "«мѣсто» и ⟦мѣсто⟧"),
    "Ukrainian": ("⟦він⟧ и она", "⟦він⟧ и она"),
    "й and ё in two signs": ("и\u0306од и е\u0308ж, И\u0306 и Е\u0308", "и\u0306од и е\u0308ж, И\u0306 и Е\u0308"),
    "stress": ("за\u0301мок, е\u0308\u0301 и э\u0300", "за\u0301мок, е\u0308\u0301 и э\u0300"),
    "stress on a consonant": ("с⟦\u0301⟧лово", "с⟦\u0301⟧лово"),
    "emoji": ("👩‍👩‍👧‍👦 🇷🇺 5️⃣ ❤️‍🔥 👍🏽 ☺︎", "👩‍👩‍👧‍👦 🇷🇺 5️⃣ ❤️‍🔥 👍🏽 ☺︎"),
    "a joiner after an emoji": ("👩⟦\u200d⟧ слово", "👩⟦\u200d⟧ слово"),
    "zero width": ("при⟦\u200b⟧вет⟦\ufeff⟧", "при⟦\u200b⟧вет⟦\ufeff⟧"),
    "a joiner": ("при⟦\u200d⟧вет", "при⟦\u200d⟧вет"),
    "bidi": (
        "⟦\u202e⟧тевирп⟦\u202c⟧, ⟦\u2067⟧да⟦\u2069⟧, ⟦\u200f⟧",
        "⟦\u202e⟧тевирп⟦\u202c⟧, ⟦\u2067⟧да⟦\u2069⟧, ⟦\u200f⟧",
    ),
    "a soft hyphen": ("при\u00adвет", "при\u00adвет"),
    "full width": ("⟦ＡＢ⟧ и ⟦！⟧", "⟦ＡＢ⟧ и ⟦！⟧"),
    "dressed letters": ("⟦𝐱⟧ из ⟦ℝ⟧", "𝐱 из ℝ"),
    "the number sign and signs of money": ("№ 5 за 3 ₽, 4 €, 5 $", "№ 5 за 3 ₽, 4 €, 5 $"),
}


@pytest.mark.parametrize("case", CASES)
def test_strict(case: str) -> None:
    assert_refused(CASES[case][0], STRICT)


@pytest.mark.parametrize("case", CASES)
def test_balanced(case: str) -> None:
    assert_refused(CASES[case][1], BALANCED)


def test_white_space_is_unicodes_and_no_control_character() -> None:
    assert {
        char
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) in ("Zs", "Zl", "Zp") or char in "\t\n\r"
    } == SPACES
    assert all(regex.fullmatch(SPACE, char, FLAGS) for char in SPACES)


def test_plain_text_holds_no_letter_but_the_russian_ones() -> None:
    plain = [char for char in map(chr, range(0x110000)) if PLAIN_TEXT.fullmatch(char)]
    assert all(regex.fullmatch(RUSSIAN, char, FLAGS) for char in plain if char.isalpha())
    assert not [char for char in plain if unicodedata.category(char).startswith(("M", "C")) and char not in "\t\n\r"]
