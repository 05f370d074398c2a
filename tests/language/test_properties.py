# ruff: noqa: E501 - tables of text
"""What holds for every text there is: any code point, any order, any size, cut anywhere.

`ROLE_ENGINE_EXAMPLES=20000 pytest tests/language/test_properties.py` looks further than a usual run does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language import Final, LanguagePolicy, Scanner, Verdict, Violation, check
from tests.language.marking import BALANCED, STRICT
from tests.language.texts import ANY_TEXT, CONTEXTS, POLICIES, TAILS, WILD_TEXT, pieces_of

EXAMPLES = int(os.environ.get("ROLE_ENGINE_EXAMPLES", "120"))
EXACT = ("cjk", "script", "cyrillic", "mixed", "garbage")

# Words that only a letter or a mark makes wrong, and what may stand around them.
PARTS = (
    *"абвёйьъэяАБЁЙ", *"abcoyxABCKMHTX", *"αβΩμ", *"іїґєўјљѣѳ", *"中か한م٣ก", "и\u0306", "е\u0308", "у\u0306", "а\u0301", "\u0301",
    "\u0336", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u202e", "\ufffd", "\ue000", "\x00", "\x0b", "\x1c", "\x85", "\ud83d", "\udc4d",
    "👍", "🏽", "\ufe0f", "\u20e3", "🇷", "❤", "5", "²", "₂", "°", "µ", "№", "·", " ", " ", " ", "  ", "\u00a0", "\u3000", "\n", "\r\n",
    "\u2028", "-", "‑", "'", "’", "«", "»", '"', "(", ")", "[", "]", "<", ">", "/", "\\", "$", "`", "```", "=", "+", ".", ",", ": ", "…",
    "c другом", "MOCKBA", "HE ВХОДИТЬ", "план B", "«мѣсто", "Docker'а", "кВт·ч", "x² + y²", "IV век", "https://",
)  # fmt: skip
CLOSE_TEXT = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
TEXT = st.one_of(ANY_TEXT, WILD_TEXT, CLOSE_TEXT)


def verdict_of(scanner: Scanner, *pieces: str) -> Verdict:
    events = [event for piece in pieces for event in scanner.feed(piece)] + scanner.finish()
    violations = tuple(event for event in events if isinstance(event, Violation))
    return Verdict(violations, tuple(scanner.late), scanner.relaxed)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), TEXT, POLICIES, CONTEXTS)
def test_any_split_gives_the_verdict_of_the_whole(
    data: st.DataObject, text: str, policy: LanguagePolicy, context: tuple[str, ...]
) -> None:
    assert verdict_of(Scanner(policy, context), *data.draw(pieces_of(text))) == check(text, policy, context)


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXT, POLICIES, CONTEXTS)
def test_violations_are_spans_of_the_text_in_order_and_apart(
    text: str, policy: LanguagePolicy, context: tuple[str, ...]
) -> None:
    end = 0
    for found in check(text, policy, context).violations:
        assert end <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        end = found.end


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), TEXT, st.sampled_from([STRICT, BALANCED]), TAILS)
def test_what_has_been_released_is_clean_by_itself(
    data: st.DataObject, text: str, policy: LanguagePolicy, tail: str
) -> None:
    """A reader who is cut off at any `Final` before the first violation holds no letter of a wrong kind."""
    scanner = Scanner(policy, tail=tail)
    for piece in data.draw(pieces_of(text)):
        for event in scanner.feed(piece):
            if isinstance(event, Violation):
                return
            released = verdict_of(Scanner(policy, tail=tail), text[: event.end])
            assert [found for found in released.violations if found.kind in EXACT] == []


_WRONG_ANYWHERE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Hangul}\p{Thai}\p{Arabic}\p{Co}\p{Cn}\p{Cs}--[\p{M}\p{Script=Inherited}]]", regex.VERSION1
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXT)
def test_letters_of_another_script_are_found_wherever_they_stand(text: str) -> None:
    """In `strict`, where nothing is free but reasoning, every one of them lies in a violation."""
    policy = LanguagePolicy(mode="strict", in_thinking="same")
    spans = [(found.start, found.end) for found in check(text, policy).violations]
    for match in _WRONG_ANYWHERE.finditer(text):
        assert any(start <= match.start() < end for start, end in spans), match


LINES = {
    "russian": "слово ",
    "letters": "ы",
    "latin letters": "x",
    "latin words": "word ",
    "names": "Name ",
    "capitals": "HE ",
    "lookalikes": "c ",
    "digits": "7",
    "spaces": " ",
    "no-break spaces": "\u00a0",
    "zero-width spaces": "\u200b",
    "marks": "\u0301",
    "stressed": "а\u0301",
    "old": "«мѣсто ",
    "chinese": "建",
    "arabic words": "مرحبا ",
    "surrogates": "\ud800",
    "nul": "\x00",
    "emoji": "👩\u200d",
    "flags": "🇷",
    "brackets": "(",
    "gloss": "(a ",
    "titles": "«a",
    "quotes": '"',
    "backticks": "`",
    "dollars": "$",
    "backslashes": "\\",
    "angles": "<",
    "tags": "<a ",
    "square": "[",
    "slashes": "a/",
    "dots": "a.",
    "hyphens": "a-",
    "underscores": "a_",
    "mixed": "aб",
    "mixed words": "aб ",
    "empty lines": "\n",
    "fences": "```\n",
    "tilde": "~",
    "bullets": "- A\n",
    "sentences": "Да. ",
    "other cyrillic": "він ",
    "translit": "privet ",
    "code": "`a b` ",
    "code that is not closed": "`a б ",
    "foreign prose in code": "`you have to go` ",
    "indented": "\n    x = 1\n",
    "braces": "{{a ",
    "elements": "<code>a",
    "comments": "<!-- a ",
    "attributes": '<a b="c ',
    "targets": "](a",
    "front matter": "---\na: b\n",
    "listings": "[a,b]\n----\n",
    "chords": "Am, ",
}


class Steps:
    """Counts calls of Python functions and of built-in ones: work, without a clock."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Steps:
        self._before = sys.getprofile()
        sys.setprofile(self._step)
        return self

    def __exit__(self, *error: Any) -> None:
        sys.setprofile(self._before)

    def _step(self, frame: FrameType, event: str, argument: Any) -> None:
        self.count += event in ("call", "c_call")


