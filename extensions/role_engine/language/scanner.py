"""The language check, one piece of text at a time.

The scanner cuts the text into units (white space and the chunk of text after it), decides each by what stands before
it and at most `LOOK_AHEAD` characters after it, and forgets it. Its state is a few short strings, whatever the length
of the text; the events do not depend on how the text was cut into pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from role_engine.language import balanced, strict
from role_engine.language.alphabets import (
    FLAGS,
    GREEK,
    JOINER,
    LATIN,
    LINE_END,
    LOOK_AHEAD,
    PLAIN_TEXT,
    SIGN_LETTERS,
    SPACE,
    run_end,
)
from role_engine.language.decision import Decision
from role_engine.language.exact import Span
from role_engine.language.fences import Fence, open_fence, pass_fence
from role_engine.language.markers import (
    ANSWER,
    CONTROL,
    THINKING,
    TOOL_CALLS,
    may_become_one_of,
    starts_with_one_of,
)
from role_engine.language.policy import LanguagePolicy
from role_engine.language.state import Event, Final, Phase, State
from role_engine.language.terms import Context
from role_engine.language.verdict import Violation
from role_engine.language.window import MEMORY, gather
from role_engine.language.zones import Passed, Zone, pass_until

# Under `hold: sentence`, the most characters that wait for the end of their sentence.
LONGEST_SENTENCE = 200

# The end of the last chunk in a stretch of plain text that white space follows.
_LAST_CHUNK_END = regex.compile(rf"[^{SPACE}](?={SPACE}{{1,16}}[^{SPACE}]{{0,{LOOK_AHEAD}}}\Z)", FLAGS | regex.REVERSE)
_PLAIN_UNIT, _PLAIN_STRETCH = 16 + LOOK_AHEAD + 2, 1 << 16
_A_SPACE = regex.compile(SPACE, FLAGS)
_BLANK = regex.compile(f"{SPACE}{{0,{LOOK_AHEAD}}}", FLAGS)
_CHUNK = regex.compile(rf"[^{SPACE}][^{SPACE}<]*", FLAGS)
_WORDY = {
    "strict": regex.compile(rf"[{LATIN}{GREEK}{SIGN_LETTERS}]", FLAGS),
    "balanced": regex.compile(rf"[{LATIN}{GREEK}`$\\]|<[!/]", FLAGS),
}
_SPACE_END = regex.compile(rf"{SPACE}\Z", FLAGS)
_A_LINE_END = regex.compile(LINE_END, FLAGS)
_SENTENCE_END = regex.compile(rf"[.!?…][»”“\"')\]]*(?={SPACE})|(?={LINE_END})", FLAGS | regex.REVERSE)
_ENDS_SENTENCE = regex.compile(r"[.!?…][»”“\"')\]]*\Z", FLAGS)


class Scanner:
    """Checks text that arrives in pieces.

    Args:
        policy: what is allowed. `in_thinking`, `hold`, `emoji` and `allow` are heeded too.
        context: the user's messages, whose names and terms the text may repeat.
        tail: text that the first piece goes on from (an opened `<think>`, a half-written word). It is never reported;
            offset 0 is the first character fed, and a span that began in the tail starts at 0.
        halt: stop at the first violation; what is fed after it is kept unread.

    `late` holds what could only be judged after its release, `relaxed` the language that the user asked for.
    """

    def __init__(
        self, policy: LanguagePolicy, context: Sequence[str] = (), tail: str = "", *, halt: bool = False
    ) -> None:
        self.policy = policy
        self.late: list[Violation] = []
        self.relaxed: str | None = None
        self._context = Context(context)
        self._halt = False
        self._halted = False
        self._text = ""
        self._at = 0
        self._offset = 0
        self._state = State()
        self._relied = 0
        self._final = (0, self._state)
        self._tail = ""
        if tail:
            self._begin_after(tail)
        self._halt = halt

    def _begin_after(self, tail: str) -> None:
        self._offset = self._relied = -len(tail)
        self._final = (self._offset, self._state)
        self.feed(tail)
        self._tail = tail[self._final[0] :] if self._final[0] else ""

    @property
    def before(self) -> str:
        """The last characters of the text that is final."""
        return self._final[1].before

    def fork(self) -> Scanner:
        """A scanner in the state of the last `Final`, whose first character is the one after it.

        Offsets go on counting: they are those of the text before that `Final` and the new text together.
        """
        twin = object.__new__(Scanner)
        twin.policy, twin._context = self.policy, self._context
        twin.late, twin.relaxed = list(self.late), self.relaxed
        twin._halt, twin._halted = self._halt, False
        twin._final, twin._tail = self._final, self._tail
        twin._offset, twin._state = self._final
        twin._relied = twin._offset
        twin._text, twin._at = self._tail[twin._offset :] if twin._offset < 0 else "", 0
        return twin

    def feed(self, piece: str) -> list[Event]:
        """Take the next piece of text; what it decides."""
        self._text = self._text[self._at :] + piece
        self._offset += self._at
        self._at = 0
        return self._advance(finished=False)

    def finish(self) -> list[Event]:
        """Nothing follows: decide the rest."""
        events = self._advance(finished=True)
        if not self._halted:
            self._relied = min(self._relied, self._offset + self._at)
            self._settle(events, self._offset + self._at, self._state)
        return events

    def _advance(self, finished: bool) -> list[Event]:
        events: list[Event] = []
        if self.policy.mode == "off":
            self._consume(events, len(self._text))
            return events
        while self._at < len(self._text) and not self._halted and self._step(events, finished):
            pass
        return events

    def _step(self, events: list[Event], finished: bool) -> bool:
        """Decide one unit, or a stretch of plain ones; False when more text is needed."""
        text, start = self._text, self._at
        zone, before = self._state.zone, self._state.before
        if zone is not None and zone.free:
            passed = (
                pass_fence(zone, text, start, before, finished)
                if isinstance(zone, Fence)
                else pass_until(zone, text, start, finished)
            )
            return self._pass(events, passed)
        if end := self._plain_units(start, before):
            self._consume(events, end, plain=True)
            return True
        chunk = run_end(_BLANK, text, start)
        if chunk - start == LOOK_AHEAD or (chunk == len(text) and finished):
            self._consume(events, chunk)
            return True
        if chunk == len(text):
            return False
        if text[chunk] in "<[":
            glued = text[chunk] == "[" and chunk == start and before and not _SPACE_END.search(before)
            done = None if glued else self._marker(events, chunk, finished)
            if done is not None:
                return done
        if chunk > start:
            before = (before + text[start:chunk])[-MEMORY:]
        if text[chunk] in "`~" and self.policy.mode == "balanced":
            done = self._fence(events, chunk, before, finished)
            if done is not None:
                return done
        decision = self._decide(chunk, before, finished, loose=self._state.loose and chunk == start)
        if decision is None:
            return False
        self._consume(
            events,
            chunk + decision.end,
            refused=[Span(span.kind, chunk + span.start, chunk + span.end) for span in decision.refused],
            relies=chunk + decision.relies,
            loose=decision.loose,
        )
        return True

    def _plain_units(self, start: int, before: str) -> int:
        """Where the units end that hold nothing but ordinary Russian text, 0 where there are none."""
        text = self._text
        first = text[start : start + _PLAIN_UNIT]
        if not first.lstrip() or not _A_SPACE.search(first, 1):  # a long run of spaces, or a long chunk
            return 0
        if before and not first[0].isspace() and not _SPACE_END.search(before):
            return 0
        stretch = run_end(PLAIN_TEXT, text, start, start + _PLAIN_STRETCH)
        last = _LAST_CHUNK_END.search(text, max(start, stretch - _PLAIN_UNIT), stretch)
        if last is not None:
            return last.end()
        space = max(text.rfind(" ", start, stretch), text.rfind("\n", start, stretch), start)
        end = start + len(text[start:space].rstrip())
        return end if end > start else 0

    def _decide(self, chunk: int, before: str, finished: bool, loose: bool) -> Decision | None:
        text = self._text
        end = run_end(_CHUNK, text, chunk, chunk + LOOK_AHEAD)
        if end >= len(text) and not finished:
            return None
        if end - chunk == LOOK_AHEAD and text[end - 1] == JOINER:
            end -= 1  # an emoji is not cut in two
        if not loose and _WORDY[self.policy.mode].search(text, chunk, end):
            window = gather(text, chunk, end, before, finished)
            if window is None:
                return None
            if self.policy.mode == "strict":
                return strict.decide(window, self.policy)
            return balanced.decide(window, self.policy, self._context)
        return balanced.decide_letters(text[chunk:end], before, self.policy, loose=loose)

    def _marker(self, events: list[Event], at: int, finished: bool) -> bool | None:
        """Deal with a marker at `at`; None where there is none."""
        text, state = self._text, self._state
        zone = state.zone
        if isinstance(zone, Zone):  # reasoning that is checked like the rest
            if text.startswith(zone.closer, at):
                self._consume(events, at + len(zone.closer), phase="answer")
                return True
            if not finished and may_become_one_of(text, at, (zone.closer,)):
                return False
        elif zone is None:
            if state.phase == "start" and (opener := starts_with_one_of(text, at, THINKING)):
                zone = Zone(THINKING[opener], "think", free=self.policy.in_thinking == "free")
                self._consume(events, at + len(opener), zone=zone, phase="start")
                return True
            if state.phase != "body" and (marker := starts_with_one_of(text, at, ANSWER)):
                self._consume(events, at + len(marker), phase="answer")
                return True
            if self.policy.mode == "balanced" and (opener := starts_with_one_of(text, at, TOOL_CALLS)):
                zone = Zone(TOOL_CALLS[opener], "tool", free=True)
                self._consume(events, at + len(opener), zone=zone, phase="body")
                return True
            openers = tuple(TOOL_CALLS) if self.policy.mode == "balanced" else ()
            openers += () if state.phase == "body" else ANSWER
            openers += tuple(THINKING) if state.phase == "start" else ()
            if not finished and may_become_one_of(text, at, openers):
                return False
        if found := CONTROL.match(text, at):
            self._consume(events, found.end(), refused=[Span("garbage", *found.span())])
            return True
        return None

    def _fence(self, events: list[Event], at: int, before: str, finished: bool) -> bool | None:
        zone = self._state.zone
        if isinstance(zone, Zone):
            return None
        opened = open_fence(self._text, at, before, zone, finished)
        if opened is None:
            return None
        if not opened.complete:
            return False
        self._consume(events, opened.end, zone=opened.zone, phase="body", relies=opened.relies)
        return True

    def _pass(self, events: list[Event], passed: Passed) -> bool:
        """Take over what a free zone let through."""
        if passed.end == self._at:
            return False
        zone, phase = self._state.zone, self._state.phase
        if passed.closed:
            phase = "answer" if isinstance(zone, Zone) and zone.name == "think" else "body"
            zone = None
        self._consume(events, passed.end, passed.refused, zone=zone, phase=phase)
        return True

    def _consume(
        self,
        events: list[Event],
        end: int,
        refused: Sequence[Span] = (),
        *,
        zone: Zone | Fence | None = None,
        phase: Phase | None = None,
        relies: int = 0,
        loose: bool = False,
        plain: bool = False,
    ) -> None:
        """Take `text[at:end]` as decided, `refused` in it as not clean, and tell.

        With a `phase`, the text was a marker, or in a zone, and the text after it stands in `zone`; without, it was
        text of the reply. `plain`: it was a stretch of whole units.
        """
        text, start, state = self._text, self._at, self._state
        violations = [span for span in refused if self._offset + span.end > 0]
        sentences = self.policy.hold == "sentence" and self.policy.mode != "off"
        if violations or (sentences and not plain and _A_LINE_END.search(text, start, end)):
            self._settle(events, self._offset + start, state)
        for span in violations:
            begin = max(span.start, -self._offset)
            events.append(Violation(span.kind, self._offset + begin, self._offset + span.end, text[begin : span.end]))
            if self._halt:
                self._halted = True
                return
        at_once = phase is not None or not sentences
        if phase is None:
            zone = state.zone
            phase = state.phase if text[start:end].isspace() else "body"
        self._state = State(state.after(text, start, end), zone, phase, loose)
        self._relied = max(self._relied, self._offset + relies)
        self._at = end
        offset = self._offset + end
        if at_once or offset - self._final[0] > LONGEST_SENTENCE or _ENDS_SENTENCE.search(self._state.before):
            self._settle(events, offset, self._state)
        elif plain and (last := _SENTENCE_END.search(text, start, end)) and last.end() > start:
            before = state.after(text, start, last.end())
            self._settle(events, self._offset + last.end(), self._state._replace(before=before))

    def _settle(self, events: list[Event], offset: int, state: State) -> None:
        """Say that all before `offset` is final, unless what was decided leans on text after it."""
        if offset <= self._final[0] or offset < self._relied:
            return
        self._final = (offset, state)
        if offset > 0:
            if events and isinstance(events[-1], Final):
                events.pop()
            events.append(Final(offset))
