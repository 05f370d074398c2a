"""Stretches of text that are let through unread up to a closing string: reasoning, tool calls, `<pre>`."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

import regex

from role_engine.language.letters.exact import Span
from role_engine.language.markup.markers import LONGEST_THINK_TAG, NOWHERE, THINK_TAG, partial_end
from role_engine.language.markup.taken import Taken


class Zone(NamedTuple):
    """Inside a block that `closer` ends; `free`: its content is not checked."""

    closer: str
    name: Literal["think", "tool", "code"]
    free: bool


def pass_until(zone: Zone, text: str, start: int, finished: bool) -> Taken:
    """Let `text[start:]` through as far as it is in the zone; a possible beginning of the closer is held back.

    A reasoning tag inside a tool call is garbage even there, a broken character in reasoning too.
    """
    found = _ending(zone.closer, zone.name == "think").search(text, start)
    if found is not None:
        if found.group() == zone.closer:
            return Taken(found.end())
        return Taken(found.end(), zone, refused=(Span("garbage", *found.span()),))
    if finished:
        return Taken(len(text), zone)
    until = partial_end(text, start, zone.closer)
    return Taken(until if zone.name == "think" else min(until, partial_tag(text, start)), zone)


@lru_cache(maxsize=64)
def _ending(closer: str, thinking: bool) -> regex.Pattern[str]:
    """What ends a stretch of the zone: its closer, or a tag that must not stand in it."""
    return regex.compile(regex.escape(closer) + ("|\ufffd" if thinking else f"|{NOWHERE.pattern}"))


def partial_tag(text: str, start: int) -> int:
    """Where a beginning of a reasoning tag that ends `text` starts, or the text's length."""
    at = text.rfind("<", max(start, len(text) - LONGEST_THINK_TAG))
    return at if at >= 0 and THINK_TAG.fullmatch(text, at, partial=True) else len(text)
