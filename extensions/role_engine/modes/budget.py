"""How the token limit of a reply is divided between the passes and the answer."""

from __future__ import annotations

LEAST_FOR_THE_ANSWER = 256


def reserve_for_answer(limit: int) -> int:
    """Half of the limit, and at least 256 tokens of a limit that is larger."""
    half = (limit + 1) // 2
    return half if limit <= LEAST_FOR_THE_ANSWER else max(LEAST_FOR_THE_ANSWER, half)


class ReplyBudget:
    """What is left of a reply's tokens.

    Args:
        limit: of the whole reply; None: nobody says, and nothing is divided.
        passes: how many passes there may be.
    """

    def __init__(self, limit: int | None, passes: int) -> None:
        self._left = limit
        self._kept = 0 if limit is None else reserve_for_answer(limit) if passes else limit
        self._passes = passes

    def for_next_pass(self) -> int | None:
        """An even share of what the passes have left; 0: they have used it up."""
        if self._left is None:
            return None
        share = max(1, self._passes)
        self._passes -= 1
        return max(0, -(-(self._left - self._kept) // share))

    def for_answer(self) -> int | None:
        return self._left

    def spend(self, tokens: int) -> None:
        if self._left is not None:
            self._left = max(0, self._left - tokens)
