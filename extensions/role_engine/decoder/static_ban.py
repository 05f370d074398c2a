"""What no clean text holds, wherever it stands: tokens that can be forbidden once and for all.

For engines that take a bias for each token at the start of a generation and are told nothing at each step. The order of
characters is lost: a ban lets through what is wrong only by its place (a stress mark on a consonant), and, where tokens
end within a letter, a letter that two of them make together. Those are left to the guard.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from role_engine.decoder.automaton import letters_of
from role_engine.decoder.classes import Partition, partition
from role_engine.decoder.masks import TokenMasks, TokenTries
from role_engine.decoder.reply import ReplyAutomaton
from role_engine.decoder.trie import Ints
from role_engine.decoder.vocabulary import Vocabulary
from role_engine.language.markup.markers import ANSWER, THINKING, TOOL_CALLS
from role_engine.language.policy import LanguagePolicy

_CONTINUES = 0x80, 0xC0  # the bytes that can only go on with a character


class AnyOrder(ReplyAutomaton):
    """The automaton with a single state in which some classes of characters may stand, and nothing else."""

    def __init__(self, classes: Partition, groups: frozenset[int]) -> None:
        self.classes, self.groups = classes, groups
        self.start = self.body = "text"

    def step(self, state: str, group: int) -> str | None:
        assert self.groups is not None
        return state if group in self.groups else None

    @staticmethod
    def stays_in_text(state: str) -> bool:
        return True

    def accepts(self, state: str) -> bool:
        return True


def ever_clean(vocabulary: Vocabulary, policy: LanguagePolicy) -> Ints:
    """The ids of the tokens that clean text can hold, in order; those that end a reply are among them.

    In `balanced` names of other Cyrillic alphabets are not: see `automaton`, `small`. Reasoning, code and tool calls
    are left out of account: where they are free, there must be no ban.
    """
    classes = partition(frozenset())
    reply = AnyOrder(classes, _classes_of_text(policy, classes))
    masks = TokenMasks(vocabulary, policy, tokens=TokenTries(vocabulary, classes), reply=reply)
    found = np.zeros(len(vocabulary), bool)
    found[masks.list_allowed_ids(masks.start)] = True
    for number in _within_characters(vocabulary):
        found[number] = _may_complete(masks, number)
    for number in _written_as(vocabulary, _pieces(policy)):
        found[number] = True
    return np.flatnonzero(found).astype(np.int32)


def _classes_of_text(policy: LanguagePolicy, classes: Partition) -> frozenset[int]:
    """The classes that may stand somewhere in text that is checked."""
    letters = letters_of(policy, classes, small=True)
    waiting, seen, groups = [letters.start], {letters.start}, set[int]()
    while waiting:
        state = waiting.pop()
        for group in range(len(classes)):
            behind = letters.step(state, group)  # type: ignore[arg-type]
            if behind is None:
                continue
            groups.add(group)
            if behind not in seen:
                seen.add(behind)
                waiting.append(behind)
    return frozenset(groups)


def _within_characters(vocabulary: Vocabulary) -> list[int]:
    """The tokens that begin within a character."""
    ids = np.flatnonzero(np.diff(vocabulary.starts))
    first = vocabulary.data[vocabulary.starts[ids]]
    return [int(number) for number in ids[(first >= _CONTINUES[0]) & (first < _CONTINUES[1])]]


def _may_complete(masks: TokenMasks, number: int) -> bool:
    """Whether the token can stand behind some beginning of a character."""
    nodes = range(1, len(masks.tokens.reader.steps))
    allowed = masks.reply.groups or frozenset()
    first = masks.tokens.symbols.classes
    reach = masks.tokens.reader.reach
    within = masks.vocabulary.token(number)
    for node in nodes:
        symbols = masks.tokens.symbols_of(within, node)
        if masks.tokens.symbols.bad not in symbols and all(
            symbol in allowed if symbol < first else any(reach[symbol - first, group] for group in allowed)
            for symbol in symbols
        ):
            return True
    return False


def _pieces(policy: LanguagePolicy) -> set[str]:
    """What else may be written: markers, and the allowed words in parts."""
    markers = {*THINKING, *THINKING.values(), *ANSWER}
    if policy.mode == "balanced":
        markers |= {*TOOL_CALLS, *TOOL_CALLS.values()}
    found = set(markers)
    for word in policy.allow:
        for form in _forms(word):
            found |= {form[at:end] for at in range(len(form)) for end in range(at + 1, len(form) + 1)}
    return found


def _forms(word: str) -> set[str]:
    return {word, word.lower(), word.upper(), word.capitalize(), word.title()}


def _written_as(vocabulary: Vocabulary, pieces: Iterable[str]) -> list[int]:
    """The tokens whose text, but for a space before it, is one of `pieces`."""
    wanted = {piece.encode() for piece in pieces}
    wanted |= {b" " + piece for piece in wanted}
    return [number for number in range(len(vocabulary)) if vocabulary.token(number) in wanted]


def forbidden(allowed: Ints, size: int) -> NDArray[np.int32]:
    """All other ids below `size`."""
    every = np.ones(size, bool)
    every[allowed[allowed < size]] = False
    return np.flatnonzero(every).astype(np.int32)
