"""Strings that are protocol between model, engine and host, and must not be read as text by anybody.

A host takes what follows the opener of a reasoning block out of the reply wherever the opener stands, so that one of
them swallows the reply; the formats are those of `language/markup/reasoning_formats.py`. A mode's or role's token says
nothing to a reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import regex

from role_engine.language.markup.reasoning_formats import REASONING_TAGS, map_closers

TOOL_TOKENS = ("<tool_start>", "</tool_start>", "<tool_end>", "</tool_end>")
ROLE_TOKEN = "<|role:{id}|>"
"""Of a model that was taught to pass the turn on; `{id}` is the role's."""

NATIVE_BLOCKS = map_closers("reply", "stripped")
"""Opener → closer of the block that a model's own reasoning stands in, at a reply's start."""

_HOST = (
    *REASONING_TAGS,
    *map_closers("reply", "prompt", "stripped"),
    "<|channel|>commentary<|message|>",
    "<|start|>assistant<|channel|>final<|message|>",
    "<|channel|>final<|message|>",
)


@lru_cache(maxsize=64)
def forbidden(
    tokens: tuple[str, ...] = (), role_token: str = ROLE_TOKEN, kept: tuple[str, ...] = ()
) -> regex.Pattern[str]:
    """What no visible text may hold.

    Args:
        tokens: the modes' tokens.
        role_token: the form of a role's token, `{id}` in it.
        kept: markers that are let through all the same.
    """
    literal = [marker for marker in dict.fromkeys((*tokens, *TOOL_TOKENS, *_HOST)) if marker not in kept]
    return regex.compile("|".join([*_escaped(literal), _any_role(role_token)]))


def _escaped(strings: Iterable[str]) -> list[str]:
    """The longest first: of two that begin alike the longer one counts."""
    return [regex.escape(string) for string in sorted(strings, key=len, reverse=True)]


def _any_role(role_token: str) -> str:
    before, after = role_token.split("{id}")
    return rf"{regex.escape(before)}[a-z0-9_-]{{1,64}}{regex.escape(after)}"


def neutral(marker: str) -> str:
    """The marker as text: a reader still sees what stood there, and no program reads it."""
    if marker == "thought\n":
        return "thought \n"
    return marker.replace("<", "‹").replace(">", "›")
