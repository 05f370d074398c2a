"""Stretches of text that are let through unread up to a closing string: reasoning, tool calls."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

import regex

from role_engine.language.letters.exact import Span
from role_engine.language.markup.markers import LONGEST_THINK_TAG, NOWHERE, THINK_TAG, partial_end


class Zone(NamedTuple):
    """Inside a block that `closer` ends; `free`: its content is not checked."""

    closer: str
    name: Literal["think", "tool"]
    free: bool


class Passed(NamedTuple):
    """Text up to `end` went through (nothing, where `end` is where it began); `closed`: the zone ended there."""

    end: int
    closed: bool = False
    refused: tuple[Span, ...] = ()


def pass_until(zone: Zone, text: str, start: int, finished: bool) -> Passed:
    """Let `text[start:]` through as far as it is in the zone; a possible beginning of the closer is held back.

    A reasoning tag inside a tool call is garbage even there, a broken character in reasoning too.
    """
    found = _ending(zone.closer, zone.name == "think").search(text, start)
    if found is not None:
        closed = found.group() == zone.closer
        return Passed(found.end(), closed, () if closed else (Span("garbage", *found.span()),))
    if finished:
        return Passed(len(text))
    until = partial_end(text, start, zone.closer)
    return Passed(until if zone.name == "think" else min(until, partial_tag(text, start)))


@lru_cache(maxsize=64)
def _ending(closer: str, thinking: bool) -> regex.Pattern[str]:
    """What ends a stretch of the zone: its closer, or a tag that must not stand in it."""
    return regex.compile(regex.escape(closer) + ("|\ufffd" if thinking else f"|{NOWHERE.pattern}"))


def partial_tag(text: str, start: int) -> int:
    """Where a beginning of a reasoning tag that ends `text` starts, or the text's length."""
    at = text.rfind("<", max(start, len(text) - LONGEST_THINK_TAG))
    return at if at >= 0 and THINK_TAG.fullmatch(text, at, partial=True) else len(text)
