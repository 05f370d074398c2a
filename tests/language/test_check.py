# ruff: noqa: E501 - a table of words
"""`check` is the scanner fed with everything; its short cut for plain text must not show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language import LanguagePolicy, Scanner, Verdict, Violation, check
from role_engine.language.alphabets import PLAIN_TEXT
from role_engine.language.shortcut import verdict_on_usual
from tests.language.marking import BALANCED, STRICT
from tests.language.texts import CONTEXTS, POLICIES, WILD_TEXT

_USUAL = (
    *("a", "он", "Дом", "слово", "hello", "world", "CRM", "privet", "kak", "dela", "ногami", "рyчка", "ы" * 21, "x" * 12),
    *(" ", " ", " ", " ", "  ", "\n", "\n\n", "\t", "\u00a0", "\u2028", ".", ", ", "-", "—", "(", ")", "[", "«", "»", "`"),
    *("Той дълго мълча и после каза, че никога няма да се върне.", "Docker'а", "https://a.b", "$", "=", "5"),
    *("він", "Її", "Київ", "мѣсто", "Ивановъ", "вiн", "љ", "…"),
)  # fmt: skip
_POLICIES = st.builds(
    LanguagePolicy, mode=st.sampled_from(["strict", "balanced"]), hold=st.sampled_from(["word", "sentence"])
)
_PLAIN = "".join(char for char in map(chr, range(0x3000)) if PLAIN_TEXT.fullmatch(char))


def scanned(text: str, policy: LanguagePolicy, context: tuple[str, ...] = ()) -> Verdict:
    scanner = Scanner(policy, context)
    events = scanner.feed(text) + scanner.finish()
    violations = tuple(event for event in events if isinstance(event, Violation))
    return Verdict(violations, tuple(scanner.late), scanner.relaxed)


@settings(deadline=None)
@given(WILD_TEXT, POLICIES, CONTEXTS)
def test_check_says_what_the_scanner_says(text: str, policy: LanguagePolicy, context: tuple[str, ...]) -> None:
    assert check(text, policy, context) == scanned(text, policy, context)


@settings(deadline=None)
@given(st.text(alphabet=_PLAIN, max_size=200), POLICIES)
def test_plain_text_is_clean_to_the_scanner_too(text: str, policy: LanguagePolicy) -> None:
    verdict = check(text, policy)
    assert verdict == scanned(text, policy)
    assert {found.kind for found in verdict.violations + verdict.late} <= {"language"}


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(_USUAL), max_size=20).map("".join), _POLICIES)
def test_the_shortcut_says_what_the_scanner_says(text: str, policy: LanguagePolicy) -> None:
    assert check(text, policy) == scanned(text, policy)


@pytest.mark.parametrize("text", ["Он купил Hang Seng.", "рyчка и Docker'а", "one\ntwo, three"])
def test_the_shortcut_is_taken(text: str) -> None:
    assert verdict_on_usual(text, STRICT) is not None


@pytest.mark.parametrize("text", ["он <b>", "\\nПривет", "x" * 30, "é", "слово " * 200 + "word"])
def test_the_shortcut_leaves_to_the_scanner_what_it_must(text: str) -> None:
    assert verdict_on_usual(text, STRICT) is None


def test_off_finds_nothing() -> None:
    assert check("hello 你好 \ufffd", LanguagePolicy(mode="off")).ok


def test_every_violation_is_found_in_order() -> None:
    found = check("раз two три 四 пять шеstь", STRICT).violations
    assert [(violation.kind, violation.text) for violation in found] == [
        ("latin", "two"),
        ("cjk", "四"),
        ("mixed", "шеstь"),
    ]


def test_offsets_count_characters_and_not_bytes_or_units() -> None:
    text = "😀 ё\u0301 建立"
    assert [(found.start, found.end) for found in check(text, BALANCED).violations] == [(5, 7)]
