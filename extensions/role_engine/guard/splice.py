"""Joining what stands before and after a span that is left out."""

from __future__ import annotations

import regex

_CLOSING = ",.;:!?…)]}»”’"
_BEGINS_LINE = regex.compile(r"(?:\A|\n)[^\w\n]*\Z")
_IN_RUSSIAN = regex.compile("[А-Яа-яЁё]")
_ENDS_IN_WORD = regex.compile(r"(?:\A|\s)[«„“(\"]*[А-Яа-яЁё\-]*[А-Яа-яЁё]\Z")
_PAIRS = {"(": ")", "[": "]", "«": "»", "“": "”", "„": "“", '"': '"', "‘": "’", "*": "*", "_": "_"}


class Splice:
    """The place where a span was left out. The text before it waits for what follows it.

    «привет ⟦hello⟧, мир» → «привет, мир»; «он ⟦said⟧ да» → «он да»; «термин (⟦word⟧) тут» → «термин тут»;
    where a line began with the span, it begins with what followed: «⟦Hello⟧, мир» → «мир».

    Args:
        prior: the end of the text that was released.
        before: the text between that and the span.
    """

    def __init__(self, prior: str, before: str) -> None:
        self._prior_end = prior[-1:]
        self._behind_word = _ENDS_IN_WORD.search(prior) is not None
        self._before = before
        self._after = ""
        self._begins_line = _BEGINS_LINE.search(prior + before) is not None

    def close(self, piece: str) -> str | None:
        """Take what follows; the mended text, or None while not enough of it is known."""
        self._after += piece
        while self._before and self._after and _PAIRS.get(self._before[-1]) == self._after[0]:
            self._before, self._after = self._before[:-1], self._after[1:]
        follows = self._after.lstrip(_CLOSING) if self._begins_line else self._after
        return self._kept_apart(self._mended()) if follows.strip() else None

    def end(self) -> str:
        """The mended text where nothing follows any more."""
        return self._kept_apart(self._before.rstrip() + self._after.strip())

    def _kept_apart(self, text: str) -> str:
        """Signs that were released must not meet what makes something else of them: «`a`» + «`», «<|» + «x|>»."""
        before, after = self._prior_end, text[:1]
        if not before or not after or before.isspace() or after.isspace():
            return text
        goes_on = _IN_RUSSIAN.match(after) or (after in _CLOSING and not text[1:2].isalnum())
        return text if self._behind_word and goes_on else f" {text}"

    def _mended(self) -> str:
        before, after = self._before, self._after
        if self._begins_line:
            after = after.lstrip(_CLOSING)
            rest = after.lstrip()
            if "\n" not in after[: len(after) - len(rest)]:
                return before + rest
        kept, rest = before.rstrip(), after.lstrip()
        blank, space = before[len(kept) :], after[: len(after) - len(rest)]
        if space:
            between = max(blank, space, key=lambda stretch: (stretch.count("\n"), -len(stretch))) if blank else space
            return kept + between + rest
        return (kept if after[0] in _CLOSING else before) + after
