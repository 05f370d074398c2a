"""Where `balanced` weighs no words: code, and the markup of documents. Asked for each unit of text, in one order.

A step says how far text is taken, and what the text behind it stands in. The scanner does the rest.
"""

from __future__ import annotations

import regex

from role_engine.language.alphabets import FLAGS, LINE_END
from role_engine.language.markup.fences import Fence, close_fence, open_fence, pass_fence
from role_engine.language.markup.formulas import Formula, leaves_formula, open_formula
from role_engine.language.markup.front_matter import FrontMatter, in_front_matter, open_front_matter
from role_engine.language.markup.indented import Indented, open_indented, pass_indented
from role_engine.language.markup.lines import LONGEST_PREFIX, open_line
from role_engine.language.markup.markers import CONTROL
from role_engine.language.markup.prose import UNWATCHED, Watch
from role_engine.language.markup.spans import Code, close_code, open_span, pass_code
from role_engine.language.markup.tags import Markup, leaves_markup, open_markup
from role_engine.language.markup.taken import WAIT, Taken
from role_engine.language.markup.zones import Zone, pass_until
from role_engine.language.state import AnyZone, State

# What code, markup or a formula within a line begins with.
OPENERS = frozenset("`~<{(-$\\")
_A_LINE_END = regex.compile(LINE_END, FLAGS)


def go_on(text: str, start: int, state: State, watch: Watch, finished: bool) -> Taken:
    """What of a free zone goes through."""
    zone, before = state.zone, state.before
    if isinstance(zone, Fence):
        return pass_fence(zone, text, start, before, watch, finished)
    if isinstance(zone, Code):
        return pass_code(zone, text, start, watch, finished)
    if isinstance(zone, Indented):
        return pass_indented(zone, text, start, watch, finished)
    assert isinstance(zone, Zone)
    return pass_until(zone, text, start, watch, finished)


def left(zone: AnyZone | None, blank: str) -> AnyZone | None:
    """The zone behind the white space `blank`, which may end a line of it."""
    if isinstance(zone, Code) and not zone.free and _A_LINE_END.search(blank):
        return left(zone.outer, blank)
    if isinstance(zone, Formula) and leaves_formula(zone, blank):
        return left(zone.outer, blank)
    if isinstance(zone, Markup) and leaves_markup(zone, blank):
        return left(zone.outer, blank)
    return zone


def step(text: str, start: int, chunk: int, before: str, state: State, finished: bool, *, asked: bool) -> Taken | None:  # noqa: C901 - a branch for each mark that opens or closes something, in the order in which they count
    """What begins, or ends, at `text[chunk]`, behind the white space from `start` on; None: nothing does.

    Args:
        before: the text before the chunk, white space included.
        asked: text in another language was asked for, and a block of prose in it is no code.
    """
    zone, char = state.zone, text[chunk]
    taken: Taken | None = None
    if isinstance(zone, Fence):
        taken = close_fence(zone, text, chunk, before, finished)
    elif isinstance(zone, Code):
        taken = close_code(zone, text, chunk, finished)
    elif isinstance(zone, FrontMatter):
        taken = in_front_matter(text, chunk, before, finished)
    elif zone is None and state.phase == "start" and char == "-" and not before.strip():
        taken = open_front_matter(text, chunk, finished)
    if taken is not None or isinstance(zone, Code | Markup | Formula):
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


def _at_line_start(text: str, chunk: int, before: str, zone: AnyZone | None, finished: bool) -> Taken | None:
    if isinstance(zone, Fence | Zone):
        return None
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    taken: Taken | None = None
    if zone is None and line and not line.strip(" \t"):
        taken = open_indented(text, chunk, before, finished)
    if taken is None and len(line) <= LONGEST_PREFIX:
        taken = open_line(text, chunk, line, finished)
    return taken
