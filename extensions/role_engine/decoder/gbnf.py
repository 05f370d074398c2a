"""The policy as a grammar in GBNF, as llama.cpp reads it.

Written from the same automaton as the token masks, made small (`automaton(policy, small=True)`), and of the markers
around reasoning only `<think>` and `</think>` are known.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from role_engine.decoder.automaton import automaton, explore, read
from role_engine.decoder.classes import Partition
from role_engine.decoder.reply import ReplyAutomaton
from role_engine.language.alphabets import PLAIN_TEXT
from role_engine.language.markup.reasoning_formats import THINK
from role_engine.language.policy import LanguagePolicy


class MinimalAutomaton(NamedTuple):
    """The smallest automaton with the same language, over sets of classes. States are numbers, 0 the first.

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


_STRESS = "\u0300\u0301"

Run = tuple[int, int, int]


def gbnf(policy: LanguagePolicy, *, common: bool = False) -> str:
    """The grammar of what `policy` lets a reply hold. Its rules are right-recursive.

    Args:
        common: only ordinary characters: ASCII, Russian letters, the usual typographic marks; no emoji, no rare signs,
            no «<» and no backslash.
            llama.cpp tries every range of characters for every token, so that this is a good deal faster.

    Raises:
        SettingsError: the policy's mode is `off`.
    """
    reply = automaton(policy, small=True)
    runs = _common_runs(reply.classes) if common else reply.classes.runs
    small = _body(reply, frozenset(group for _, _, group in runs))
    sets: dict[frozenset[int], str] = {}
    rules = [_rule(number, small, "s", sets, "c") for number in range(len(small.steps))]
    rules += [f"{name} ::= {_characters(runs, groups)}" for groups, name in sets.items()]
    root = "root ::= s0"
    if policy.in_thinking == "free":
        root += f' | [ \\t\\n]* "{THINK.opener}" t0'
        thinking, sets = _thinking(reply), {}
        rules += [_rule(number, thinking, "t", sets, "d", leaves="s0") for number in range(_last(thinking))]
        rules += [f"{name} ::= {_characters(reply.classes.runs, groups)}" for groups, name in sets.items()]
    return "\n".join([f"# {_title(policy)}", root, *rules]) + "\n"


def _title(policy: LanguagePolicy) -> str:
    return f"role_engine: what the mode «{policy.mode}» lets a reply hold"


def _common_runs(classes: Partition) -> tuple[Run, ...]:
    return tuple((point, point, classes.class_of(chr(point))) for point in range(0x3000) if _is_common(chr(point)))


def _is_common(char: str) -> bool:
    """Also without what may begin something longer: a control token, an escape."""
    printable = char.isascii() and char.isprintable()
    return char not in "<\\" and (printable or char in _STRESS or PLAIN_TEXT.fullmatch(char) is not None)


def _body(reply: ReplyAutomaton, groups: frozenset[int]) -> MinimalAutomaton:
    steps = explore(reply, reply.body, groups)
    return minimal(steps, {state: reply.accepts(state) for state in steps}, reply.body)


def _thinking(reply: ReplyAutomaton) -> MinimalAutomaton:
    """Reasoning up to its end; the last state is the text behind it."""
    start = read(reply, THINK.opener)
    assert start is not None
    behind = "behind"
    steps: dict[Hashable, dict[int, Hashable]] = {}
    waiting: list[Hashable] = [start]
    while waiting:
        state = waiting.pop()
        if state in steps:
            continue
        found: dict[int, Hashable] = {}
        for group in range(len(reply.classes)):
            target = reply.step(state, group)
            if target is not None:
                found[group] = target if isinstance(target, type(start)) else behind
        steps[state] = found
        waiting += [target for target in found.values() if target != behind]
    steps[behind] = {}
    return minimal(steps, {state: state != behind for state in steps}, start)


def _last(small: MinimalAutomaton) -> int:
    """The number of the state that nothing leads out of, which is made last."""
    (last,) = (number for number, steps in enumerate(small.steps) if not steps)
    assert last == len(small.steps) - 1
    return last


def _rule(
    number: int,
    small: MinimalAutomaton,
    letter: str,
    sets: dict[frozenset[int], str],
    set_letter: str,
    leaves: str = "",
) -> str:
    """One state. The commonest way, back to the state itself, comes first."""
    ways = sorted(small.steps[number].items(), key=lambda way: (way[1] != number, way[1]))
    parts = []
    for groups, target in ways:
        is_end = leaves and not small.steps[target]
        name = sets.setdefault(groups, f"{set_letter}{len(sets)}")
        parts.append(f"{name} {leaves if is_end else f'{letter}{target}'}")
    if small.accepts[number]:
        parts.append('""')
    return f"{letter}{number} ::= {' | '.join(parts)}"


def _characters(runs: Iterable[Run], groups: frozenset[int]) -> str:
    ranges: list[tuple[int, int]] = []
    for first, last, group in runs:
        if group in groups:
            if ranges and ranges[-1][1] + 1 == first:
                ranges[-1] = ranges[-1][0], last
            else:
                ranges.append((first, last))
    return f"[{''.join(_range(first, last) for first, last in ranges)}]"


def _range(first: int, last: int) -> str:
    return _escaped(first) + (f"-{_escaped(last)}" if last > first else "")


def _escaped(point: int) -> str:
    if "А" <= chr(point) <= "я":  # ASCII stays escaped: behind an escape, a digit may be read as part of it
        return chr(point)
    if point < 0x100:
        return f"\\x{point:02X}"
    return f"\\u{point:04X}" if point < 0x10000 else f"\\U{point:08X}"
