"""Key-value caches of the last replies, so that a reply that goes on reads nothing a second time.

A request gets the cache that has most in common with it, cut back to what both share, and is its only owner until it
gives it back; so requests that run side by side never meet in one. It is the cache itself where the request goes on
with that very reply or chat, else a copy: other replies to the same prompt, or chats with the same role, may be between
two attempts just then, and would have to read their prompt again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

KEPT_CACHES = 4
KEPT_BYTES = 2 << 30
_LITTLE = 32
"""Tokens that are sooner read again than kept in a cache of their own."""


@dataclass(slots=True, eq=False)
class KVCache:
    """A cache and the tokens whose keys and values it holds.

    Attributes:
        cache: a `transformers.DynamicCache` of one sequence.
        ids: the tokens that were read into it.
        broken: reading failed half-way, its layers differ in length.
    """

    cache: Any
    ids: list[int] = field(default_factory=list)
    broken: bool = False

    @property
    def bytes(self) -> int:
        tensors = (tensor for layer in self.cache.layers for tensor in (layer.keys, layer.values) if tensor is not None)
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)

    def crop(self, length: int) -> None:
        """Forget everything behind the first `length` tokens."""
        if length < len(self.ids):
            self.cache.crop(length)
            del self.ids[length:]

    def copy_into(self, empty: Any, length: int) -> KVCache:
        """A cache of its own with the first `length` tokens, in the empty `DynamicCache` given."""
        for index, layer in enumerate(self.cache.layers):
            empty.update(layer.keys[..., :length, :], layer.values[..., :length, :], index)
        return KVCache(empty, self.ids[:length])


class CachePool:
    """The caches that nobody is using just now, latest last. Thread-safe.

    Args:
        make: makes an empty cache.
        caches: how many are kept; 0: none, every request reads its whole prompt.
        limit: bytes that they may take together. The latest is kept whatever its size: it was in memory until now.
    """

    def __init__(self, make: Callable[[], Any], *, caches: int = KEPT_CACHES, limit: int = KEPT_BYTES) -> None:
        self._make, self._caches, self._limit = make, caches, limit
        self._idle: list[KVCache] = []
        self._lock = Lock()

    def take(self, ids: Sequence[int], *, resumes: bool = False) -> KVCache:
        """A cache that holds a beginning of `ids`, as long a one as there is.

        Never all of them: the last token must be read for the model to say what follows it.

        Args:
            resumes: the request goes on with a reply that stands already, in part.
        """
        with self._lock:
            shared, found = 0, None
            for kept in self._idle:
                if (common := common_length(kept.ids, ids[:-1])) > shared:
                    shared, found = common, kept
            if found is None:
                return KVCache(self._make())
            own = shared == len(found.ids) or (resumes and shared * 2 >= len(found.ids))
            if not own:
                return found.copy_into(self._make(), shared)
            self._idle.remove(found)
        found.crop(shared)
        return found

    def give_back(self, kept: KVCache) -> None:
        """The owner has done. What the new one makes superfluous goes, and what is too much, the oldest first."""
        if kept.broken or not kept.ids or not self._caches:
            return
        with self._lock:
            self._idle = [
                other for other in self._idle if len(other.ids) - common_length(other.ids, kept.ids) > _LITTLE
            ]
            self._idle.append(kept)
            while len(self._idle) > self._caches or (len(self._idle) > 1 and self._size() > self._limit):
                self._idle.pop(0)

    def clear(self) -> None:
        with self._lock:
            self._idle.clear()

    def __len__(self) -> int:
        return len(self._idle)

    def _size(self) -> int:
        return sum(kept.bytes for kept in self._idle)


def common_length(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens at the beginning of both are the same."""
    least, most = 0, min(len(one), len(other))
    while least < most:  # slices compare in C: a search by halves is quicker than a loop over tokens
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least
