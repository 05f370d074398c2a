"""The words of `allow` as a trie of character classes, compared without case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import regex

from role_engine.decoder.classes import Partition, Trait
from role_engine.language.alphabets import CYRILLIC, FLAGS, LOOK_AHEAD

# The check looks no further for the rest of an entry than to the end of its window.
_LONGEST = LOOK_AHEAD - 4
_BEGINS_IN_CYRILLIC = regex.compile(rf"[^\p{{L}}]*{CYRILLIC}", FLAGS)


def readable(words: Iterable[str]) -> tuple[str, ...]:
    """The entries that the automata know: none with «<», and of several words only those the check reads together."""
    found = {" ".join(word.split()) for word in words} - {""}
    return tuple(sorted(word for word in found if _is_readable(word)))


def _is_readable(word: str) -> bool:
    later = word.split(" ")[1:]
    return len(word) <= _LONGEST and "<" not in word and not any(map(_BEGINS_IN_CYRILLIC.match, later))


def cases(char: str) -> set[str]:
    """The character in both cases. A sign that only folds to it (the sign of kelvin) is none of them."""
    return {form for form in (char, char.lower(), char.upper()) if len(form) == 1}


@dataclass
class _Node:
    children: dict[int, int] = field(default_factory=dict)
    last: int = -1
    complete: bool = False


class Entries:
    """A trie of entries; a place in it is a number, 0 its root."""

    def __init__(self, words: Iterable[str], classes: Partition) -> None:
        self._nodes = [_Node()]
        spaces = [group for group, trait in enumerate(classes.traits) if trait & Trait.SPACE_IN_LINE]
        for word in readable(words):
            self._add(word, classes, spaces)

    def _add(self, word: str, classes: Partition, spaces: list[int]) -> None:
        places = {0}
        for char in word:
            groups = spaces if char == " " else [classes.class_of(form) for form in sorted(cases(char))]
            places = {self._child(place, groups) for place in places}
        for place in places:
            self._nodes[place].complete = True

    def _child(self, place: int, groups: list[int]) -> int:
        children = self._nodes[place].children
        child = next((children[group] for group in groups if group in children), -1)
        if child < 0:
            child = len(self._nodes)
            self._nodes.append(_Node(last=groups[0]))
        for group in groups:
            children[group] = child
        return child

    def __bool__(self) -> bool:
        return len(self._nodes) > 1

    def groups(self) -> frozenset[int]:
        """The classes that entries hold."""
        return frozenset(group for node in self._nodes for group in node.children)

    def after(self, place: int, group: int) -> int | None:
        """The place behind a character, None where no entry goes on so."""
        return self._nodes[place].children.get(group)

    def is_whole(self, place: int) -> bool:
        """Whether an entry ends here."""
        return self._nodes[place].complete

    def last(self, place: int) -> int:
        """The class of the last character."""
        return self._nodes[place].last
