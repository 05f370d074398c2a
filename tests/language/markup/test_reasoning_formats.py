from __future__ import annotations

import pytest

from role_engine.language.check import check
from role_engine.language.markup.reasoning_formats import (
    REASONING_FORMATS,
    ReasoningFormat,
    find_open_reasoning,
    reasoning_tail,
)
from role_engine.language.policy import LanguagePolicy
from role_engine.language.scanner import Scanner
from role_engine.language.verdict import Violation
from role_engine.modes.reasoning import split_reasoning

STRICT = LanguagePolicy(mode="strict")
OPENED = [one for one in REASONING_FORMATS if one.use in ("reply", "prompt")]


@pytest.mark.parametrize("form", OPENED, ids=lambda form: form.opener)
@pytest.mark.parametrize("space", ["", "\n", "\n\n", " "])
def test_a_prompt_that_ends_in_an_opener_opens_reasoning(form: ReasoningFormat, space: str) -> None:
    prompt = f"<|im_start|>assistant\n{form.opener}{space}"
    assert find_open_reasoning(prompt) is form
    scanner = Scanner(STRICT, tail=reasoning_tail(prompt))
    events = [*scanner.feed(f"Let me think.{form.closer}Да, hello."), *scanner.finish()]
    assert [event.text for event in events if isinstance(event, Violation)] == ["hello"]
    assert split_reasoning(f"Хм.{form.closer}Да.", reasoning_tail(prompt)) == ("Хм.", "Да.")


@pytest.mark.parametrize("prompt", ["", " ", "Да", "I thought\n", "<think>Хм", "<think></think>", "[THINK]", "think>"])
def test_other_prompts_open_none(prompt: str) -> None:
    assert find_open_reasoning(prompt) is None
    assert reasoning_tail(prompt) == ""


def test_the_token_of_a_mode_opens_none_in_a_reply() -> None:
    assert check("<|think|>Да.<|end|>Нет.", STRICT).violations