def steps(text: str, policy: LanguagePolicy) -> int:
    with Steps() as counted:
        check(text, policy)
    return counted.count


def slices(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
@pytest.mark.parametrize("kind", LINES)
def test_work_grows_with_the_text_and_no_faster(kind: str, policy: LanguagePolicy) -> None:
    """Four times the line, about four times the steps: one line without an end, of every kind."""
    unit = LINES[kind]
    check(unit * 10, policy)  # what is loaded on first need
    one, four = (steps(unit * (size // len(unit)), policy) for size in (1_500, 6_000))
    assert four < 6 * one + 500


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
@pytest.mark.parametrize("kind", LINES)
def test_what_is_kept_of_a_text_does_not_grow_with_it(kind: str, policy: LanguagePolicy) -> None:
    unit = LINES[kind]
    scanner = Scanner(policy)
    for piece in slices(unit * (4_000 // len(unit)), 50):
        scanner.feed(piece)
    waiting = len(scanner._text) - scanner._at
    assert waiting <= 250
    assert len(scanner.before) <= 64


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXT, POLICIES, CONTEXTS)
def test_in_the_end_everything_is_final(text: str, policy: LanguagePolicy, context: tuple[str, ...]) -> None:
    scanner = Scanner(policy, context)
    ends = [event.end for event in scanner.feed(text) + scanner.finish() if isinstance(event, Final)]
    assert ends[-1:] == ([len(text)] if text else [])
