"""What a peer has to offer to be measured: a mask of tokens, made by its own recommended integration."""

from __future__ import annotations

from typing import Any, Protocol


class MaskedReply(Protocol):
    """The masks along one reply."""

    def fill_and_apply(self, logits: Any) -> None:
        """Make the mask of the next token, and set what it forbids in `logits` ([1, V] float32, torch) to -inf."""
        ...

    def advance(self, token_id: int) -> None:
        """Take a token."""
        ...


class MaskEngine(Protocol):
    """An engine, set up for one tokenizer and one grammar."""

    def start(self) -> MaskedReply:
        """The beginning of a reply."""
        ...
