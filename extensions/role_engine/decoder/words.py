"""Text in which some words may stand in any alphabet: the letters' automaton and the entries of `allow` side by side.

Both are followed at once, in the order in which the check's pattern prefers them: what began earlier, and of what
began at one place the longer entry. Where an entry is whole, everything that overlaps it and is less preferred is over.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from role_engine.decoder.classes import Partition, Trait
from role_engine.decoder.entries import Entries

AtT = TypeVar("AtT")


class LetterSteps(Protocol[AtT]):
    """The automaton of text without entries."""

    def step(self, at: AtT, group: int) -> AtT | None: ...

    def may_end(self, at: AtT) -> bool:
        """Whether the text may end here."""
        ...

    def may_begin(self, at: AtT, group: int) -> bool:
        """Whether an entry may begin here with a character of that class."""
        ...

    def behind_entry(self, last: int) -> AtT:
        """The state behind an entry that ends in a character of that class."""
        ...


# A place in the trie of entries, or a state of the letters.
Track = object
Tracks = tuple[Track, ...]


class WordAutomaton:
    """Steps over tracks. No track left: the text must not stand.

    Attributes:
        letters: the automaton of text without entries.
    """

    def __init__(self, letters: LetterSteps[Any], entries: Entries, classes: Partition) -> None:
        self.letters, self._entries, self._classes = letters, entries, classes

    def step(self, tracks: Tracks, group: int) -> Tracks:
        """The tracks behind a character of class `group`."""
        if len(tracks) == 1 and not self._entries:
            behind = self.letters.step(tracks[0], group)
            return () if behind is None else (behind,)
        found: list[Track] = []
        joins = self._classes.traits[group] & (Trait.LETTER | Trait.ANY_MARK)
        for track in tracks:
            if not isinstance(track, int):
                found += self._go_on(track, group)
                continue
            longer = self._entries.after(track, group)
            if longer is not None:
                found.append(longer)
            if self._entries.is_whole(track) and not joins:
                found += self._go_on(self.letters.behind_entry(self._entries.last(track)), group)
                break
        return tuple(dict.fromkeys(found))

    def may_end(self, tracks: Tracks) -> bool:
        """Whether the text may end here."""
        return any(
            self._entries.is_whole(track) if isinstance(track, int) else self.letters.may_end(track) for track in tracks
        )

    def _go_on(self, at: object, group: int) -> list[Track]:
        found: list[Track] = []
        begun = self._entries.after(0, group)
        if begun is not None and self.letters.may_begin(at, group):
            found.append(begun)
        behind = self.letters.step(at, group)
        if behind is not None:
            found.append(behind)
        return found
