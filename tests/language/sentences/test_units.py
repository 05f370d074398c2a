# ruff: noqa: E501 - tables of text
"""Sentences that are not Russian: which are found, where they begin and end, and when that is known."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.backends.base import GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.guard import StreamGuard, guarded_stream
from role_engine.language import Final, LanguagePolicy, Scanner, Verdict, Violation, check
from role_engine.language.policy import Mode
from role_engine.language.sentences.units import LONGEST
from tests.language.sentences.sentence_samples import BULGARIAN, FOREIGN, RUSSIAN
from tests.language.texts import pieces_of

EXAMPLES = int(os.environ.get("ROLE_ENGINE_EXAMPLES", "120"))
WORD = LanguagePolicy(mode="balanced", hold="word")
SENTENCE = LanguagePolicy(mode="balanced", hold="sentence")
BG, RU = BULGARIAN[0], RUSSIAN[0]
SHORT_BG = ("Добро утро.", "Аз съм тук.", "Какво е това?", "Къде отиваш?", "Не зная, разбира се.")


def late(text: str, policy: LanguagePolicy = WORD) -> list[str]:
    verdict = check(text, policy)
    assert verdict.ok
    assert all(text[found.start : found.end] == found.text for found in verdict.late)
    assert {found.kind for found in verdict.late} <= {"language"}
    return [found.text for found in verdict.late]


@pytest.mark.parametrize("sentence", FOREIGN)
def test_a_foreign_sentence_is_found_late_and_blocks_nothing(sentence: str) -> None:
    assert late(f"{RU} {sentence} {RU}") == [sentence]


@pytest.mark.parametrize("mode", ["strict", "balanced"])
@pytest.mark.parametrize("sentence", FOREIGN)
def test_where_sentences_are_held_it_is_a_violation(sentence: str, mode: Mode) -> None:
    text = f"{RU} {sentence}\n{RU}"
    start = len(RU) + 1
    verdict = check(text, LanguagePolicy(mode=mode, hold="sentence"))
    assert verdict == Verdict((Violation("language", start, start + len(sentence), sentence),))


def test_russian_is_left_alone() -> None:
    assert late(" ".join(RUSSIAN)) == []
    assert late("\n".join(f"- {sentence}" for sentence in RUSSIAN)) == []


def test_off_judges_nothing() -> None:
    assert check(BG, LanguagePolicy(mode="off", hold="sentence")) == Verdict()


@pytest.mark.parametrize(
    "text",
    [
        f"```text\n{BG}\n```\n",
        f"```python\n# {BG}\n```\n",
        f"<think>{BG}</think>{RU}",
        f"Вот ключ: `{BG}` и всё.",
        "Роман называется «Не се обръщай назад, когато излизаш оттук», и он о войне.",
    ],
)
def test_code_reasoning_and_titles_are_not_judged(text: str) -> None:
    assert late(text) == []


def test_reasoning_that_is_checked_like_the_rest_is_judged() -> None:
    same = WORD.model_copy(update={"in_thinking": "same"})
    assert late(f"<think>{RU} {BG}</think>{RU}", same) == [BG]


def test_a_long_quotation_is_judged_with_its_sentence() -> None:
    assert late(f"Он сказал: «{' '.join(BULGARIAN[:2])}»") != []


class TestWhereSentencesEnd:
    @pytest.mark.parametrize(
        "text",
        [
            "На 5 май, т. е. вчера, г. Иванов и проф. А. С. Петров са говорили за това в центъра на град София.",
            "Всеки ден ставам рано (в 6.30 ч.) и пия кафе, а после отивам на работа с автобуса до центъра.",
        ],
    )
    def test_an_abbreviation_ends_none(self, text: str) -> None:
        assert late(f"{RU} {text} {RU}") == [text]

    def test_short_ones_of_a_line_are_judged_together(self) -> None:
        together = late(f"{' '.join(SHORT_BG)}\n{RU}")
        assert together
        assert "".join(together).startswith(SHORT_BG[0])

    def test_short_ones_of_different_lines_are_not(self) -> None:
        assert late("\n".join(SHORT_BG)) == []

    def test_a_short_russian_one_before_a_foreign_one_stays(self) -> None:
        assert late(f"Да. {BG}") == [BG]

    def test_a_line_ends_one(self) -> None:
        assert late(f"{RU[:-1]}\n{BG[:-1]}\n{RU}") == [BG[:-1]]

    def test_the_end_of_the_text_ends_one(self) -> None:
        assert late(f"{RU} {BG[:-8]}") == [BG[:-8]]

    def test_closing_marks_belong_to_it(self) -> None:
        assert late(f"{RU} ({BG}) {RU}") == [f"({BG})"]

    def test_a_very_long_one_is_judged_in_stretches(self) -> None:
        long = " ".join([sentence[:-1].lower() for sentence in BULGARIAN] * 3)
        found = late(long)
        assert " ".join(found) == long
        assert all(len(stretch) <= LONGEST + 64 for stretch in found)


def test_a_sentence_in_which_something_was_refused_is_not_judged_again() -> None:
    verdict = check(f"{BG[:-1]} 建立.", SENTENCE)
    assert [found.kind for found in verdict.violations] == ["cjk"]


def test_names_do_not_keep_a_sentence_from_being_judged() -> None:
    text = "Компанията Microsoft обяви, че новата версия на Windows ще бъде достъпна за всички през май."
    assert late(text) == [text]


PARTS = (
    *(f"{sentence} " for sentence in (*RUSSIAN[:4], *BULGARIAN[:3], FOREIGN[-1], *SHORT_BG)), "Привет, ", "т. е. ", "А. С. ", "建立", "\n",
    "\n\n", ". ", "! ", "…", "»", "«", "`", "```", "```text\n", "<think>", "</think>", "Microsoft ", "healthy fats ", "и ", " ", "ы" * 70,
    "ы " * 30, "Привет. Kak dela? ", "\u0301", "\u2028", "\xa0", "<|im_end|>", "123", "(", ") ",
)  # fmt: skip
TEXT = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)
HOLDS = st.sampled_from([WORD, SENTENCE, SENTENCE.model_copy(update={"mode": "strict"})])


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), TEXT, HOLDS)
def test_pieces_make_no_difference(data: st.DataObject, text: str, policy: LanguagePolicy) -> None:
    scanner = Scanner(policy)
    events = [event for piece in data.draw(pieces_of(text)) for event in scanner.feed(piece)] + scanner.finish()
    violations = tuple(event for event in events if isinstance(event, Violation))
    assert Verdict(violations, tuple(scanner.late)) == check(text, policy)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data(), TEXT, HOLDS)
def test_nothing_of_a_violation_is_released(data: st.DataObject, text: str, policy: LanguagePolicy) -> None:
    guard = StreamGuard(policy)
    released = "".join([guard.feed(piece) for piece in data.draw(pieces_of(text))]) + guard.finish()
    assert text.startswith(released)
    if guard.violation is None:
        assert released == text
    else:
        assert len(released) <= guard.violation.start
    assert all(found.end <= len(released) + len(guard.held) for found in guard.late)


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXT, HOLDS)
def test_what_was_released_is_clean_however_often_it_was_begun_anew(text: str, policy: LanguagePolicy) -> None:
    guard, released, rest = StreamGuard(policy), "", text
    for _ in range(len(text) + 1):
        released += guard.feed(rest) + guard.finish()
        if guard.violation is None:
            break
        rest = guard.held[guard.violation.end - guard.released :]
        guard = guard.resume()
    assert check(released, policy).ok


def test_a_sentence_is_released_when_it_was_judged() -> None:
    guard = StreamGuard(SENTENCE)
    released = [guard.feed(f"{word} ") for word in f"{RU} {RUSSIAN[1]} {BG}".split()]
    assert [piece.strip() for piece in released if piece] == [RU, RUSSIAN[1]]
    assert guard.violation is not None
    assert guard.violation.text == BG


def test_no_more_is_held_than_a_long_sentence() -> None:
    guard = StreamGuard(SENTENCE)
    for word in RU[:-1].lower().split() * 300:
        guard.feed(f"{word} ")
        assert len(guard.held) <= LONGEST + 2 * 64
    assert guard.violation is None


def test_finals_are_ends_of_sentences() -> None:
    scanner = Scanner(SENTENCE)
    text = f"{RU} {RUSSIAN[1]} {RUSSIAN[2]}"
    events = [event for word in text.split(" ") for event in scanner.feed(f"{word} ")]
    assert all(isinstance(event, Final) and text[event.end - 1] == "." for event in events)


def test_a_title_is_not_released_in_two() -> None:
    scanner = Scanner(SENTENCE)
    text = "Сегодня вечером мы всей семьёй снова смотрели «The End. Part Two» и смеялись."
    assert scanner.feed(f"{text}\n") == [Final(len(text))]


def tokens(text: str) -> list[str]:
    """As models write it: a space before each word."""
    return [f" {word}" for word in text.split()]


class TestInAReply:
    """The guard and an engine that slips into Bulgarian."""

    SLIP = (tokens(f"{RU} {BG} {RU}"), tokens(f"{RUSSIAN[1]} {RUSSIAN[2]}"))

    def test_a_held_sentence_is_generated_again(self) -> None:
        backend = ReplayBackend(self.SLIP)
        stream = guarded_stream(backend, GenerationRequest(prompt="", policy=SENTENCE, max_tokens=200))
        assert "".join(stream) == f" {RU} {RUSSIAN[1]} {RUSSIAN[2]}"
        assert backend.attempts[1].request.prefix == f" {RU}"
        assert [found.kind for found in stream.report.rejected] == ["language"]
        assert stream.report.late == []
        assert not stream.report.failed

    def test_where_words_are_released_it_is_only_reported(self) -> None:
        backend = ReplayBackend(self.SLIP)
        stream = guarded_stream(backend, GenerationRequest(prompt="", policy=WORD, max_tokens=200))
        assert "".join(stream) == f" {RU} {BG} {RU}"
        assert [found.text for found in stream.report.late] == [BG]
        assert stream.report.rejected == []
        assert stream.report.attempts == 1

    def test_where_every_try_fails_the_sentence_is_left_out(self) -> None:
        backend = ReplayBackend(lambda request: tokens(f"{BG} {RU}") if request.prefix else tokens(f"{RU} {BG} {RU}"))
        stream = guarded_stream(backend, GenerationRequest(prompt="", policy=SENTENCE, max_tokens=200))
        assert "".join(stream) == f" {RU} {RU}"
        assert stream.report.failed
        assert stream.report.stripped == 1

    def test_what_was_late_is_reported_once_whatever_is_rejected_after_it(self) -> None:
        scripts = ([*tokens(BG), " внезапно", "建立"], ["!", *tokens(RU)])
        stream = guarded_stream(ReplayBackend(scripts), GenerationRequest(prompt="", policy=WORD, max_tokens=200))
        assert "".join(stream) == f" {BG} внезапно! {RU}"
        assert [found.text for found in stream.report.late] == [BG]
