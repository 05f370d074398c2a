"""Tokens booked to delivered and rejected text."""

from __future__ import annotations

from role_engine.backends.base import Chunk, TokenBan
from role_engine.guard.tokens import TokenLedger


def ledger_of(*pieces: str) -> TokenLedger:
    ledger = TokenLedger()
    for number, piece in enumerate(pieces):
        ledger.book(Chunk(piece, (number,)))
    return ledger


def test_a_token_is_delivered_with_its_last_character() -> None:
    ledger = ledger_of("Раз", " два", " три")
    assert ledger.deliver(undelivered=6) == 1  # «Раз д»: the second token is only begun
    assert ledger.undelivered == 2
    assert ledger.deliver(undelivered=0) == 2


def test_a_token_without_text_goes_with_the_text_before_it() -> None:
    ledger = ledger_of("Раз", "", "")
    assert ledger.deliver(undelivered=0) == 3


def test_the_first_token_after_the_boundary_is_banned_there_and_the_foreign_one_everywhere() -> None:
    ledger = ledger_of("Раз", " до", "mой", " там")
    ledger.deliver(undelivered=10)
    assert ledger.bans(boundary=3, violation_start=4) == (TokenBan(1, first_only=True),)
    assert ledger.bans(boundary=3, violation_start=6) == (TokenBan(1, first_only=True),)
    ledger = ledger_of("Раз", " до", " my")
    ledger.deliver(undelivered=6)
    assert ledger.bans(boundary=3, violation_start=7) == (TokenBan(1), TokenBan(2, first_only=False))


def test_a_token_across_the_boundary_is_not_banned() -> None:
    ledger = ledger_of("Раз два", " my")
    ledger.deliver(undelivered=7)
    assert ledger.bans(boundary=3, violation_start=8) == (TokenBan(1, first_only=False),)


def test_discarded_tokens_count_no_more() -> None:
    ledger = ledger_of("Раз", " my", " два")
    assert ledger.discard(4, 6) == 1
    assert ledger.deliver(undelivered=0) == 2


def test_of_a_character_made_of_several_tokens_the_first_is_banned_there() -> None:
    ledger = TokenLedger()
    ledger.book(Chunk("Раз", (1,)))
    ledger.book(Chunk(" 世", (8, 5)))
    ledger.deliver(undelivered=2)
    assert ledger.bans(boundary=3, violation_start=4) == (TokenBan(8, first_only=True),)
