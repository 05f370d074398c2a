"""The stream guard: what comes out, what is held, and how a reply goes on after a violation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.guard.stream import StreamGuard
from role_engine.language import LanguagePolicy, Scanner, Violation, check
from tests.guard.fuzzing import strip_all
from tests.language.texts import ANY_TEXT, CONTEXTS, MODEL_TEXT, POLICIES, WILD_TEXT, pieces_of

STRICT = LanguagePolicy(mode="strict")
BALANCED = LanguagePolicy(mode="balanced")


def stripped(text: str, policy: LanguagePolicy, size: int = 1000) -> str:
    """All of `text` through a guard, every violation left out."""
    return strip_all((text[start : start + size] for start in range(0, len(text), size)), StreamGuard(policy))


def test_text_is_released_word_by_word() -> None:
    guard = StreamGuard(STRICT)
    assert guard.feed("При") == ""
    assert (guard.held, guard.released) == ("При", 0)
    assert guard.feed("вет, мир") == "Привет,"
    assert (guard.held, guard.released) == (" мир", 7)
    assert guard.feed("!\n") == " мир!"
    assert guard.finish() == "\n"
    assert (guard.held, guard.released, guard.violation) == ("", 13, None)


def test_after_a_violation_nothing_more_is_taken() -> None:
    guard = StreamGuard(STRICT)
    assert guard.feed("Он сказал hello всем") == "Он сказал"
    assert guard.violation == Violation("latin", 10, 15, "hello")
    assert guard.held == " hello всем"
    assert guard.feed(" и ушёл") == guard.finish() == ""
    assert guard.held == " hello всем"


def test_resume_goes_on_right_after_the_released_text() -> None:
    first = StreamGuard(STRICT)
    assert first.feed("Он сказал hello всем") == "Он сказал"
    second = first.resume()
    assert (second.held, second.released, second.violation) == ("", 9, None)
    assert second.feed(" привет и word да") == " привет и"
    assert second.violation == Violation("latin", 19, 23, "word")
    third = second.resume()
    assert third.feed("нача") == ""  # the next attempt may go on with the word itself
    assert third.feed("лось") + third.finish() == "началось"


def test_resume_may_go_on_inside_a_word_and_is_checked_with_it() -> None:
    guard = StreamGuard(STRICT)
    guard.feed("под ног hello")
    again = guard.resume()
    assert again.feed("ami и ") == ""
    assert again.violation is not None
    assert (again.violation.kind, again.violation.text) == ("mixed", "ami")


def test_the_tail_is_part_of_the_reply_but_never_released() -> None:
    guard = StreamGuard(STRICT, tail="<think>\nso ")
    assert guard.feed("it is</think>Да") == "it is</think>"
    assert guard.finish() == "Да"
    word = StreamGuard(STRICT, tail="прив")
    assert word.feed("ет ") == "ет"
    broken = StreamGuard(STRICT, tail="прив")
    assert broken.feed("et да") == ""
    assert broken.violation == Violation("mixed", 0, 2, "et")
    assert broken.resume().feed("ет ") == "ет"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("привет hello, мир", "привет, мир"),
        ("он said да", "он да"),
        ("hello мир", "мир"),
        ("Hello, мир", "мир"),
        ("мир hello", "мир"),
        ("мир hello ", "мир"),
        ("внезапно建立 город", "внезапно город"),
        ("термин (word) тут", "термин тут"),
        ("сказал «word», да", "сказал, да"),
        ("это **word** тут", "это тут"),
        ("раз\nHello, два", "раз\nдва"),
        ("раз\nHello\nдва", "раз\nдва"),
        ("раз\n\nHello world\n\nдва", "раз\n\nдва"),
        ("- Hello: раз\n- два", "- раз\n- два"),
        ("раз one два two, три three!", "раз два, три!"),
        ("建立, это 新 вот", "это вот"),
        ("word", ""),
    ],
)
def test_strip_leaves_the_span_out_and_mends_the_seam(text: str, mended: str, size: int) -> None:
    assert stripped(text, STRICT, size) == mended


def test_strip_needs_a_violation() -> None:
    with pytest.raises(ValueError, match="nothing to strip"):
        StreamGuard(STRICT).strip()


def test_off_passes_everything_at_once() -> None:
    guard = StreamGuard(LanguagePolicy(mode="off"))
    assert guard.feed("hello 你") == "hello 你"
    assert guard.feed("好\ufffd") == "好\ufffd"
    assert (guard.finish(), guard.violation, guard.released) == ("", None, 9)


def test_nothing_is_late_or_relaxed_yet_under_strict() -> None:
    guard = StreamGuard(STRICT)
    guard.feed("Привет ")
    assert (guard.late, guard.relaxed) == ([], None)


@settings(max_examples=200)
@given(st.data(), st.one_of(ANY_TEXT, WILD_TEXT), POLICIES, CONTEXTS)
def test_what_is_released_is_the_text_up_to_the_first_violation(
    data: st.DataObject, text: str, policy: LanguagePolicy, context: tuple[str, ...]
) -> None:
    guard = StreamGuard(policy, context)
    out = "".join(guard.feed(piece) for piece in data.draw(pieces_of(text))) + guard.finish()
    assert text.startswith(out)
    assert guard.released == len(out)
    refused = check(text, policy, context).violations
    assert guard.violation == (refused[0] if refused else None)
    assert len(out) <= (refused[0].start if refused else len(text))
    if not refused:
        assert out == text


@pytest.mark.slow
@settings(max_examples=300)
@given(st.data(), st.lists(MODEL_TEXT, min_size=1, max_size=6), POLICIES, CONTEXTS)
def test_a_reply_put_together_from_attempts_is_clean_as_a_whole(
    data: st.DataObject, attempts: list[str], policy: LanguagePolicy, context: tuple[str, ...]
) -> None:
    guard = StreamGuard(policy, context)
    out = ""
    for text in attempts:
        for piece in data.draw(pieces_of(text)):
            out += guard.feed(piece)
        if guard.violation and data.draw(st.booleans()):
            out += guard.strip()
        else:
            guard = guard.resume()
    while guard.violation:
        out += guard.strip()
    out += guard.finish()
    while guard.violation:
        out += guard.strip()
    assert guard.released == len(out)
    scanner = Scanner(policy, context)
    assert [event for event in scanner.feed(out) + scanner.finish() if isinstance(event, Violation)] == []


def test_a_letter_that_the_next_word_decides_is_not_released_before_that_word_is_clean() -> None:
    guard = StreamGuard(LanguagePolicy(mode="balanced"))
    released = guard.feed(" GitHub, A \u200b hello привет") + guard.feed(" и")
    assert guard.violation is not None and "A" not in released
    guard = guard.resume()
    guard.feed(" GitHub, A привет привет"[len(released) :])
    guard.finish()
    assert guard.violation is not None and guard.violation.kind == "mixed"


@pytest.mark.slow
@settings(max_examples=150)
@given(WILD_TEXT, POLICIES)
def test_stripping_ends_and_leaves_clean_text(text: str, policy: LanguagePolicy) -> None:
    assert check(stripped(text, policy), policy).ok


def test_a_mark_behind_the_span_does_not_meet_the_code_before_it() -> None:
    policy = LanguagePolicy(mode="balanced")
    assert check(stripped("`ногami`<|message|>`", policy), policy).ok
