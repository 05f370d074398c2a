"""xgrammar, as its page on integration with Hugging Face shows it."""

from __future__ import annotations

from typing import Any


class XGrammar:
    """Set-up and compilation are the constructor's."""

    def __init__(self, tokenizer: Any, size: int, pattern: str = "", grammar: str = "") -> None:
        import xgrammar

        self._xgrammar, self._size = xgrammar, size
        info = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=size)
        compiler = xgrammar.GrammarCompiler(info)
        self._compiled = compiler.compile_grammar(grammar) if grammar else compiler.compile_regex(pattern)

    def start(self) -> _Reply:
        return _Reply(self._xgrammar, self._compiled, self._size)


class _Reply:
    def __init__(self, xgrammar: Any, compiled: Any, size: int) -> None:
        self._xgrammar, self._matcher = xgrammar, xgrammar.GrammarMatcher(compiled)
        self._bits = xgrammar.allocate_token_bitmask(1, size)

    def fill_and_apply(self, logits: Any) -> None:
        self._matcher.fill_next_token_bitmask(self._bits)
        self._xgrammar.apply_token_bitmask_inplace(logits, self._bits.to(logits.device))

    def advance(self, token_id: int) -> None:
        if not self._matcher.accept_token(token_id):
            raise ValueError(f"xgrammar refuses token {token_id}.")
