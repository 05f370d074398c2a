"""What is done to generated text before the policy looks at it: a leading speaker's name goes, stop strings end it.

Stop strings such as «\\nYou:» are Latin text to a language check, so they are found first, and a piece that may be the
beginning of one is held until that is known.
"""

from __future__ import annotations

from collections.abc import Iterable

from role_engine.held_text import DroppedHead, find_partial_end


class StopStrings:
    """Cuts a stream at the first stop string in it (the first to be complete); text that may begin one is held.

    Args:
        before: text that has gone out already, in which a stop string may have begun.

    Attributes:
        cut: characters taken from the stop string on.
    """

    def __init__(self, strings: Iterable[str], before: str = "") -> None:
        self._strings = tuple(s for s in strings if s)
        longest = max(map(len, self._strings), default=0)
        self._before = before[len(before) - longest + 1 :] if 1 < longest <= len(before) else before
        self.held = ""
        self.cut = 0
        self.found = False

    def feed(self, piece: str) -> str:
        """Text that is certainly no part of a stop string. After one was `found`: nothing more."""
        if self.found:
            return ""
        if not self._strings:
            return piece
        text, known = self._before + self.held + piece, len(self._before)
        found = [(at + len(s), at) for s in self._strings if (at := text.find(s)) >= 0]
        if found:
            end = max(known, min(found)[1])
            self.found, self.held, self.cut = True, "", len(text) - end
            return text[known:end]
        end = max(known, find_partial_end(text, self._strings))
        self.held = text[end:]
        if end > known:
            self._before = ""  # a stop string that begins before the text held now would have been held itself
        return text[known:end]

    def finish(self) -> str:
        """What was held and turned out to be ordinary text."""
        rest, self.held = self.held, ""
        return rest


class LeadingName(DroppedHead):
    """Drops «Name:» from the head of a stream; text that may become it is held."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__((f"{name}:" for name in names if name), behind_space=True)


class StreamPreprocessor:
    """Both, one behind the other.

    Attributes:
        held: number of characters taken and not passed on, those of a stop string included.
        stopped: a stop string was found; the stream is over.
    """

    def __init__(self, *, stop: Iterable[str] = (), names: Iterable[str] = (), before: str = "") -> None:
        self._name = LeadingName(names)
        self._stop = StopStrings(stop, before)

    @property
    def held(self) -> int:
        return len(self._name.held) + len(self._stop.held) + self._stop.cut

    @property
    def stopped(self) -> bool:
        return self._stop.found

    def feed(self, piece: str) -> str:
        return self._stop.feed(self._name.feed(piece))

    def finish(self) -> str:
        return self._stop.feed(self._name.finish()) + self._stop.finish()
