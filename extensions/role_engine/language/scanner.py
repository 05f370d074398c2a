"""The language check, one piece of text at a time.

The scanner cuts the text into units (white space and the chunk of text after it), decides each by what stands before
it and at most `LOOK_AHEAD` characters after it, and forgets it. Its state is a few short strings, whatever the length
of the text; the events do not depend on how the text was cut into pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

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
    SPACES,
    plain_text,
    run_end,
)
from role_engine.language.decision import Decision
from role_engine.language.latin.context import Context
from role_engine.language.latin.terms import Judged
from role_engine.language.letters.exact import MIXED_WORD, Span
from role_engine.language.letters.sign_loops import COMMAS
from role_engine.language.markup.fences import Fence
from role_engine.language.markup.formulas import Formula, pass_formula
from role_engine.language.markup.front_matter import FrontMatter
from role_engine.language.markup.indented import Indented
from role_engine.language.markup.markers import (
    ANSWER,
    CONTROL,
    THINKING,
    TOOL_CALLS,
    may_become_one_of,
    starts_with_one_of,
)
from role_engine.language.markup.prose import UNWATCHED, Watch, cyrillic_letters, letters_of_other_scripts, row_with
from role_engine.language.markup.spans import Code, covered, hidden
from role_engine.language.markup.tags import BRACES_AHEAD, Markup, pass_markup
from role_engine.language.markup.taken import WAIT, Taken
from role_engine.language.markup.zones import Zone
from role_engine.language.policy import LanguagePolicy
from role_engine.language.sentences.identifiers import judges_sentences
from role_engine.language.sentences.units import Ended, Unread
from role_engine.language.sentences.units import read as read_sentences
from role_engine.language.state import ENOUGH_CODE, AnyZone, Event, Final, Phase, State
from role_engine.language.verdict import Kind, Violation
from role_engine.language.window import MEMORY, gather
from role_engine.language.zoning import OPENERS, go_on, left, near_line_start, step

if TYPE_CHECKING:
    from role_engine.language.requests.relaxed import Relaxation

# The end of the last chunk in a stretch of plain text that white space follows.
_LAST_CHUNK_END = regex.compile(rf"[^{SPACE}](?={SPACE}{{1,16}}[^{SPACE}]{{0,{LOOK_AHEAD}}}\Z)", FLAGS | regex.REVERSE)
_PLAIN_UNIT, _PLAIN_STRETCH = 16 + LOOK_AHEAD + 2, 1 << 16
_LONGEST_CONTROL = 40
# How much of the text a decision may see, from its chunk on.
_VIEW = LOOK_AHEAD + 2
# What stands in these is no sentence of the reply.
_UNREAD_ZONES = (Fence, Indented, FrontMatter)
_A_LINE_END = regex.compile(LINE_END, FLAGS)
_A_SPACE = regex.compile(SPACE, FLAGS)
_BLANK = regex.compile(f"{SPACE}{{0,{LOOK_AHEAD}}}", FLAGS)
_CHUNK = {
    "strict": regex.compile(rf"[^{SPACE}][^{SPACE}<]*", FLAGS),
    # Also before what may open code, or markup.
    "balanced": regex.compile(rf"(?:`+|\{{+|\(+|[^{SPACE}])(?:[^{SPACE}<`{{(]|(?!{BRACES_AHEAD})[{{(])*", FLAGS),
}
# In `balanced`, code or markup may begin so, which is looked at by itself.
_INDENTED = ("\n  ", "\n\t")
_PLAIN_RUN = re.compile(plain_text(without="{\r"))
_WORDY = {
    "strict": regex.compile(rf"[{LATIN}{GREEK}{SIGN_LETTERS}]", FLAGS),
    "balanced": regex.compile(rf"[{LATIN}{GREEK}`$\\]|<[!/]", FLAGS),
}


class Scanner:
    """Checks text that arrives in pieces.

    Args:
        policy: what is allowed. `in_thinking`, `hold`, `emoji` and `allow` are heeded too.
        context: the user's messages, whose names and terms the text may repeat.
        tail: text that the first piece goes on from (an opened `<think>`, a half-written word). It is never reported;
            offset 0 is the first character fed, and a span that began in the tail starts at 0.
        halt: stop at the first violation; what is fed after it is kept unread.

    `late` holds what could only be judged after its release. `observe`, where it is set, is told of each Latin word
    that was weighed, with its offset.
    """

    def __init__(
        self, policy: LanguagePolicy, context: Sequence[str] = (), tail: str = "", *, halt: bool = False
    ) -> None:
        self.policy = policy
        self.late: list[Violation] = []
        self.observe: Callable[[int, Judged], None] | None = None
        self._context = Context(context)
        self._halt = False
        self._halted = False
        self._sentence_in: str | None = None
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

    @property
    def relaxed(self) -> str | None:
        """Code of the language in which final text was let through because the user asked for it."""
        return self._final[1].relaxed or self._sentence_in

    @property
    def _relaxation(self) -> Relaxation | None:
        return self._context.relaxation if self.policy.mode == "balanced" else None

    def fork(self) -> Scanner:
        """A scanner in the state of the last `Final`, whose first character is the one after it.

        Offsets go on counting: they are those of the text before that `Final` and the new text together.
        """
        twin = object.__new__(Scanner)
        twin.policy, twin._context, twin.observe = self.policy, self._context, self.observe
        twin.late = [finding for finding in self.late if finding.end <= self._final[0]]
        twin._halt, twin._halted, twin._sentence_in = self._halt, False, None
        twin._final, twin._tail = self._final, self._tail
        twin._offset, twin._state = self._final
        twin._relied = twin._offset
        twin._text, twin._at = self._tail[twin._offset :] if twin._offset < 0 else "", 0
        return twin

    def feed(self, piece: str) -> list[Event]:
        """Take the next piece of text; what it decides."""
        waited = self._at == len(self._text)
        self._text = self._text[self._at :] + piece
        self._offset += self._at
        self._at = 0
        events: list[Event] = []
        if waited and piece and self._holds_sentences and self._state.unread.text and not self._halted:
            # The character that follows may show that the sentence has ended.
            self._state = self._state._replace(unread=self._read(events, 0))
        return self._advance(events, finished=False)

    def finish(self) -> list[Event]:
        """Nothing follows: decide the rest."""
        events = self._advance([], finished=True)
        if not self._halted:
            self._relied = min(self._relied, self._offset + self._at)
            self._state = self._state._replace(unread=self._read(events, self._at, last=True))
        if not self._halted:
            self._settle(events, self._offset + self._at, self._state)
        return events

    def _advance(self, events: list[Event], finished: bool) -> list[Event]:
        if self.policy.mode == "off":
            self._consume(events, len(self._text))
            return events
        while self._at < len(self._text) and not self._halted and self._step(events, finished):
            pass
        return events

    def _step(self, events: list[Event], finished: bool) -> bool:
        """Decide one unit, or a stretch of plain ones; False when more text is needed."""
        text, start = self._text, self._at
        state, before = self._state, self._state.before
        zone, weighs = state.zone, self.policy.mode == "balanced"
        if zone is not None and zone.free:
            return self._pass(events, go_on(text, start, state, self._watch, finished))
        plain = not isinstance(zone, Code | Markup | Formula | FrontMatter) and state.stretch is None
        if plain and (end := self._plain_units(start, before, weighs)):
            self._consume(events, end, plain=True)
            return True
        chunk = run_end(_BLANK, text, start) if text[start] in SPACES else start
        if chunk - start == LOOK_AHEAD or (chunk == len(text) and finished):
            self._consume(events, chunk, zone=left(zone, text[start:chunk]), plain=zone is None)
            return True
        if chunk == len(text):
            return False
        if zone is not None and chunk > start and (behind := left(zone, text[start:chunk])) is not zone:
            self._state = state._replace(zone=behind)
            return True
        if text[chunk] in "<[":
            glued = text[chunk] == "[" and chunk == start and before and before[-1] not in SPACES
            done = None if glued else self._marker(events, chunk, finished)
            if done is not None:
                return done
        end = run_end(_CHUNK[self.policy.mode], text, chunk, chunk + LOOK_AHEAD)
        if end >= len(text) and not finished:
            return False
        if chunk > start:
            before = (before + text[start:chunk])[-MEMORY:]
        if weighs and (zone is not None or text[chunk] in OPENERS or near_line_start(before)):
            taken = step(text, start, chunk, before, state, finished, asked=self._relaxation is not None)
            if taken is not None and taken.kind == "formula" and taken.end == chunk:  # no formula, as far as was seen
                self._relied = max(self._relied, self._offset + taken.relies)
            elif taken is not None:
                return self._take(events, taken, chunk, before)
        if isinstance(zone, Formula):
            return self._take(events, pass_formula(zone, text, start, chunk, end), chunk, before)
        if isinstance(zone, Markup):
            return self._take(events, pass_markup(zone, text, start, chunk, end, self._watch), chunk, before)
        decision = self._decide(chunk, end, before, finished, loose=state.loose and chunk == start)
        if decision is None:
            return False
        end = chunk + decision.end
        plain = self._holds_sentences and zone is None and not decision.refused
        self._consume(
            events,
            end,
            refused=_moved(decision.refused, chunk),
            relies=chunk + decision.relies if decision.relies else 0,
            loose=decision.loose,
            # Such text may as well have been taken as part of a longer stretch.
            plain=plain and (_PLAIN_RUN if weighs else PLAIN_TEXT).fullmatch(text, start, end) is not None,
        )
        return True

    def _plain_units(self, start: int, before: str, weighs: bool) -> int:
        """Where the units end that hold nothing but ordinary Russian text, 0 where there are none."""
        text = self._text
        first = text[start : start + _PLAIN_UNIT]
        if first[:LOOK_AHEAD].isspace() or not _A_SPACE.search(first, 1):  # a long run of spaces, or a long chunk
            return 0
        if before and not first[0].isspace() and (before[-1] not in SPACES or weighs):
            return 0
        if weighs and first[0] in " \t-" and (not before or before[-1] in "\n\r"):  # so may front matter
            return 0
        stretch = run_end(_PLAIN_RUN if weighs else PLAIN_TEXT, text, start, start + _PLAIN_STRETCH)
        if weighs:
            if text.find("\n", start, stretch) >= 0:
                for mark in _INDENTED:
                    if (at := text.find(mark, start, stretch)) >= 0:
                        stretch = at + 1  # the line's end ends the chunk before it
            if (at := text.find("(((", start, stretch)) >= 0:
                stretch = at
        if (commas := text.find(COMMAS, start, stretch)) >= 0:
            stretch = commas
        last = _LAST_CHUNK_END.search(text, max(start, stretch - _PLAIN_UNIT), stretch)
        if last is not None:
            return last.end()
        space = max(text.rfind(" ", start, stretch), text.rfind("\n", start, stretch), start)
        end = start + len(text[start:space].rstrip())
        return end if end > start else 0

    def _decide(self, chunk: int, end: int, before: str, finished: bool, loose: bool) -> Decision | None:
        text, start, mode = self._text, self._at, self.policy.mode
        observe = self._observer(chunk)
        if end - chunk == LOOK_AHEAD and text[end - 1] == JOINER:
            end -= 1  # an emoji is not cut in two
        if mode == "balanced" and text.find("`", chunk, chunk + _VIEW) >= 0:
            # The window shows where code stands, and no more of it.
            text = text[start:chunk] + hidden(text[chunk : chunk + _VIEW])
            start, chunk, end = 0, chunk - start, end - start
        if not loose and (relaxation := self._relaxation) and relaxation.concerns(text, chunk, end):
            return relaxation.decide(text, start, end, finished, self._state, self.policy, self._context)
        alone = loose or MIXED_WORD.fullmatch(text, chunk, end)
        if not alone and _WORDY[mode].search(text, chunk, end):
            window = gather(text, chunk, end, before, finished, weighed=mode == "balanced")
            if window is None:
                return None
            if mode == "strict":
                return strict.decide(window, self.policy)
            code = max(self._state.code, self._context.about_code)
            return balanced.decide(window, self.policy, self._context, code, observe)
        return balanced.decide_letters(text[chunk:end], before, self.policy, loose=loose)

    def _observer(self, chunk: int) -> Callable[[int, Judged], None] | None:
        """Tells of the words weighed in the window that begins at `chunk`, with their offsets in the text."""
        if self.observe is None:
            return None
        observe, begins = self.observe, self._offset + chunk
        return lambda at, judged: observe(begins + at, judged)

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
            token = Taken(found.end(), zone, "markup")
            self._consume(events, found.end(), refused=[Span("garbage", *found.span())], taken=token)
            return True
        may_become = not finished and len(text) - at < _LONGEST_CONTROL and CONTROL.fullmatch(text, at, partial=True)
        return False if may_become else None

    def _pass(self, events: list[Event], taken: Taken) -> bool:
        """Take over what a free zone let through."""
        state = self._state
        if taken is WAIT or (taken.end == self._at and taken.zone == state.zone):
            return False
        if taken.end == self._at:  # the zone ends here
            self._relied = max(self._relied, self._offset + taken.relies)
            outer = state.zone.outer if isinstance(state.zone, Code) else None
            self._state = state._replace(zone=taken.zone or outer)
            return True
        return self._take(events, taken, self._at, state.before)

    def _take(self, events: list[Event], taken: Taken, chunk: int, before: str) -> bool:
        """Take over what was decided without weighing words, from the white space before `chunk` on."""
        if taken is WAIT:
            return False
        zone, state = taken.zone, self._state
        if taken.end == chunk and taken.kind == "block" and zone is None:
            self._state = state._replace(zone=None)
            return True
        if taken.kind == "block":
            is_thought = isinstance(state.zone, Zone) and state.zone.name == "think" and zone is None
            phase: Phase = "answer" if is_thought else "body"
            if isinstance(state.zone, Zone) and zone is not None:
                phase = state.phase
            self._consume(events, taken.end, taken.refused, zone=zone, phase=phase, relies=taken.relies, taken=taken)
            return True
        outer = state.zone.outer if isinstance(state.zone, Code | Markup | Formula) else state.zone
        if zone is None:
            zone = outer
        elif isinstance(zone, Code | Markup | Formula) and zone.outer is None:
            zone = zone._replace(outer=outer)
        refused = list(taken.refused)
        if taken.kind != "code":
            is_formula = taken.kind == "formula"
            found = balanced.decide_letters(self._text[chunk : taken.end], before, self.policy, in_formula=is_formula)
            refused += _moved(found.refused, chunk)
        self._consume(events, taken.end, refused, zone=zone, relies=taken.relies, taken=taken)
        return True

    def _consume(
        self,
        events: list[Event],
        end: int,
        refused: Sequence[Span] = (),
        *,
        zone: AnyZone | Literal["same"] | None = "same",
        phase: Phase | None = None,
        relies: int = 0,
        loose: bool = False,
        plain: bool = False,
        taken: Taken | None = None,
    ) -> None:
        """Take `text[at:end]` as decided, `refused` in it as not clean, and tell.

        With a `phase`, the text was a marker, or in a zone; without, it was text of the reply. What follows stands in
        `zone`. `plain`: it was a stretch of whole units. `taken`: what was decided without weighing words.
        """
        text, start, state = self._text, self._at, self._state
        violations = [span for span in refused if self._offset + span.end > 0]
        if violations and not self._holds_sentences:
            self._settle(events, self._offset + start, state)
        is_marker, is_code = phase is not None, taken is not None and taken.kind == "code"
        stretch, asked_for = None, None
        if phase is None:
            if taken is not None:
                stretch = None if _A_LINE_END.search(text, start, end) else state.stretch
            elif (state.stretch or not plain) and (relaxation := self._relaxation):
                stretch, asked_for = relaxation.follow(text, start, end, refused, state, loose)
            phase = state.phase if text[start:end].isspace() else "body"
        if zone == "same":
            zone = None if is_marker else state.zone
        shown = covered(text[start:end]) if taken is not None and not is_marker else ""
        before = state.after(shown, 0, len(shown)) if is_code else state.after(text, start, end)
        watch = self._watched(taken, is_marker or is_code, end)
        # A stretch counts where it begins and, where that is not the same, where it ends.
        goes_on = isinstance(state.zone, Code) and isinstance(zone, Code)
        counts = (is_code and not goes_on) or (isinstance(zone, Fence) and not isinstance(state.zone, Fence))
        code = min(state.code + counts, ENOUGH_CODE)
        after = State(before, zone, phase, loose, stretch, state.relaxed or asked_for, code=code, watch=watch)
        reply_end, foreign = (start if is_marker else end), bool(asked_for)
        self._relied = max(self._relied, self._offset + relies)
        unread = self._read(
            events, reply_end, violations, after, foreign=foreign, plain=plain, last=is_marker, shown=shown
        )
        if self._halted:
            return
        self._state = after._replace(unread=unread, relaxed=after.relaxed or self._sentence_in)
        self._at = end
        if not self._holds_sentences or not unread.text:
            self._settle(events, self._offset + end, self._state)

    @property
    def _watch(self) -> Watch:
        """What counts for a zone that goes on."""
        return self._state.watch if self._relaxation is None else UNWATCHED

    def _watched(self, taken: Taken | None, is_free: bool, end: int) -> Watch:
        """The watch behind `text[at:end]`."""
        watch = self._state.watch
        if taken is not None and (taken.letters or taken.prose):
            watch = watch.spends(taken.letters, begins=taken.prose)
        if taken is not None and taken.said:
            signs = 0 if taken.said.isascii() else letters_of_other_scripts(taken.said)
            watch = watch._replace(row=row_with(taken.said, watch.row), signs=watch.signs + signs)
        if is_free or self.policy.mode != "balanced":
            return watch
        letters = cyrillic_letters(self._text[self._at : end])
        return watch._replace(russian=watch.russian + letters, row="") if letters else watch

    @property
    def _holds_sentences(self) -> bool:
        return self.policy.hold == "sentence" and self.policy.mode != "off"

    def _read(
        self,
        events: list[Event],
        end: int,
        refused: Sequence[Span] = (),
        after: State | None = None,
        *,
        foreign: bool = False,
        plain: bool = False,
        last: bool = False,
        shown: str = "",
    ) -> Unread:
        """Tell in order what is wrong up to `end`: the spans `refused`, and the sentences; what is unread then.

        `after`: the state at `end`. `plain`: every sentence end before it is a good place to go on from. `foreign`:
        part of the text is in a language that was asked for, and its sentence is not judged. `shown`: the text with
        stand-ins for what is no language.
        """
        text, start, state = self._text, self._at, self._state
        unread, ended = state.unread, list[Ended]()
        if self._judges_sentences:
            spans = [(span.start - start, span.end - start) for span in refused] + [(0, end - start)] * foreign
            unread, ended = read_sentences(
                unread, text[start:end], text[end : end + 1], spans, last=last, shown=shown[: end - start]
            )
        places = [(start + unit.end, unit) for unit in ended] + [(span.start, span) for span in refused]
        for at, found in sorted(places, key=itemgetter(0)):
            if isinstance(found, Span):
                self._tell(events, found.kind, found.start, text[found.start : found.end])
            elif finding := found.finding:
                self._tell(events, finding.kind, start + finding.start, finding.text, is_sentence=True)
            if self._halted:
                break
            if isinstance(found, Ended) and self._holds_sentences and (plain or at in (start, end)):
                there = state if at == start or after is None else after
                before = there.before if at in (start, end) else state.after(text, start, at)
                self._settle(events, self._offset + at, there._replace(before=before, unread=found.unread))
        return unread

    def _tell(self, events: list[Event], kind: Kind, start: int, text: str, *, is_sentence: bool = False) -> None:
        """Tell of a violation at `start`; one of a sentence is late where words are not held for it."""
        begin = max(self._offset + start, self._final[0] if is_sentence and self._holds_sentences else 0, 0)
        end = self._offset + start + len(text)
        violation = Violation(kind, begin, end, text[begin - end :])
        if end <= 0:
            return
        if kind == "language" and (relaxation := self._relaxation) and relaxation.cyrillic:
            self._sentence_in = relaxation.cyrillic
            return
        if is_sentence and not self._holds_sentences:
            self.late.append(violation)
            return
        events.append(violation)
        self._halted = self._halt

    @property
    def _judges_sentences(self) -> bool:
        return self.policy.mode != "off" and judges_sentences() and not isinstance(self._state.zone, _UNREAD_ZONES)

    def _settle(self, events: list[Event], offset: int, state: State) -> None:
        """Say that all before `offset` is final, unless what was decided leans on text after it."""
        if offset <= self._final[0] or offset < self._relied:
            return
        self._final = (offset, state)
        if offset > 0:
            if events and isinstance(events[-1], Final):
                events.pop()
            events.append(Final(offset))


def _moved(spans: Sequence[Span], by: int) -> list[Span]:
    return [Span(span.kind, span.start + by, span.end + by) for span in spans]
