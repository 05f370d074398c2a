"""The pool of key-value caches: who gets which, how much of it, and what goes when it is too much."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.backends.kv_cache import CachePool, KVCache, common_length

LONG = 40


class Numbers:
    """As much of a tensor [batch, heads, tokens, width] as the pool looks at."""

    def __init__(self, values: list[int]) -> None:
        self.values = values

    def numel(self) -> int:
        return len(self.values)

    def element_size(self) -> int:
        return 4

    def __getitem__(self, which: Any) -> Numbers:
        return Numbers(self.values[which[-2]])


class Layer:
    keys = values = Numbers([])


class Cache:
    """A cache of one layer."""

    def __init__(self) -> None:
        self.layers = [Layer()]

    def update(self, keys: Numbers, values: Numbers, layer: int) -> None:
        self.layers[layer].keys = Numbers(self.layers[layer].keys.values + keys.values)
        self.layers[layer].values = Numbers(self.layers[layer].values.values + values.values)

    def crop(self, length: int) -> None:
        layer = self.layers[0]
        layer.keys, layer.values = layer.keys[..., :length, :], layer.values[..., :length, :]


def read(kept: KVCache, ids: list[int]) -> KVCache:
    """What a model does."""
    kept.cache.update(Numbers(ids), Numbers(ids), 0)
    kept.ids += ids
    return kept


def holds(kept: KVCache) -> list[int]:
    """The tokens that the cache really holds, which must be those that it says."""
    found = kept.cache.layers[0].keys.values
    assert found == kept.cache.layers[0].values.values == kept.ids
    return list(kept.ids)


def pool_of(*replies: list[int], **limits: int) -> CachePool:
    pool = CachePool(Cache, **limits)
    taken = [read(pool.take(ids), ids) for ids in replies]
    for kept in taken:
        pool.give_back(kept)
    return pool


def test_what_was_read_is_not_read_again() -> None:
    pool = pool_of([1, 2, 3, 4])
    assert holds(pool.take([1, 2, 3, 4, 5])) == [1, 2, 3, 4]
    assert len(pool) == 0, "it has one owner"


@pytest.mark.parametrize("resumes", [False, True])
def test_it_is_cut_back_to_what_both_share(resumes: bool) -> None:
    assert holds(pool_of([1, 2, 3, 4]).take([1, 2, 3, 9, 9], resumes=resumes)) == [1, 2, 3]


def test_the_last_token_is_left_to_read() -> None:
    assert holds(pool_of([1, 2, 3, 4]).take([1, 2, 3, 4])) == [1, 2, 3]
    assert holds(pool_of([1]).take([1])) == []


def test_two_at_a_time_never_share_one() -> None:
    pool = pool_of([1, 2, 3, 4])
    first, second = pool.take([1, 2, 3, 5], resumes=True), pool.take([1, 2, 3, 6], resumes=True)
    read(first, [5])
    assert (holds(first), holds(second)) == ([1, 2, 3, 5], [])


def test_a_reply_that_goes_on_takes_its_cache_along() -> None:
    pool = pool_of([1, 2, 3, 4])
    assert holds(pool.take([1, 2, 3, 9], resumes=True)) == [1, 2, 3]
    assert len(pool) == 0


@pytest.mark.parametrize(("ids", "resumes"), [([1, 2, 3, 9, 9], False), ([1, 2, 9, 9], True)])
def test_another_reply_gets_a_copy_of_the_common_head(ids: list[int], resumes: bool) -> None:
    pool = pool_of([1, 2, 3, 4, 5, 6])
    mine = pool.take(ids, resumes=resumes)
    read(mine, [9])
    assert holds(mine) == ids[: len(mine.ids)]
    assert holds(pool.take([1, 2, 3, 4, 5, 6, 0])) == [1, 2, 3, 4, 5, 6]


def test_the_one_with_most_in_common_is_taken() -> None:
    pool = pool_of([1, *[3] * LONG], [5, 6], [1, *[4] * LONG])
    assert holds(pool.take([1, *[3] * LONG, 7])) == [1, *[3] * LONG]


def test_what_another_holds_too_is_kept_once() -> None:
    assert len(pool_of([1, 2], [1, 2, 3])) == 1
    assert len(pool_of([1, 2, 9], [1, 2, 3])) == 1, "few tokens more are not worth a cache"
    assert len(pool_of([1] + [9] * LONG, [1, 2, 3])) == 2


def test_the_oldest_go_first() -> None:
    pool = pool_of(*([n] * LONG for n in (1, 2, 3)), caches=2)
    assert [len(holds(pool.take([n] * LONG + [0]))) for n in (1, 2, 3)] == [0, LONG, LONG]


def test_memory_is_bounded_but_for_the_latest() -> None:
    pool = pool_of([1] * LONG, [2] * LONG, [3] * LONG, limit=2 * LONG * 2 * 4)
    assert len(pool) == 2
    pool = pool_of([1] * LONG, [2] * LONG, limit=1)
    assert [len(holds(pool.take([n] * LONG + [0]))) for n in (1, 2)] == [0, LONG]


def test_none_is_kept_on_request_nor_one_that_broke() -> None:
    assert len(pool_of([1, 2], caches=0)) == 0
    pool = CachePool(Cache)
    kept = read(pool.take([1]), [1])
    kept.broken = True
    pool.give_back(kept)
    assert len(pool) == 0


@given(st.lists(st.integers(0, 2), max_size=12), st.lists(st.integers(0, 2), max_size=12))
def test_the_common_length_is_that_of_the_longest_common_beginning(one: list[int], other: list[int]) -> None:
    expected = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    assert common_length(one, other) == expected


@pytest.mark.parametrize("shared", [1, 2, 3])
def test_a_cache_that_was_cut_back_goes_on(shared: int) -> None:
    pool = pool_of([1, 2, 3, 4])
    ids = [*range(1, shared + 1), 7, 8]
    kept = pool.take(ids, resumes=True)
    read(kept, ids[len(kept.ids) :])
    pool.give_back(kept)
    assert holds(pool.take([*ids, 9])) == ids
