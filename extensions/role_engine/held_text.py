"""What a stream holds back: text that may yet become one of some strings.

Whoever looks for strings in text that arrives in pieces asks here what of it is not known yet. (Where patterns are
looked for, `regex` knows it: `match(…, partial=True)`.)
"""

from __future__ import annotations

from collections.abc import Iterable

Strings = Iterable[str]


def find_partial_end(text: str, strings: Strings, start: int = 0, *, whole: bool = False) -> int:
    """Where the longest end of `text[start:]` begins that one of `strings` begins with, or the text's length.

    Args:
        whole: an end counts too that is all of the string.
    """
    longest = 0
    for string in strings:
        for size in range(min(len(string) - (not whole), len(text) - start), longest, -1):
            if text.endswith(string[:size]):
                longest = size
                break
    return len(text) - longest


def starts_with_one_of(text: str, at: int, strings: Strings) -> str | None:
    """The string that stands at `at`, the longest where one begins another."""
    found = [string for string in strings if text.startswith(string, at)]
    return max(found, key=len) if found else None


def may_become_one_of(text: str, at: int, strings: Strings) -> bool:
    """Whether `text` ends inside what may be one of `strings` that begins at `at`."""
    size = len(text) - at
    return any(size < len(string) and string.startswith(text[at:]) for string in strings)


class DroppedHead:
    """Drops one of some strings from the head of a stream; text that may become it is held.

    Args:
        heads: the strings; the first that fits counts.
        behind_space: white space may stand before it, and goes with it.
    """

    def __init__(self, heads: Iterable[str], *, behind_space: bool = False) -> None:
        self._heads = tuple(head for head in heads if head)
        self._behind_space = behind_space
        self._open = bool(self._heads)
        self.held = ""

    def feed(self, piece: str) -> str:
        """Take the next piece; what is no part of such a string."""
        if not self._open:
            return piece
        self.held += piece
        text = self.held.lstrip() if self._behind_space else self.held
        for head in self._heads:
            if text.startswith(head):
                self._open, self.held = False, ""
                return text[len(head) :]
        return "" if may_become_one_of(text, 0, self._heads) else self.finish()

    def finish(self) -> str:
        """Nothing follows, or it is known: what was held is ordinary text."""
        self._open = False
        rest, self.held = self.held, ""
        return rest
