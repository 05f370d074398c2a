"""A grammar that goes on behind a text."""

from __future__ import annotations

import pytest

from role_engine.decoder.resumed_grammar import write_resumed_grammar
from role_engine.language.policy import LanguagePolicy, Mode

STRICT = LanguagePolicy(mode="strict")


def root(text: str, policy: LanguagePolicy = STRICT) -> str:
    (line,) = (line for line in write_resumed_grammar(policy, text).splitlines() if line.startswith("root ::= "))
    return line.removeprefix("root ::= ")


def ways(text: str, policy: LanguagePolicy = STRICT) -> str:
    """The rule of the state behind `text`."""
    state = root(text, policy)
    return next(rule for rule in write_resumed_grammar(policy, text).splitlines() if rule.startswith(f"{state} ::= "))


@pytest.mark.parametrize("mode", ["strict", "balanced"])
def test_the_state_is_that_of_the_last_word_alone(mode: Mode) -> None:
    policy = LanguagePolicy(mode=mode)
    assert root("Река течёт, а пам", policy) == root("Дом, где пам", policy)
    assert root("Река течёт, ", policy) == root("Дом, ", policy)


def test_only_the_root_depends_on_the_text() -> None:
    one, other = (write_resumed_grammar(STRICT, text).splitlines() for text in ("", "Река теч"))
    assert [line for line in one if line not in other] == [line for line in one if line.startswith("root")]


def test_reasoning_is_free_up_to_its_end() -> None:
    assert root("<think>\nWell, ") == "t0"
    assert root("<think>\nWell.</think>Рек") == root("Рек")
    assert "<think>" in root("\n")


def test_a_text_that_the_policy_refuses_does_not_count_but_for_its_last_word() -> None:
    assert root("Once upon a time, жил") == root("жил")
    assert root("Once upon a time, ") == "s0"
    assert root("Once upon") == "s0"


def test_a_russian_word_of_balanced_does_not_go_on_in_latin() -> None:
    balanced = LanguagePolicy(mode="balanced")
    assert ways("ног", balanced) != ways("ног ", balanced) == ways("дом ", balanced)
