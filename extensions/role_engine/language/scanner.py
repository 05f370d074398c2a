"""The language check, one piece of text at a time.

The scanner cuts the text into units (white space and the chunk of text after it), decides each by what stands before
it and at most `LOOK_AHEAD` characters after it, and forgets it. Its state is a few short strings, whatever the length
of the text; the events do not depend on how the text was cut into pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    SIGN_LETTERS,
    SPACES,
)
from role_engine.language.cutting import PLAIN_RUNS, find_chunk, find_chunk_end, find_plain_end
from role_engine.language.decision import Decision
from role_engine.language.latin.context import UserContext
from role_engine.language.latin.terms import JudgedWord
from role_engine.language.letters.exact import MIXED_WORD, RefusedLetters
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.fences import Fence
from role_engine.language.markup.formulas import Formula, pass_formula
from role_engine.language.markup.front_matter import FrontMatter
from role_engine.language.markup.indented import IndentedCode
from role_engine.language.markup.prose import (
    UNWATCHED,
    ProseWatch,
)
from role_engine.language.markup.spans import InlineCode, cover_code, hidden
from role_engine.language.markup.tags import Markup, pass_markup
from role_engine.language.markup.zones import Zone
from role_engine.language.policy import LanguagePolicy
from role_engine.language.sentences.units import UnjudgedText
from role_engine.language.settling import DecidedText, Settling
from role_engine.language.state import ENOUGH_CODE, AnyZone, Event, Phase, State
from role_engine.language.verdict import Violation
from role_engine.language.window import MEMORY, gather
from role_engine.language.zoning import (
    AWAITED,
    OPENERS,
    FoundMarker,
    find_marker,
    go_on,
    leave_blank,
    near_line_start,
    step,
)

if TYPE_CHECKING:
    from role_engine.language.requests.relaxed import Relaxation

# How much of the text a decision may see, from its chunk on.
_VIEW = LOOK_AHEAD + 2
# What stands in these is no sentence of the reply.
_UNREAD_ZONES = (Fence, IndentedCode, FrontMatter)
_A_LINE_END = regex.compile(LINE_END, FLAGS)
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

    `observe`, where it is set, is told of each Latin word
    that was weighed, with its offset.
    """

    def __init__(
        self, policy: LanguagePolicy, context: Sequence[str] = (), tail: str = "", *, halt: bool = False
    ) -> None:
        self.policy = policy
        self.observe: Callable[[int, JudgedWord], None] | None = None
        self._context = UserContext(context)
        self._relaxing: Relaxation | None = None
        self._text = ""
        self._at = 0
        self._offset = 0
        self._state = State()
        self._settling = Settling(policy, self._cyrillic_asked_for)
        self._tail = ""
        if tail:
            self._begin_after(tail)
        self._settling.halts = halt

    def _begin_after(self, tail: str) -> None:
        self._offset = -len(tail)
        self._settling.begin(self._offset, self._state)
        self.feed(tail)
        end = self._settling.final[0]
        self._tail = tail[end:] if end else ""

    @property
    def before(self) -> str:
        """The last characters of the text that is final."""
        return self._settling.final[1].before

    @property
    def late(self) -> list[Violation]:
        """What could only be judged after its release."""
        return self._settling.late

    @property
    def relaxed(self) -> str | None:
        """Code of the language in which final text was let through because the user asked for it."""
        return self._settling.final[1].relaxed or self._settling.sentence_in

    @property
    def _relaxation(self) -> Relaxation | None:
        """What the user's request for another language lets through; None where there is no such one."""
        if self.policy.mode != "balanced" or self._context.request is None:
            return None
        if self._relaxing is None:
            from role_engine.language.requests.relaxed import Relaxation  # its patterns are rarely needed

            self._relaxing = Relaxation(self._context.request)
        return self._relaxing

    def fork(self) -> Scanner:
        """A scanner in the state of the last `Final`, whose first character is the one after it.

        Offsets go on counting: they are those of the text before that `Final` and the new text together.
        """
        twin = object.__new__(Scanner)
        twin.policy, twin._context, twin.observe = self.policy, self._context, self.observe
        twin._relaxing = self._relaxing
        twin._settling, twin._tail = self._settling.fork(twin._cyrillic_asked_for), self._tail
        twin._offset, twin._state = self._settling.final
        twin._text, twin._at = self._tail[twin._offset :] if twin._offset < 0 else "", 0
        return twin

    def feed(self, piece: str) -> list[Event]:
        """Take the next piece of text; what it decides."""
        waited = self._at == len(self._text)
        self._text = self._text[self._at :] + piece
        self._offset += self._at
        self._at = 0
        events: list[Event] = []
        if waited and piece and self._settling.holds_sentences and self._state.unread.text and not self._halted:
            # The character that follows may show that the sentence has ended.
            self._state = self._state._replace(unread=self._read(events, 0))
        return self._advance(events, finished=False)

    def finish(self) -> list[Event]:
        """Nothing follows: decide the rest."""
        events = self._advance([], finished=True)
        if not self._halted:
            self._settling.ends(self._offset + self._at)
            self._state = self._state._replace(unread=self._read(events, self._at, last=True))
        if not self._halted:
            self._settling.settle(events, self._offset + self._at, self._state)
        return events

    def _advance(self, events: list[Event], finished: bool) -> list[Event]:
        if self.policy.mode == "off":
            self._consume(events, len(self._text))
            return events
        while self._at < len(self._text) and not self._halted and self._step(events, finished):
            pass
        return events

    def _step(self, events: list[Event], finished: bool) -> bool:  # noqa: C901 - a branch for each zone; runs for every piece of text
        """Decide one unit, or a stretch of plain ones; False when more text is needed."""
        text, start = self._text, self._at
        state, before = self._state, self._state.before
        zone, weighs = state.zone, self.policy.mode == "balanced"
        if zone is not None and zone.free:
            return self._pass(events, go_on(text, start, state, self._watch, finished))
        plain = not isinstance(zone, InlineCode | Markup | Formula | FrontMatter) and state.stretch is None
        if plain and (end := find_plain_end(text, start, before, weighs)):
            self._consume(events, end, plain=True)
            return True
        chunk = find_chunk(text, start)
        if chunk - start == LOOK_AHEAD or (chunk == len(text) and finished):
            self._consume(events, chunk, zone=leave_blank(zone, text[start:chunk]), plain=zone is None)
            return True
        if chunk == len(text):
            return False
        if zone is not None and chunk > start and (behind := leave_blank(zone, text[start:chunk])) is not zone:
            self._state = state._replace(zone=behind)
            return True
        if text[chunk] in "<[":
            glued = text[chunk] == "[" and chunk == start and before and before[-1] not in SPACES
            found = None if glued else find_marker(text, chunk, state, self.policy, finished)
            if found is not None:
                return self._take_marker(events, found, chunk)
        end = find_chunk_end(text, chunk, self.policy.mode)
        if end >= len(text) and not finished:
            return False
        if chunk > start:
            before = (before + text[start:chunk])[-MEMORY:]
        if weighs and (zone is not None or text[chunk] in OPENERS or near_line_start(before)):
            taken = step(text, start, chunk, before, state, finished, asked=self._relaxation is not None)
            if taken is not None and taken.kind == "formula" and taken.end == chunk:  # no formula, as far as was seen
                self._settling.lean(self._offset + taken.depends_until)
            elif taken is not None:
                return self._take(events, taken, chunk, before)
        if isinstance(zone, Formula):
            return self._take(events, pass_formula(zone, text, start, chunk, end), chunk, before)
        if isinstance(zone, Markup):
            return self._take(events, pass_markup(zone, text, start, chunk, end, self._watch), chunk, before)
        decision = self._decide(chunk, end, before, finished, in_free_token=state.in_free_token and chunk == start)
        if decision is None:
            return False
        end = chunk + decision.end
        plain = self._settling.holds_sentences and zone is None and not decision.refused
        self._consume(
            events,
            end,
            refused=_moved(decision.refused, chunk),
            depends_until=chunk + decision.depends_until if decision.depends_until else 0,
            in_free_token=decision.in_free_token,
            # Such text may as well have been taken as part of a longer stretch.
            plain=plain and PLAIN_RUNS[self.policy.mode].fullmatch(text, start, end) is not None,
        )
        return True

    def _decide(self, chunk: int, end: int, before: str, finished: bool, in_free_token: bool) -> Decision | None:
        text, start, mode = self._text, self._at, self.policy.mode
        observe = self._observer(chunk)
        if end - chunk == LOOK_AHEAD and text[end - 1] == JOINER:
            end -= 1  # an emoji is not cut in two
        if mode == "balanced" and text.find("`", chunk, chunk + _VIEW) >= 0:
            # The window shows where code stands, and no more of it.
            text = text[start:chunk] + hidden(text[chunk : chunk + _VIEW])
            start, chunk, end = 0, chunk - start, end - start
        if not in_free_token and (relaxation := self._relaxation) and relaxation.concerns(text, chunk, end):
            return relaxation.decide(text, start, end, finished, self._state, self.policy, self._context)
        alone = in_free_token or MIXED_WORD.fullmatch(text, chunk, end)
        if not alone and _WORDY[mode].search(text, chunk, end):
            window = gather(text, chunk, end, before, finished, weighed=mode == "balanced")
            if window is None:
                return None
            if mode == "strict":
                return strict.decide(window, self.policy)
            code = max(self._state.code, self._context.about_code)
            return balanced.decide(window, self.policy, self._context, code, observe)
        return balanced.decide_letters(text[chunk:end], before, self.policy, in_free_token=in_free_token)

    def _observer(self, chunk: int) -> Callable[[int, JudgedWord], None] | None:
        """Tells of the words weighed in the window that begins at `chunk`, with their offsets in the text."""
        if self.observe is None:
            return None
        observe, begins = self.observe, self._offset + chunk
        return lambda at, judged: observe(begins + at, judged)

    def _take_marker(self, events: list[Event], found: FoundMarker, chunk: int) -> bool:
        """Take over what was found at `chunk`."""
        if found is AWAITED:
            return False
        if found.phase is None:
            token = DecidedMarkup(found.end, self._state.zone, "markup")
            self._consume(events, found.end, refused=[RefusedLetters("garbage", chunk, found.end)], taken=token)
        else:
            self._consume(events, found.end, zone=found.zone, phase=found.phase)
        return True

    def _pass(self, events: list[Event], taken: DecidedMarkup) -> bool:
        """Take over what a free zone let through."""
        state = self._state
        if taken is WAIT or (taken.end == self._at and taken.zone == state.zone):
            return False
        if taken.end == self._at:  # the zone ends here
            self._settling.lean(self._offset + taken.depends_until)
            outer = state.zone.outer if isinstance(state.zone, InlineCode) else None
            self._state = state._replace(zone=taken.zone or outer)
            return True
        return self._take(events, taken, self._at, state.before)

    def _take(self, events: list[Event], taken: DecidedMarkup, chunk: int, before: str) -> bool:
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
            self._consume(
                events, taken.end, taken.refused, zone=zone, phase=phase, depends_until=taken.depends_until, taken=taken
            )
            return True
        outer = state.zone.outer if isinstance(state.zone, InlineCode | Markup | Formula) else state.zone
        if zone is None:
            zone = outer
        elif isinstance(zone, InlineCode | Markup | Formula) and zone.outer is None:
            zone = zone._replace(outer=outer)
        refused = list(taken.refused)
        if taken.kind != "code":
            is_formula = taken.kind == "formula"
            found = balanced.decide_letters(self._text[chunk : taken.end], before, self.policy, in_formula=is_formula)
            refused += _moved(found.refused, chunk)
        self._consume(events, taken.end, refused, zone=zone, depends_until=taken.depends_until, taken=taken)
        return True

    def _consume(
        self,
        events: list[Event],
        end: int,
        refused: Sequence[RefusedLetters] = (),
        *,
        zone: AnyZone | Literal["same"] | None = "same",
        phase: Phase | None = None,
        depends_until: int = 0,
        in_free_token: bool = False,
        plain: bool = False,
        taken: DecidedMarkup | None = None,
    ) -> None:
        """Take `text[at:end]` as decided, `refused` in it as not clean, and tell.

        With a `phase`, the text was a marker, or in a zone; without, it was text of the reply. What follows stands in
        `zone`. `plain`: it was a stretch of whole units. `taken`: what was decided without weighing words.
        """
        text, start, state = self._text, self._at, self._state
        violations = [span for span in refused if self._offset + span.end > 0]
        if violations and not self._settling.holds_sentences:
            self._settling.settle(events, self._offset + start, state)
        is_marker, is_code = phase is not None, taken is not None and taken.kind == "code"
        stretch, asked_for = None, None
        if phase is None:
            if taken is not None:
                stretch = None if _A_LINE_END.search(text, start, end) else state.stretch
            elif (state.stretch or not plain) and (relaxation := self._relaxation):
                stretch, asked_for = relaxation.follow(text, start, end, refused, state, in_free_token)
            phase = state.phase if text[start:end].isspace() else "body"
        if zone == "same":
            zone = None if is_marker else state.zone
        shown = cover_code(text[start:end]) if taken is not None and not is_marker else ""
        before = state.after(shown, 0, len(shown)) if is_code else state.after(text, start, end)
        watch = state.watch_behind(
            taken, "" if is_marker or is_code or self.policy.mode != "balanced" else text[start:end]
        )
        # A stretch counts where it begins and, where that is not the same, where it ends.
        goes_on = isinstance(state.zone, InlineCode) and isinstance(zone, InlineCode)
        counts = (is_code and not goes_on) or (isinstance(zone, Fence) and not isinstance(state.zone, Fence))
        code = min(state.code + counts, ENOUGH_CODE)
        after = State(before, zone, phase, in_free_token, stretch, state.relaxed or asked_for, code=code, watch=watch)
        reply_end, foreign = (start if is_marker else end), bool(asked_for)
        self._settling.lean(self._offset + depends_until)
        decided = DecidedText(
            text, start, reply_end, self._offset, state, after, violations, foreign, plain, last=is_marker, shown=shown
        )
        unread = self._settling.read(events, decided)
        if self._halted:
            return
        self._state = after._replace(unread=unread, relaxed=after.relaxed or self._settling.sentence_in)
        self._at = end
        if not self._settling.holds_sentences or not unread.text:
            self._settling.settle(events, self._offset + end, self._state)

    @property
    def _halted(self) -> bool:
        return self._settling.halted

    def _cyrillic_asked_for(self) -> str | None:
        relaxation = self._relaxation
        return None if relaxation is None else relaxation.cyrillic

    @property
    def _watch(self) -> ProseWatch:
        """What counts for a zone that goes on."""
        return self._state.watch if self._relaxation is None else UNWATCHED

    def _read(self, events: list[Event], end: int, *, last: bool = False) -> UnjudgedText:
        """Tell of the sentences up to `end`; what is unread then."""
        return self._settling.read(events, DecidedText(self._text, self._at, end, self._offset, self._state, last=last))


def _moved(spans: Sequence[RefusedLetters], by: int) -> list[RefusedLetters]:
    return [RefusedLetters(span.kind, span.start + by, span.end + by) for span in spans]
