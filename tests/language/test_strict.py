"""`strict`: Latin is refused wherever it stands; a run of it is one span."""

from __future__ import annotations

import pytest

from role_engine.language import LanguagePolicy, Mode, check
from tests.language.marking import STRICT, assert_refused


@pytest.mark.parametrize(
    "marked",
    [
        "привет ⟦hello⟧, мир",
        "⟦Hello, world⟧! Как дела?",
        "⟦CRM⟧-система и ⟦Docker⟧'а",
        "ответ ⟦x⟧ = 10 и ещё ⟦y⟧",
        "`⟦code⟧` и $⟦x⟧$",
        "```⟦python⟧\n⟦print⟧(1)\n```",
        '{"⟦key⟧": "значение"}',
        "⟦https://example.com/a⟧ — адрес",
        "⟦Wi-Fi, naïve café⟧",
        "⟦cafe\u0301⟧",
        "⟦ℝ⟧ и ⟦𝐀⟧",
        "строка ⟦one⟧\n⟦two⟧ другая",
        "⟦one⟧  ⟦two⟧",
        "(⟦reinforcement learning⟧)",
        "⟦hello⟧ ⟦словоword⟧ ⟦other⟧",  # a mixed word is no part of the run
    ],
)
def test_latin_is_refused(marked: str) -> None:
    assert_refused(marked, STRICT)


def test_greek_is_another_script() -> None:
    assert_refused("угол ⟦α⟧ и ⟦Δ⟧", STRICT, "script")


def test_a_run_is_cut_after_the_look_ahead() -> None:
    spans = [(found.start, found.end) for found in check("a" * 150, STRICT).violations]
    assert spans == [(0, 64), (64, 128), (128, 150)]
    text = " ".join(["word"] * 40)
    found = check(text, STRICT).violations
    assert all(one.end - one.start <= 64 for one in found)
    assert "".join(one.text for one in found).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("mode", ["strict", "balanced"])
@pytest.mark.parametrize(
    "marked",
    [
        "язык python и PYTHON, Python-код, Python'а, «Python»",
        "среда Visual Studio, visual studio",
        "язык C++ и node.js",
        "⟦Pythonом⟧ и ⟦вPython⟧",
        "город Київ",
    ],
)
def test_allowed_words_stand_whatever_their_case(marked: str, mode: Mode) -> None:
    policy = LanguagePolicy(mode=mode, allow=("Python", "Visual Studio", "C++", "node.js", "Київ"))
    assert_refused(marked, policy, "mixed")


def test_an_allowed_word_is_a_whole_word() -> None:
    assert_refused("⟦Pythonic⟧ и ⟦C⟧", LanguagePolicy(mode="strict", allow=("Python", "C++")), "latin")


@pytest.mark.parametrize("sign", ["\u00b5", "\u2126", "\u212a", "\u02ec", "\u02b0", "\ua717"])
def test_a_letter_that_is_not_russian_is_refused_though_it_looks_like_a_sign(sign: str) -> None:
    assert not check(f"слово{sign} слово", STRICT).ok
    assert not check(f"5 {sign} и слово", STRICT).ok
