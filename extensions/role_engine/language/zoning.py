"""Where words are not weighed: code and the markup of documents in `balanced`, and the markers of a reply.

Asked for each unit of text, in one order.

A step says how far text is taken, and what the text behind it stands in. The scanner does the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from role_engine.held_text import may_become_one_of, starts_with_one_of
from role_engine.language.alphabets import FLAGS, LINE_END
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.fences import Fence, close_fence, open_fence, pass_fence
from role_engine.language.markup.formulas import Formula, leaves_formula, open_formula
from role_engine.language.markup.front_matter import FrontMatter, in_front_matter, open_front_matter
from role_engine.language.markup.indented import IndentedCode, open_indented, pass_indented
from role_engine.language.markup.lines import LONGEST_PREFIX, open_line
from role_engine.language.markup.markers import ANSWER, CONTROL, THINKING, TOOL_CALLS
from role_engine.language.markup.prose import UNWATCHED, ProseWatch
from role_engine.language.markup.spans import InlineCode, close_code, open_span, pass_code
from role_engine.language.markup.tags import Markup, leaves_markup, open_markup
from role_engine.language.markup.zones import Zone, pass_until
from role_engine.language.policy import LanguagePolicy
from role_engine.language.state import AnyZone, Phase, State

# What code, markup or a formula within a line begins with.
OPENERS = frozenset("`~<{(-$\\")
_A_LINE_END = regex.compile(LINE_END, FLAGS)


def go_on(text: str, start: int, state: State, watch: ProseWatch, finished: bool) -> DecidedMarkup:
    """What of a free zone goes through."""
    zone, before = state.zone, state.before
    if isinstance(zone, Fence):
        return pass_fence(zone, text, start, before, watch, finished)
    if isinstance(zone, InlineCode):
        return pass_code(zone, text, start, watch, finished)
    if isinstance(zone, IndentedCode):
        return pass_indented(zone, text, start, watch, finished)
    assert isinstance(zone, Zone)
    return pass_until(zone, text, start, watch, finished)


def leave_blank(zone: AnyZone | None, blank: str) -> AnyZone | None:
    """The zone behind the white space `blank`, which may end a line of it."""
    if isinstance(zone, InlineCode) and not zone.free and _A_LINE_END.search(blank):
        return leave_blank(zone.outer, blank)
    if isinstance(zone, Formula) and leaves_formula(zone, blank):
        return leave_blank(zone.outer, blank)
    if isinstance(zone, Markup) and leaves_markup(zone, blank):
        return leave_blank(zone.outer, blank)
    return zone


def step(  # noqa: C901 - a branch for each mark that opens or closes something, in the order in which they count
    text: str, start: int, chunk: int, before: str, state: State, finished: bool, *, asked: bool
) -> DecidedMarkup | None:
    """What begins, or ends, at `text[chunk]`, behind the white space from `start` on; None: nothing does.

    Args:
        before: the text before the chunk, white space included.
        asked: text in another language was asked for, and a block of prose in it is no code.
    """
    zone, char = state.zone, text[chunk]
    taken: DecidedMarkup | None = None
    if isinstance(zone, Fence):
        taken = close_fence(zone, text, chunk, before, finished)
    elif isinstance(zone, InlineCode):
        taken = close_code(zone, text, chunk, finished)
    elif isinstance(zone, FrontMatter):
        taken = in_front_matter(text, chunk, before, finished)
    elif zone is None and state.phase == "start" and char == "-" and not before.strip():
        taken = open_front_matter(text, chunk, finished)
    if taken is not None or isinstance(zone, InlineCode | Markup | Formula):
        return taken
    if char in "`~" and not isinstance(zone, Fence | Zone):
        taken = open_fence(text, chunk, before, None if asked else state.watch, finished)
    if taken is None and char == "`":
        taken = open_span(text, chunk, before if chunk == start else "", state.watch, finished)
    if taken is None and near_line_start(before):
        taken = _at_line_start(text, chunk, before, zone, finished)
    if taken is None and char in "$\\" and zone is None and not asked and not before[-1:].isalnum():
        taken = open_formula(text, chunk, finished)
    if taken is None and char in "<{(":
        taken = open_markup(text, chunk, UNWATCHED if asked else state.watch, finished)
        if taken is not None and taken is not WAIT and CONTROL.search(text, chunk, taken.end):
            return None
    return taken


def near_line_start(before: str) -> bool:
    """Whether so little stands before on the line that a mark may begin there, or nothing but blanks."""
    end = before[-LONGEST_PREFIX - 1 :]
    return len(end) <= LONGEST_PREFIX or "\n" in end or "\r" in end or end.isspace()


def _at_line_start(text: str, chunk: int, before: str, zone: AnyZone | None, finished: bool) -> DecidedMarkup | None:
    if isinstance(zone, Fence | Zone):
        return None
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    taken: DecidedMarkup | None = None
    if zone is None and line and not line.strip(" \t"):
        taken = open_indented(text, chunk, before, finished)
    if taken is None and len(line) <= LONGEST_PREFIX:
        taken = open_line(text, chunk, line, finished)
    return taken


_LONGEST_CONTROL = 40


class FoundMarker(NamedTuple):
    """A marker, or a control token.

    Attributes:
        end: where it ends; -1: what stands there may become one, and more text is needed.
        phase: where the reply is behind it; None for a control token, which is garbage in it.
        zone: what the text behind a marker stands in.
    """

    end: int
    phase: Phase | None = None
    zone: Zone | None = None


AWAITED = FoundMarker(-1)


def find_marker(text: str, at: int, state: State, policy: LanguagePolicy, finished: bool) -> FoundMarker | None:
    """What stands at `at`, in a zone of reasoning that is checked like the rest or in none; None: no marker."""
    zone, weighs = state.zone, policy.mode == "balanced"
    if isinstance(zone, Zone):  # reasoning that is checked like the rest
        if text.startswith(zone.closer, at):
            return FoundMarker(at + len(zone.closer), "answer")
        if not finished and may_become_one_of(text, at, (zone.closer,)):
            return AWAITED
    elif zone is None:
        if state.phase == "start" and (opener := starts_with_one_of(text, at, THINKING)):
            zone = Zone(THINKING[opener], "think", free=policy.in_thinking == "free")
            return FoundMarker(at + len(opener), "start", zone)
        if state.phase != "body" and (marker := starts_with_one_of(text, at, ANSWER)):
            return FoundMarker(at + len(marker), "answer")
        if weighs and (opener := starts_with_one_of(text, at, TOOL_CALLS)):
            return FoundMarker(at + len(opener), "body", Zone(TOOL_CALLS[opener], "tool", free=True))
        openers = tuple(TOOL_CALLS) if weighs else ()
        openers += () if state.phase == "body" else ANSWER
        openers += tuple(THINKING) if state.phase == "start" else ()
        if not finished and may_become_one_of(text, at, openers):
            return AWAITED
    if found := CONTROL.match(text, at):
        return FoundMarker(found.end())
    may_become = not finished and len(text) - at < _LONGEST_CONTROL and CONTROL.fullmatch(text, at, partial=True)
    return AWAITED if may_become else None
