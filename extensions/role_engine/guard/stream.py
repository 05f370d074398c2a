"""The stream guard: text goes in as it is generated, and comes out once it is known to be clean."""

from __future__ import annotations

from collections.abc import Sequence

from role_engine.guard.splice import Splice
from role_engine.language.policy import LanguagePolicy
from role_engine.language.scanner import Scanner
from role_engine.language.state import Event, Final
from role_engine.language.verdict import Violation


class StreamGuard:
    """Releases text word by word (`hold: sentence`: sentence by sentence) up to the first violation.

    Args:
        policy: what may pass.
        context: the user's messages, oldest first.
        tail: the end of the prompt that belongs to the reply itself: an opened `<think>`, a half-written word.

    Attributes:
        violation: what was refused; from then on the guard takes nothing more (`feed` and `finish` return "").
            Its offsets count from the first guard's first character, over all that was released since.
        released: characters released so far, those of the guards that this one was resumed from included.
        held: text taken and not released; after a violation, what it stands in and all that came with it.

    Everything a guard released, put together over `resume` and `strip`, is clean under `check`.
    """

    def __init__(self, policy: LanguagePolicy, context: Sequence[str] = (), tail: str = "") -> None:
        self._scanner = Scanner(policy, context, tail, halt=True)
        self.violation: Violation | None = None
        self.released = 0
        self.held = ""
        self._seam: Splice | None = None
        self._finished = False

    @property
    def late(self) -> list[Violation]:
        """What could only be judged after it was released."""
        return self._scanner.late

    @property
    def relaxed(self) -> str | None:
        """The language that the user asked for and that was let through."""
        return self._scanner.relaxed

    def feed(self, piece: str) -> str:
        """Take a piece of text; the text that is final now."""
        if self.violation is not None:
            return ""
        if self._seam is not None:
            mended = self._seam.close(piece)
            if mended is None:
                return ""
            piece, self._seam = mended, None
        self.held += piece
        return self._release(self._scanner.feed(piece))

    def finish(self) -> str:
        """Nothing follows: the rest of the text, as far as it is clean."""
        if self.violation is not None:
            return ""
        self._finished = True
        events: list[Event] = []
        if self._seam is not None:
            piece, self._seam = self._seam.end(), None
            self.held += piece
            events += self._scanner.feed(piece)
        return self._release(events + self._scanner.finish())

    def resume(self) -> StreamGuard:
        """The guard for the next attempt: right after the released text, with nothing held."""
        twin = object.__new__(StreamGuard)
        twin._scanner = self._scanner.fork()
        twin.violation, twin.released, twin.held = None, self.released, ""
        twin._seam, twin._finished = None, False
        return twin

    def strip(self) -> str:
        """Leave the violation's span out, mend the seam, and go on with what was held; the text that is final now.

        The next violation may be found at once. After `finish`, the rest is finished too.

        Raises:
            ValueError: there is no violation to leave out.
        """
        if self.violation is None:
            raise ValueError("Nothing was refused, so there is nothing to strip.")
        start = self.violation.start - self.released
        end = self.violation.end - self.released
        seam = Splice(self._scanner.before, self.held[:start])
        rest, finished = self.held[end:], self._finished
        self._scanner = self._scanner.fork()
        self.violation, self.held, self._seam = None, "", seam
        released = self.feed(rest)
        if finished and self.violation is None:
            released += self.finish()
        return released

    def _release(self, events: list[Event]) -> str:
        out = ""
        for event in events:
            if isinstance(event, Final):
                size = event.end - self.released
                out += self.held[:size]
                self.held = self.held[size:]
                self.released = event.end
            else:
                self.violation = event
                break
        return out
