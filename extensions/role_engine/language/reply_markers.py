"""Markers of a reply: where reasoning and tool calls begin and end, and control tokens that nothing may hold."""

from __future__ import annotations

from typing import NamedTuple

from role_engine.held_text import may_become_one_of, starts_with_one_of
from role_engine.language.markup.markers import ANSWER, CONTROL, THINKING, TOOL_CALLS
from role_engine.language.markup.zones import Zone
from role_engine.language.policy import LanguagePolicy
from role_engine.language.state import Phase, State

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
