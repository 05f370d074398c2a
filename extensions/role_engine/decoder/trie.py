"""All tokens of a vocabulary as one trie of character classes, walked level by level.

Most tokens of a foreign script are the same few strings of classes, so the trie is a good deal smaller than the
vocabulary, and the branches that a state forbids are never entered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from role_engine.decoder.utf8 import INVALID, Utf8
from role_engine.decoder.vocabulary import Vocabulary

Ints = NDArray[np.int32]

# A table is faster than sorting up to about this many entries.
_LARGEST_TABLE = 1 << 25


@dataclass(frozen=True)
class Symbols:
    """What the trie's edges are labelled with: classes first, then the nodes of `Utf8` that a token may end in (it ends
    within a character), then one for bytes that are no UTF-8."""

    classes: int
    nodes: int

    @property
    def bad(self) -> int:
        return self.classes + self.nodes

    def __len__(self) -> int:
        return self.classes + self.nodes + 1


@dataclass(frozen=True, eq=False)
class Trie:
    """Nodes are numbered level by level, children of a node one after the other; node 0 is the root.

    Attributes:
        symbol: [nodes]: the label of the edge to the node.
        first_child: [nodes + 1]: children of `n` are `first_child[n]` to `first_child[n + 1]`, the end excluded.
        first_token: [nodes + 1]: likewise for the tokens that end at a node, as places in `tokens`.
        tokens: token ids.
    """

    symbol: Ints
    first_child: Ints
    first_token: Ints
    tokens: Ints


def build(
    vocabulary: Vocabulary, reader: Utf8, start: int = 0, groups: frozenset[int] | None = None, marker: int = 0
) -> Trie:
    """The trie of the tokens' texts, read from the node `start` of `reader` on.

    From within a character, tokens that cannot go on with it are left out. So are, with `groups`, tokens that hold a
    class which is none of these, but for those that hold the byte `marker`.
    """
    sizes = np.diff(vocabulary.starts)
    ids = np.flatnonzero(sizes)
    if start:
        first = vocabulary.data[vocabulary.starts[ids]]
        ids = ids[reader.steps[start, first] != INVALID]
    symbols = Symbols(reader.reach.shape[1], len(reader.steps))
    labels, counts, offsets = _labels(vocabulary, reader, ids, start, symbols)
    if groups is not None:
        other = np.ones(len(symbols), bool)
        other[list(groups)] = other[symbols.classes : symbols.bad] = False
        held = _held(other[labels], counts, offsets) & ~_held(vocabulary.data == marker, counts, offsets)
        (kept,) = np.nonzero(~held)
        counts, offsets, ids = counts[kept], offsets[kept], ids[kept]
    return _from_labels(labels, counts, offsets, ids, len(symbols))


def _held(flags: NDArray[np.bool_], counts: NDArray[np.int64], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether any flag is set among those of each token."""
    before = np.concatenate([[0], np.cumsum(flags)])
    held: NDArray[np.bool_] = before[offsets + counts] > before[offsets]
    return held


def _labels(
    vocabulary: Vocabulary, reader: Utf8, ids: NDArray[np.int64], start: int, symbols: Symbols
) -> tuple[Ints, NDArray[np.int64], NDArray[np.int64]]:
    """The labels of every token, how many they are, and where they begin."""
    data, offsets = vocabulary.data, vocabulary.starts[ids]
    sizes = vocabulary.starts[ids + 1] - offsets
    ascii_class = np.where(reader.steps[0, :128] == INVALID, symbols.bad, -1 - reader.steps[0, :128]).astype(np.int32)
    labels = ascii_class[np.minimum(data, 127)]
    counts = sizes.copy()
    high = np.concatenate([[0], np.cumsum(data >= 128)])
    (hard,) = np.nonzero((high[offsets + sizes] > high[offsets]) | (start > 0))
    hard = hard[np.argsort(-sizes[hard], kind="stable")]
    offset, size = offsets[hard], sizes[hard]
    node = np.full(len(hard), start, np.int32)
    count = np.zeros(len(hard), np.int64)
    steps = reader.steps.reshape(-1)
    lengths = -size
    for position in range(int(size[0]) if len(size) else 0):
        active = int(np.searchsorted(lengths, -position, side="left"))
        behind = steps[node[:active] * 256 + data[offset[:active] + position]]
        (ended,) = np.nonzero(behind < 0)
        label = -1 - behind[ended]
        label[behind[ended] == INVALID] = symbols.bad
        labels[offset[ended] + count[ended]] = label
        count[ended] += 1
        node[:active] = np.maximum(behind, 0)
    (inside,) = np.nonzero(node)
    labels[offset[inside] + count[inside]] = symbols.classes + node[inside]
    count[inside] += 1
    counts[hard] = count
    return labels, counts, offsets


