"""How much of a context a role may take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.budget import role_share


@pytest.mark.parametrize(
    ("context", "share"), [(2048, 512), (4096, 1000), (32_768, 5000), (131_072, 65_536), (1_048_576, 524_288)]
)
def test_the_table(context: int, share: int) -> None:
    assert role_share(context) == share


@pytest.mark.parametrize(
    ("context", "low", "high"), [(4000, 500, 1000), (32_000, 3000, 5000), (128_000, 64_000, 64_000)]
)
def test_the_table_read_in_thousands(context: int, low: int, high: int) -> None:
    assert low <= role_share(context) <= high


@given(st.integers(1, 2_000_000), st.integers(0, 100_000))
def test_more_context_is_never_less_room(context: int, more: int) -> None:
    assert role_share(context) <= role_share(context + more)


@given(st.integers(1, 2_000_000))
def test_never_more_than_a_quarter_of_a_small_one_and_half_of_a_large_one(context: int) -> None:
    assert role_share(context) <= context / (4 if context <= 32_768 else 2)


def test_a_role_may_ask_for_more_or_less() -> None:
    assert role_share(4096, 0.75) == 3072
    assert role_share(1_048_576, 0.01) == 10_485
