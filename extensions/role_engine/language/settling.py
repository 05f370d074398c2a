"""What is told of decided text: violations, the sentences that are none in Russian, and how far the text is final."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from role_engine.language.letters.exact import RefusedLetters
from role_engine.language.markup.fences import Fence
from role_engine.language.markup.front_matter import FrontMatter
from role_engine.language.markup.indented import IndentedCode
from role_engine.language.policy import LanguagePolicy
from role_engine.language.sentences.identifiers import judges_sentences
from role_engine.language.sentences.units import UnitEnd, UnjudgedText
from role_engine.language.sentences.units import read as read_sentences
from role_engine.language.state import Event, Final, State
from role_engine.language.verdict import Kind, Violation

# What stands in these is no sentence of the reply.
_UNREAD_ZONES = (Fence, IndentedCode, FrontMatter)


class DecidedText(NamedTuple):
    """`text[start:end]` is decided.

    Attributes:
        offset: of the text's first character.
        state, after: at its start, and at its end where that differs.
        refused: the spans in it that are not clean.
        foreign: part of it is in a language that was asked for, and its sentence is not judged.
        plain: every sentence end in it is a good place to go on from.
        last: its last sentence ends with it.
        shown: the text with stand-ins for what is no language.
    """

    text: str
    start: int
    end: int
    offset: int
    state: State
    after: State | None = None
    refused: Sequence[RefusedLetters] = ()
    foreign: bool = False
    plain: bool = False
    last: bool = False
    shown: str = ""


class Settling:
    """How far a text is final, and what has been told of it.

    Args:
        cyrillic_asked_for: the language in Cyrillic letters that the user asked for, if any.

    Attributes:
        late: what could only be judged after its release.
        final: where the text is final, and the scanner's state there.
        halts: stop at the first violation; `halted`: there was one.
        sentence_in: the language that a sentence was let through in.
    """

    def __init__(self, policy: LanguagePolicy, cyrillic_asked_for: Callable[[], str | None]) -> None:
        self._policy, self._cyrillic_asked_for = policy, cyrillic_asked_for
        self.late: list[Violation] = []
        self.halts = self.halted = False
        self.sentence_in: str | None = None
        self.final = (0, State())
        self._relied = 0
        self.holds_sentences = policy.hold == "sentence" and policy.mode != "off"

    def begin(self, offset: int, state: State) -> None:
        """The text begins at `offset`."""
        self.final, self._relied = (offset, state), offset

    def fork(self, cyrillic_asked_for: Callable[[], str | None]) -> Settling:
        """For a text that goes on where this one is final."""
        twin = Settling(self._policy, cyrillic_asked_for)
        twin.late = [finding for finding in self.late if finding.end <= self.final[0]]
        twin.halts = self.halts
        twin.begin(*self.final)
        return twin

    def lean(self, until: int) -> None:
        """What was decided leans on text up to `until`."""
        self._relied = max(self._relied, until)

    def ends(self, offset: int) -> None:
        """Nothing follows after `offset`."""
        self._relied = min(self._relied, offset)

    def read(self, events: list[Event], decided: DecidedText) -> UnjudgedText:
        """Tell in order what is wrong: the refused spans, and the sentences; what is unread then."""
        text, start, end, offset, state, after, refused, foreign, plain, last, shown = decided
        unread, ended = state.unread, list[UnitEnd]()
        if self._policy.mode != "off" and judges_sentences() and not isinstance(state.zone, _UNREAD_ZONES):
            spans = [(span.start - start, span.end - start) for span in refused] + [(0, end - start)] * foreign
            unread, ended = read_sentences(
                unread, text[start:end], text[end : end + 1], spans, last=last, shown=shown[: end - start]
            )
        places = [(start + unit.end, unit) for unit in ended] + [(span.start, span) for span in refused]
        for at, found in sorted(places, key=itemgetter(0)):
            if isinstance(found, RefusedLetters):
                self._tell(events, found.kind, offset + found.start, text[found.start : found.end])
            elif finding := found.finding:
                self._tell(events, finding.kind, offset + start + finding.start, finding.text, is_sentence=True)
            if self.halted:
                break
            if isinstance(found, UnitEnd) and self.holds_sentences and (plain or at in (start, end)):
                there = state if at == start or after is None else after
                before = there.before if at in (start, end) else state.after(text, start, at)
                self.settle(events, offset + at, there._replace(before=before, unread=found.unread))
        return unread

    def _tell(self, events: list[Event], kind: Kind, start: int, text: str, *, is_sentence: bool = False) -> None:
        """Tell of a violation at the offset `start`; one of a sentence is late where words are not held for it."""
        begin = max(start, self.final[0] if is_sentence and self.holds_sentences else 0, 0)
        end = start + len(text)
        violation = Violation(kind, begin, end, text[begin - end :])
        if end <= 0:
            return
        if kind == "language" and (asked_for := self._cyrillic_asked_for()):
            self.sentence_in = asked_for
            return
        if is_sentence and not self.holds_sentences:
            self.late.append(violation)
            return
        events.append(violation)
        self.halted = self.halts

    def settle(self, events: list[Event], offset: int, state: State) -> None:
        """Say that all before `offset` is final, unless what was decided leans on text after it."""
        if offset <= self.final[0] or offset < self._relied:
            return
        self.final = (offset, state)
        if offset > 0:
            if events and isinstance(events[-1], Final):
                events.pop()
            events.append(Final(offset))
