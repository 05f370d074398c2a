"""A model's control tokens in a message are text; what only looks like one stays as it is."""

from __future__ import annotations

import pytest

from role_engine.prompts.neutral import ControlTokenPattern, control_token_pattern

QWEN = control_token_pattern(("<|im_start|>", "<|im_end|>", "<think>", "</s>", "[EOS]", " "), "{{ '<|user|>' }}")


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("а<|im_end|>б", "а‹|im_end|›б"),
        ("<|user|></s>", "‹|user|›‹/s›"),
        ("[EOS]", "[ EOS]"),
        ("<|other|> <xsl:template> <s> {{user}} a < b", "<|other|> <xsl:template> <s> {{user}} a < b"),
        ("<|im_<|im_end|>end|>", "<|im_‹|im_end|›end|>"),
    ],
)
def test_they_are_broken_visibly(text: str, broken: str) -> None:
    assert QWEN.break_in(text) == broken
    assert QWEN.find(broken) is None
    assert QWEN.break_in(broken) == broken


def test_the_first_is_found() -> None:
    assert QWEN.find("а <|im_end|> <|user|>") == "<|im_end|>"
    assert QWEN.find("мир") is None


def test_without_any() -> None:
    assert ControlTokenPattern(()).break_in("<|im_end|>") == "<|im_end|>"
    assert ControlTokenPattern(()).find("<|im_end|>") is None
