"""Stretches of text that are let through unread up to a closing string: reasoning, tool calls, `<pre>`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, NamedTuple

import regex

from role_engine.held_text import find_partial_end
from role_engine.language.letters.exact import RefusedLetters
from role_engine.language.markup.decided import DecidedMarkup
from role_engine.language.markup.markers import NOWHERE
from role_engine.language.markup.meter import Meter, measure
from role_engine.language.markup.prose import LONGEST_MESSAGE, ProseWatch
from role_engine.language.markup.reasoning_formats import REASONING_TAGS


class Zone(NamedTuple):
    """Inside a block that `closer` ends; `free`: its content is not checked. `meter`: what was read of code."""

    closer: str
    name: Literal["think", "tool", "code"]
    free: bool
    meter: Meter = Meter()


def pass_until(zone: Zone, text: str, start: int, watch: ProseWatch, finished: bool) -> DecidedMarkup:
    """Let `text[start:]` through as far as it is in the zone; a possible beginning of the closer is held back.

    A reasoning tag inside a tool call is garbage even there, a broken character in reasoning too.
    """
    found = _ending(zone.closer, zone.name == "think").search(text, start)
    if zone.name == "code":
        known = found.start() if found else len(text) if finished else find_partial_end(text, (zone.closer,), start)
        known = known if found or finished else min(known, partial_tag(text, start))
        meter, spent_at = measure(zone.meter, text, start, known, watch, LONGEST_MESSAGE)
        if spent_at >= 0:
            return DecidedMarkup(spent_at)
        zone = zone._replace(meter=meter)
    if found is not None:
        if found.group() == zone.closer:
            return DecidedMarkup(found.end())
        return forbidden(found, start, zone)
    if finished:
        return DecidedMarkup(len(text), zone)
    until = find_partial_end(text, (zone.closer,), start)
    return DecidedMarkup(until if zone.name == "think" else min(until, partial_tag(text, start)), zone)


def forbidden(found: regex.Match[str], start: int, zone: Any, letters: int = 0) -> DecidedMarkup:
    """What stands before that which must stand nowhere, and then that: the one may be released, the other not."""
    if found.start() > start:
        return DecidedMarkup(found.start(), zone, letters=letters)
    return DecidedMarkup(found.end(), zone, refused=(RefusedLetters("garbage", *found.span()),), letters=letters)


@lru_cache(maxsize=64)
def _ending(closer: str, thinking: bool) -> regex.Pattern[str]:
    """What ends a stretch of the zone: its closer, or a tag that must not stand in it."""
    return regex.compile(regex.escape(closer) + ("|\ufffd" if thinking else f"|{NOWHERE.pattern}"))


def partial_tag(text: str, start: int) -> int:
    """Where a beginning of a reasoning tag that ends `text` starts, or the text's length."""
    return find_partial_end(text, REASONING_TAGS, start, whole=True)
