"""The scanner from the outside: its events, and that they do not depend on how the text arrived."""

from __future__ import annotations

import re
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language import (
    Event,
    Final,
    LanguagePolicy,
    Scanner,
    Violation,
    balanced,
    scanner,
    strict,
    window,
)
from role_engine.language.latin import terms
from role_engine.language.letters import exact
from role_engine.language.markup import fences, indented, lines, prose, spans, tags, zones
from tests.language.marking import BALANCED, STRICT
from tests.language.texts import ANY_TEXT, CONTEXTS, POLICIES, TAILS, WILD_TEXT, pieces_of

MODULES = (balanced, exact, fences, indented, lines, prose, scanner, spans, strict, tags, terms, window, zones)


def events_of(scanner: Scanner, *pieces: str) -> list[Event]:
    events = [event for piece in pieces for event in scanner.feed(piece)]
    return events + scanner.finish()


def violations(events: list[Event]) -> list[Violation]:
    return [event for event in events if isinstance(event, Violation)]


def finals(events: list[Event]) -> list[int]:
    return [event.end for event in events if isinstance(event, Final)]


@pytest.mark.slow
@settings(max_examples=300)
@given(st.data(), st.one_of(ANY_TEXT, WILD_TEXT), POLICIES, CONTEXTS, TAILS)
def test_pieces_make_no_difference(
    data: st.DataObject, text: str, policy: LanguagePolicy, context: tuple[str, ...], tail: str
) -> None:
    pieces = data.draw(pieces_of(text))
    whole = events_of(Scanner(policy, context, tail), text)
    in_pieces = events_of(Scanner(policy, context, tail), *pieces)
    assert violations(whole) == violations(in_pieces)
    assert finals(whole)[-1:] == finals(in_pieces)[-1:] == ([len(text)] if text else [])


@settings(max_examples=200)
@given(st.data(), st.one_of(ANY_TEXT, WILD_TEXT), POLICIES, TAILS)
def test_events_come_in_order_and_finals_stay_clear_of_violations(
    data: st.DataObject, text: str, policy: LanguagePolicy, tail: str
) -> None:
    last = 0
    for event in events_of(Scanner(policy, tail=tail), *data.draw(pieces_of(text))):
        if isinstance(event, Final):
            assert event.end > last
            last = event.end
        else:
            assert last <= event.start < event.end
            assert event.text == text[event.start : event.end]


@pytest.mark.parametrize("policy", [STRICT, BALANCED])
def test_a_word_is_final_with_its_punctuation_and_before_the_space(policy: LanguagePolicy) -> None:
    scanner = Scanner(policy)
    assert scanner.feed("Привет, ми") == [Final(7)]
    assert scanner.feed("р!") == []
    assert scanner.feed("\n\n") == [Final(12)]
    assert scanner.finish() == [Final(14)]


def test_the_final_before_a_violation_ends_before_its_unit() -> None:
    assert events_of(Scanner(STRICT), "Он сказал (hello) и ушёл") == [
        Final(9),
        Violation("latin", 11, 16, "hello"),
        Final(19),
        Final(24),
    ]


def test_a_phrase_is_held_until_it_is_known_to_be_one() -> None:
    scanner = Scanner(BALANCED)
    assert scanner.feed("обучение (reinforcement ") == [Final(8)]
    assert scanner.feed("learning)") == []
    assert scanner.feed(" и") == []  # the next word is weighed too
    assert scanner.feed(" я") == [Final(35)]


def test_a_name_that_only_the_russian_after_it_excuses_is_held_with_it() -> None:
    scanner = Scanner(BALANCED)
    assert scanner.feed("Python — эт") == []
    assert scanner.feed("о ") == []
    assert scanner.feed("язык") == [Final(12)]


def test_reasoning_passes_at_once_but_for_what_may_be_its_end() -> None:
    scanner = Scanner(STRICT)
    assert scanner.feed("<think>so") == [Final(9)]
    assert scanner.feed(" it is</thi") == [Final(15)]
    assert scanner.feed("nk>да ") == [Final(25)]


def test_off_lets_everything_through_untouched() -> None:
    scanner = Scanner(LanguagePolicy(mode="off"))
    assert scanner.feed("hello \ufffd<think>") == [Final(14)]
    assert scanner.finish() == []


