"""Which tokens a model wrote, and behind which text: what it wrote is read back as it wrote it.

A reply goes on from its text. Tokenised anew, that text can fall into other tokens than the model chose, and then
neither is it what the model would have gone on from, nor does the key-value cache fit it. So the tokens of the last
replies are remembered, and looked up by text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Part = TypeVar("Part")
"""What an engine reads a prompt as: token ids, or pieces of text among them that it tokenises itself."""

REPLIES = 32
"""Replies that are remembered; a reply of many attempts takes one place for each."""


@dataclass(frozen=True, slots=True)
class KnownTokens(Generic[Part]):
    """The beginning of a text as the engine has read and written it.

    Attributes:
        read: what the generation began after, as it was read then.
        ids: the tokens that the model wrote behind it.
        rest: the text that follows the last of them; no token of it is known.
    """

    read: tuple[Part, ...]
    ids: tuple[int, ...]
    rest: str


class Transcript(Generic[Part]):
    """One generation: the text that it began after, and what was written, token by token.

    Args:
        head: prompt and prefix.
        read: what the engine read them as.
    """

    def __init__(self, head: str, read: Iterable[Part]) -> None:
        self.head, self.read = head, tuple(read)
        self._written = ""
        self._units: list[tuple[int, ...]] = []  # tokens that are whole characters together
        self._ends: list[int] = []
        self._open: list[int] = []
        self._lost = False

    def add(self, ids: Iterable[int] | None, text: str, *, whole: bool = True) -> None:
        """The model wrote `ids`, which gave `text`.

        Args:
            ids: None where the engine did not say: nothing behind this place can be known by its tokens.
            whole: False where the last token ends inside a character.
        """
        if ids is None:
            self._lost = True
        if self._lost:
            return
        self._open += ids or ()
        self._written += text
        if whole and self._open:
            self._units.append(tuple(self._open))
            self._ends.append(len(self._written))
            self._open = []

    def find_known(self, text: str) -> KnownTokens[Part] | None:
        """What is known of `text`'s tokens; None where it is another text, or only its head is the same.

        (A head that merely begins another prompt says nothing: where the one ends, the other may have no token's end.)
        """
        if not text.startswith(self.head):
            return None
        start, least, most = len(self.head), 0, len(self._ends)
        while least < most:
            middle = (least + most + 1) // 2
            if text.startswith(self._written[: self._ends[middle - 1]], start):
                least = middle
            else:
                most = middle - 1
        end = self._ends[least - 1] if least else 0
        rest = text[start + end :]
        if rest and not end:
            return None
        return KnownTokens(self.read, tuple(i for unit in self._units[:least] for i in unit), rest)


class Transcripts(Generic[Part]):
    """The last generations. Thread-safe; what is kept must not be written to any more."""

    def __init__(self, replies: int = REPLIES) -> None:
        self._kept: deque[Transcript[Part]] = deque(maxlen=replies)
        self._lock = Lock()

    def keep(self, transcript: Transcript[Part]) -> None:
        with self._lock:
            self._kept.append(transcript)

    def find_known(self, text: str) -> KnownTokens[Part] | None:
        """What is known of `text` by the generation that knows most of it, the latest of several."""
        with self._lock:
            kept = list(self._kept)
        found = [known for transcript in reversed(kept) if (known := transcript.find_known(text)) is not None]
        return min(found, key=lambda known: len(known.rest), default=None)
