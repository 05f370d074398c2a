"""llguidance, as its own examples for Hugging Face models use it; on the CPU its numpy kernel needs no C++ compiler."""

from __future__ import annotations

import re
from typing import Any


def _lark(gbnf: str) -> str:
    """Our GBNF in llguidance's Lark; its own converter loses the zeros of `\\U0001F1E6`."""
    rules = []
    for line in gbnf.splitlines():
        if line.startswith("#"):
            continue
        name, body = line.split(" ::= ")
        if body.startswith("["):
            body = "/" + re.sub(r"\\[Uu]([0-9A-F]+)", r"\\u{\1}", body) + "/"
        rules.append(f"{'start' if name == 'root' else name}: {body}")
    return re.sub(r"\bc([0-9]+)\b", r"C\1", "\n".join(rules)) + "\n"


class LLGuidance:
    """Set-up and compilation are the constructor's."""

    def __init__(self, tokenizer: Any, size: int, pattern: str = "", grammar: str = "") -> None:
        import llguidance
        import llguidance.hf
        import llguidance.numpy

        self._size, self._kernel = size, llguidance.numpy
        self._tokenizer = llguidance.hf.from_tokenizer(tokenizer, n_vocab=size)
        self._matcher = llguidance.LLMatcher
        if grammar:
            self._grammar = llguidance.LLMatcher.grammar_from_lark(_lark(grammar))
        else:
            self._grammar = llguidance.LLMatcher.grammar_from_regex(pattern)

    def start(self) -> _Reply:
        matcher = self._matcher(self._tokenizer, self._grammar)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return _Reply(matcher, self._kernel, self._size)


class _Reply:
    def __init__(self, matcher: Any, kernel: Any, size: int) -> None:
        self._matcher, self._kernel = matcher, kernel
        self._bits = kernel.allocate_token_bitmask(1, size)

    def fill_and_apply(self, logits: Any) -> None:
        self._kernel.fill_next_token_bitmask(self._matcher, self._bits, 0)
        if logits.device.type == "cpu":
            self._kernel.apply_token_bitmask_inplace(logits.numpy(), self._bits)
        else:
            import llguidance.torch
            import torch

            bits = torch.from_numpy(self._bits).to(logits.device)
            llguidance.torch.apply_token_bitmask_inplace(logits, bits)

    def advance(self, token_id: int) -> None:
        if not self._matcher.consume_token(token_id):
            raise ValueError(f"llguidance refuses token {token_id}.")
