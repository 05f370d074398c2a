"""Tokens of a piece of text, from the ids that were seen so far."""

from __future__ import annotations

from typing import Any

from role_engine.backends.base import UNKNOWN_TOKEN
from role_engine.hosts.webui.loaders.transformers import TokenTrail

WORDS = {1: " мир", 2: "\ufffd", 3: "🙂", 4: " два", 5: " мирдва"}
ENCODED = {" мир": [1], " два": [4], "🙂": [2, 3], " мирдва": [1, 4]}


def trail_of(ids):
    encode: Any = ENCODED.get
    return TokenTrail(ids, lambda seen: "🙂" if seen == [2, 3] else "".join(WORDS[i] for i in seen), encode)


def test_a_token_that_was_seen_is_named():
    trail = trail_of([1, 4])
    assert [trail.take(" мир"), trail.take(" два")] == [(1,), (4,)]


def test_the_last_token_is_named_by_its_text_before_it_is_seen():
    ids: list[int] = []
    trail = trail_of(ids)
    assert trail.take(" мир") == (1,)
    ids.append(1)
    assert trail.take(" два") == (4,)


def test_a_token_whose_text_has_two_is_counted_once():
    trail = trail_of([])
    assert trail.take(" мирдва") == (UNKNOWN_TOKEN,)
    assert trail.passed == 1


def test_tokens_without_text_of_their_own_go_with_the_piece_that_they_make():
    assert trail_of([2, 3, 1]).take("🙂") == (2, 3)
    assert trail_of([2]).take("🙂") == (2, UNKNOWN_TOKEN)
