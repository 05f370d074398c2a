"""Latin words out of letters in circles and squares, and out of regional letters that are no flags."""

from __future__ import annotations

import pytest

from role_engine.language import LanguagePolicy
from tests.language.marking import BALANCED, STRICT, assert_refused

both_modes = pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])


@both_modes
@pytest.mark.parametrize(
    "marked",
    [
        "Он сказал ⟦ⓗⓔⓛⓛⓞ⟧, да",
        "⟦ⒽⒺⓁⓁⓄ⟧",
        "⟦🅷🅴🅻🅻🅾⟧ мир",
        "⟦🇭🇪🇱🇱🇴⟧ мир",
        "слово⟦🇦🇧🇨⟧",
    ],
)
def test_what_spells_is_garbage(marked: str, policy: LanguagePolicy) -> None:
    assert_refused(marked, policy, "garbage")


@both_modes
@pytest.mark.parametrize(
    "text",
    [
        "Пункт ⓐ и пункт ⓑ.",
        "Стоянка 🅿️, группа крови 🆎 и 🅰️🅱️.",
        "Флаги 🇷🇺🇰🇿🇧🇾 и 🇷🇺.",
        "Шаги ①②③④⑤ и ❶❷❸.",
    ],
)
def test_what_marks_stands(text: str, policy: LanguagePolicy) -> None:
    assert_refused(text, policy)


def test_without_emoji_a_flag_is_refused_once() -> None:
    assert_refused("Флаг ⟦🇷🇺⟧", LanguagePolicy(emoji=False), "garbage")
    assert_refused("Слово ⟦🇭🇪🇱🇱🇴⟧", LanguagePolicy(emoji=False), "garbage")
