"""The smallest automaton with the same language, over sets of classes that it tells apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple


class MinimalAutomaton(NamedTuple):
    """States are numbers, 0 the first.

    Attributes:
        steps: per state: set of classes → next state; the sets are disjoint.
        accepts: per state.
    """

    steps: tuple[dict[frozenset[int], int], ...]
    accepts: tuple[bool, ...]


def minimal(steps: Mapping[Any, Mapping[int, Any]], accepting: Mapping[Any, bool], start: Hashable) -> MinimalAutomaton:
    """Merge states that nothing tells apart (Moore's method)."""
    block: dict[Hashable, int] = {state: int(accepting[state]) for state in steps}
    size = 0
    while len(set(block.values())) > size:
        size = len(set(block.values()))
        told = {
            state: (block[state], tuple(sorted((group, block[behind]) for group, behind in steps[state].items())))
            for state in steps
        }
        numbers: dict[object, int] = {}
        block = {state: numbers.setdefault(told[state], len(numbers)) for state in steps}
    member = {number: state for state, number in reversed(block.items())}
    order, place = [block[start]], {block[start]: 0}
    found: list[dict[frozenset[int], int]] = []
    for number in order:
        targets: dict[int, set[int]] = {}
        for group, behind in steps[member[number]].items():
            target = block[behind]
            if target not in place:
                place[target] = len(order)
                order.append(target)
            targets.setdefault(place[target], set()).add(group)
        found.append({frozenset(groups): target for target, groups in targets.items()})
    return MinimalAutomaton(tuple(found), tuple(bool(accepting[member[number]]) for number in order))