def _from_labels(
    labels: Ints, counts: NDArray[np.int64], offsets: NDArray[np.int64], ids: NDArray[np.int64], size: int
) -> Trie:
    used, labels = _renumbered(labels, counts, offsets, size)
    order = np.argsort(-counts, kind="stable")
    lengths, offset = -counts[order], offsets[order]
    place = np.zeros(len(ids), np.int64)
    node_of = np.zeros(len(ids), np.int64)
    symbol: list[Ints] = [np.zeros(1, np.int32)]
    first_child: list[NDArray[np.int64]] = []
    total, width, base = 1, len(used), 0
    level = 1  # nodes of the level above
    for depth in range(int(counts.max(initial=0))):
        active = int(np.searchsorted(lengths, -depth, side="left"))
        key = place[:active] * width + labels[offset[:active] + depth]
        keys, place[:active] = _numbered(key, level * width)
        first_child.append(total + np.searchsorted(keys, np.arange(level) * width))
        symbol.append(used[keys % width])
        base, total, level = total, total + len(keys), len(keys)
        ending = int(np.searchsorted(lengths, -depth - 1, side="left"))
        node_of[order[ending:active]] = base + place[ending:active]
    first_child.append(np.full(level + 1, total))
    by_node = np.argsort(node_of, kind="stable")
    first_token = np.searchsorted(node_of[by_node], np.arange(total + 1))
    return Trie(
        np.concatenate(symbol).astype(np.int32),
        np.concatenate(first_child).astype(np.int32),
        first_token.astype(np.int32),
        ids[by_node].astype(np.int32),
    )


def _numbered(key: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different keys in order, and the place of each key among them; keys are below `size`."""
    if size > _LARGEST_TABLE:
        keys = np.unique(key)
        return keys, np.searchsorted(keys, key)
    present = np.zeros(size, bool)
    present[key] = True
    keys = np.flatnonzero(present)
    place = np.empty(size, np.int32)
    place[keys] = np.arange(len(keys), dtype=np.int32)
    return keys, place[key].astype(np.int64)


def _renumbered(labels: Ints, counts: NDArray[np.int64], offsets: NDArray[np.int64], size: int) -> tuple[Ints, Ints]:
    """The labels that occur, and `labels` as numbers of them."""
    seen = np.zeros(size, bool)
    seen[labels] = True
    used = np.flatnonzero(seen).astype(np.int32)
    number = np.zeros(size, np.int32)
    number[used] = np.arange(len(used))
    return used, number[labels]


def walk(trie: Trie, state: int, step: Callable[[Ints, Ints], Ints]) -> Ints:
    """The nodes that can be reached from `state`.

    Args:
        step: (states, symbols) → the states behind them: negative where it must not be, and anything beyond the last
            state where the way ends.
    """
    nodes: Ints = np.zeros(1, np.int32)
    states: Ints = np.array([state], np.int32)
    found = [nodes]
    while len(nodes):
        first = trie.first_child[nodes]
        number = trie.first_child[nodes + 1] - first
        children = spread(first, number)
        behind = step(np.repeat(states, number), trie.symbol[children])
        (alive,) = np.nonzero(behind >= 0)
        nodes, states = children[alive], behind[alive]
        found.append(nodes)
    return np.concatenate(found)


def spread(first: Ints, number: Ints) -> Ints:
    """`first[0]`, `first[0] + 1` … so many as `number` says, then those from `first[1]` on, …"""
    total = int(number.sum())
    ends = np.cumsum(number)
    return np.arange(total, dtype=np.int32) + np.repeat((first - (ends - number)).astype(np.int32), number)
