"""From a policy to its automaton, and all that can be said of one without a vocabulary."""

from __future__ import annotations

from functools import lru_cache

from role_engine.decoder.balanced import BalancedReplyAutomaton
from role_engine.decoder.balanced_letters import BalancedLetterAutomaton
from role_engine.decoder.classes import Partition, partition, single_out
from role_engine.decoder.entries import Entries, cases, readable
from role_engine.decoder.inline_code import InlineCodeAutomaton
from role_engine.decoder.letters import LetterAutomaton
from role_engine.decoder.reply import ReplyAutomaton, State
from role_engine.decoder.words import WordAutomaton
from role_engine.errors import SettingsError
from role_engine.language.latin.free_shapes import SHRUGS
from role_engine.language.policy import LanguagePolicy


@lru_cache(maxsize=32)
def automaton(policy: LanguagePolicy, *, small: bool = False) -> ReplyAutomaton:
    """The automaton of what `policy` lets a reply hold, from left to right.

    Args:
        small: a few dozen states instead of thousands, for a grammar. What is lost is refused: names of control
            tokens are not counted to their limit of 32 characters, and `balanced` knows no blocks of code, no tool
            calls and no names of other Cyrillic alphabets.

    Raises:
        SettingsError: the policy checks nothing, so there is no automaton of it.
    """
    if policy.mode == "off":
        raise SettingsError("The mode `off` allows every text.", hint="Ask for `strict` or `balanced`.")
    kind: type[ReplyAutomaton] = ReplyAutomaton
    if policy.mode == "balanced":
        kind = InlineCodeAutomaton if small else BalancedReplyAutomaton
    entries = readable((*policy.allow, *SHRUGS) if kind is BalancedReplyAutomaton else policy.allow)
    classes = partition(single_out(form for word in entries for char in word for form in cases(char)))
    trie = Entries(entries, classes)
    letters = letters_of(policy, classes, small=small)
    return kind(
        classes,
        WordAutomaton(letters, trie, classes),
        letters.start,
        letters.behind_letter,
        free_thinking=policy.in_thinking == "free",
        counted=not small,
        groups=letters.groups() | trie.groups() if isinstance(letters, LetterAutomaton) else None,
    )


def letters_of(policy: LanguagePolicy, classes: Partition, *, small: bool) -> LetterAutomaton | BalancedLetterAutomaton:
    """What may follow what, by the policy's mode; `small`: see `automaton`."""
    if policy.mode == "strict":
        return LetterAutomaton(classes, emoji=policy.emoji)
    return BalancedLetterAutomaton(classes, emoji=policy.emoji, names=not small)


def read(reply: ReplyAutomaton, text: str, state: State | None = None) -> State | None:
    """The state behind `text`, or None where the policy refuses it."""
    state = state or reply.start
    for char in text:
        if "\ud800" <= char <= "\udfff":
            return None
        behind = reply.step(state, reply.classes.class_of(char))
        if behind is None:
            return None
        state = behind
    return state


def explore(reply: ReplyAutomaton, start: State, groups: frozenset[int] | None = None) -> dict[State, dict[int, State]]:
    """Every state that can be reached from `start`, with its steps by class. Needs a `small` automaton.

    `groups`: the classes that are read; default all.
    """
    read_groups = sorted(range(len(reply.classes)) if groups is None else groups)
    found: dict[State, dict[int, State]] = {}
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state in found:
            continue
        steps = {group: behind for group in read_groups if (behind := reply.step(state, group)) is not None}
        found[state] = steps
        waiting += [behind for behind in steps.values() if behind not in found]
    return found
