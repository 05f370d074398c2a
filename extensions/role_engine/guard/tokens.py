"""Which generated tokens stand behind which text: what was delivered, what was thrown away, what to ban next time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import regex

from role_engine.backends.base import UNKNOWN_TOKEN, Chunk, TokenBan

_TARGET_LETTER = regex.compile(r"[а-яё]", regex.IGNORECASE)


@dataclass(slots=True)
class _Booked:
    start: int
    end: int
    tokens: int
    ids: tuple[int, ...] | None
    text: str


class TokenLedger:
    """The tokens of one attempt whose text is not delivered yet.

    Offsets count the characters that the engine has produced in this attempt.
    """

    def __init__(self) -> None:
        self.produced = 0
        self._open: deque[_Booked] = deque()
        self._open_tokens = 0

    def book(self, chunk: Chunk) -> None:
        start, self.produced = self.produced, self.produced + len(chunk.text)
        self._open.append(_Booked(start, self.produced, chunk.token_count, chunk.token_ids, chunk.text))
        self._open_tokens += chunk.token_count

    def deliver(self, undelivered: int) -> int:
        """All but the last `undelivered` characters have gone out; returns the tokens that went with them."""
        boundary, went = self.produced - undelivered, 0
        while self._open and self._open[0].end <= boundary:
            went += self._open.popleft().tokens
        self._open_tokens -= went
        return went

    @property
    def undelivered(self) -> int:
        """Tokens whose text is held, or was never delivered."""
        return self._open_tokens

    @property
    def text(self) -> str:
        """The text of the tokens that are not delivered."""
        return "".join(booked.text for booked in self._open)

    def carry(self, start: int, end: int) -> TokenLedger:
        """A ledger for the next attempt that begins with the tokens between the two offsets, whole tokens only.

        White space at their end is left to the next attempt: a prompt that is cut behind it tokenises differently.
        """
        kept = [booked for booked in self._open if booked.start >= start and booked.end <= end]
        while kept and (not kept[-1].text or kept[-1].text[-1].isspace()):
            kept.pop()
        ledger = TokenLedger()
        if kept and kept[0].start == start:
            for booked in kept:
                ledger.book(Chunk(booked.text, booked.ids))
        return ledger

    def discard(self, start: int, end: int) -> int:
        """The text from `start` to `end` will never go out; returns its tokens, which no longer count."""
        gone = 0
        for booked in self._open:
            if booked.start < end and booked.end > start:
                gone, booked.tokens = gone + booked.tokens, 0
        self._open_tokens -= gone
        return gone

    def bans(self, boundary: int, violation_start: int) -> tuple[TokenBan, ...]:
        """What keeps the next attempt out of the same hole, for engines that name their tokens.

        The token that led away from the last clean boundary is banned at that spot; the token that carried the
        violation itself is banned for the whole attempt, unless it holds letters of the target language.
        """
        found: dict[int, TokenBan] = {}
        for booked in self._open:
            if not booked.ids or booked.ids[0] == UNKNOWN_TOKEN:
                continue
            token = booked.ids[0]
            if booked.start == boundary and booked.text and not found:
                found[token] = TokenBan(token, first_only=True)
            if booked.start <= violation_start < booked.end:
                if len(booked.ids) == 1 and not _TARGET_LETTER.search(booked.text):  # a part of one may be in any word
                    found[token] = TokenBan(token, first_only=False)
                break
        return tuple(found.values())
