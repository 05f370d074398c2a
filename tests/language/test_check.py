"""`check` is the scanner fed with everything; its short cut for plain text must not show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from role_engine.language import LanguagePolicy, Scanner, Verdict, Violation, check
from role_engine.language.alphabets import PLAIN_TEXT
from tests.language.marking import BALANCED, STRICT
from tests.language.texts import CONTEXTS, POLICIES, WILD_TEXT

_PLAIN = "".join(char for char in map(chr, range(0x3000)) if PLAIN_TEXT.fullmatch(char))


def scanned(text: str, policy: LanguagePolicy, context: tuple[str, ...] = ()) -> Verdict:
    scanner = Scanner(policy, context)
    events = scanner.feed(text) + scanner.finish()
    return Verdict(tuple(event for event in events if isinstance(event, Violation)))


@given(WILD_TEXT, POLICIES, CONTEXTS)
def test_check_says_what_the_scanner_says(text: str, policy: LanguagePolicy, context: tuple[str, ...]) -> None:
    assert check(text, policy, context) == scanned(text, policy, context)


@given(st.text(alphabet=_PLAIN, max_size=200), POLICIES)
def test_plain_text_is_clean_to_the_scanner_too(text: str, policy: LanguagePolicy) -> None:
    assert check(text, policy) == scanned(text, policy) == Verdict()


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