def test_sentences_are_held_whole_but_not_for_ever() -> None:
    policy = LanguagePolicy(mode="strict", hold="sentence")
    scanner = Scanner(policy)
    assert scanner.feed("Раз два три. Четыре пять ") == []  # short ones of a line are judged together
    assert scanner.feed("шесть\nСемь ") == [Final(30)]
    assert scanner.feed("девятьсот девяносто девять тысяч человек и ещё один. Вот ") == [Final(88)]
    long = Scanner(policy)
    ends = finals([event for word in ["слово "] * 100 for event in long.feed(word)])
    assert ends
    assert max(end - start for start, end in zip([0, *ends], ends, strict=False)) <= 210


@pytest.mark.parametrize("policy", [STRICT, BALANCED])
@pytest.mark.parametrize("letter", ["ы", "a", "建", "\u0301", "—", "`", "<", " ", "\n"])
def test_no_chunk_is_held_for_more_than_the_look_ahead(letter: str, policy: LanguagePolicy) -> None:
    scanner = Scanner(policy)
    end = 0
    for size in range(1, 400):
        end = max([end, *finals(scanner.feed(letter)), *(found.end for found in violations(scanner.feed("")))])
        assert size - end <= 64 + 64 + 1


def test_fork_goes_on_from_the_last_final_and_keeps_what_was_open() -> None:
    scanner = Scanner(BALANCED)
    events = scanner.feed("Код:\n```python\nx = 1\n```\nДа, some wo")
    assert finals(events) == [28]
    twin = scanner.fork()
    assert twin.feed(" верно ") == [Final(34)]
    assert violations(events_of(scanner, "rds и")) == [Violation("latin", 29, 39, "some words")]
    in_fence = Scanner(BALANCED)
    in_fence.feed("```python\nprint(")
    assert violations(events_of(in_fence.fork(), "some words)\n```\nи some words")) == [
        Violation("latin", 34, 44, "some words")
    ]


def test_fork_joins_a_word_to_the_one_before() -> None:
    scanner = Scanner(BALANCED)
    scanner.feed("ног hello")
    assert violations(events_of(scanner.fork(), "ami")) == [Violation("mixed", 3, 6, "ami")]


def test_a_halted_scanner_stops_at_the_first_violation() -> None:
    scanner = Scanner(STRICT, halt=True)
    assert scanner.feed("да one нет two да") == [Final(2), Violation("latin", 3, 6, "one")]
    assert scanner.feed(" three да") == []
    assert scanner.finish() == []


class _CountingPattern:
    """A compiled pattern that counts the characters it reads."""

    def __init__(self, pattern: Any, counts: list[int]) -> None:
        self._pattern, self._counts = pattern, counts
        self.pattern = pattern.pattern

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._pattern, name)

        def counted(text: Any, start: Any = 0, *rest: Any, **options: Any) -> Any:
            if name == "sub":  # of the replacement, and the text
                self._counts[0] += len(str(start))
                return method(text, start, *rest, **options)
            found = method(text, start, *rest, **options)
            if name in ("match", "fullmatch", "search") and found:
                self._counts[0] += found.end() - start
            else:
                self._counts[0] += 1 if name == "match" else min([len(text), *rest[:1]]) - start
            return found

        return counted


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED])
@pytest.mark.parametrize(
    "unit",
    [
        *(
            "a",
            "ы",
            "建",
            "аb",
            "\u0301",
            "👩\u200d",
            "\n",
            " ",
            "<",
            "[",
            "hello ",
            "слово ",
            "(a ",
            "` ",
            "```\n",
            "`a б ",
            "{{ ",
            "<a ",
            "\n    x",
        ),
        *("<tool_call>", "<tool_call><think>", "<tool_call></tool_call>"),
        *("слово слово " + "ы" * 1000, "слово " * 20 + " " * 500),
    ],
)
def test_the_work_grows_with_the_text_and_not_with_its_square(
    unit: str, policy: LanguagePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = [0]
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, (re.Pattern, regex.Pattern)):
                monkeypatch.setattr(module, name, _CountingPattern(value, counts))

    def work(size: int) -> int:
        counts[0] = 0
        events_of(Scanner(policy), unit * (size // len(unit)))
        return counts[0]

    assert work(8_000) <= 2.2 * work(4_000) + 1_000


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED])
@pytest.mark.parametrize("letter", ["a", "ы", "建"])
def test_a_million_characters_without_a_space_come_to_an_end(letter: str, policy: LanguagePolicy) -> None:
    assert events_of(Scanner(policy, halt=letter != "ы"), letter * 1_000_000)
