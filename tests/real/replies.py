"""What is asked of every reply of a real model, whatever served it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from role_engine.bench.replies.oracle import ends_in_loop, find_violations, parse_code_blocks

MAX_TOKENS = 120

Ask = Callable[[str, str, int], tuple[str, dict[str, Any]]]
"""(question, mode, max_tokens) → text and report, always by the same seed."""


def check_replies(ask: Ask, question: str) -> None:
    """Off, balanced and strict from one seed: the guarded ones are clean, and leave alone what was."""
    ask(question, "off", 1)  # a prompt that is read anew gives other logits than one out of the cache
    off, _ = ask(question, "off", MAX_TOKENS)
    balanced, in_balanced = ask(question, "balanced", MAX_TOKENS)
    strict, _ = ask(question, "strict", MAX_TOKENS)
    assert find_violations(balanced, "balanced") == [], balanced
    assert find_violations(strict, "strict") == [], strict
    if not in_balanced["rejected"]:
        assert balanced == off
    if not find_violations(off, "balanced"):
        assert parse_code_blocks(balanced)[: len(parse_code_blocks(off))] == parse_code_blocks(off)
    for reply in (balanced, strict):
        assert ends_in_loop(off) or not ends_in_loop(reply), reply
