"""The turns of a chat that have room beside the role, where the host would take the role's examples out first.

The host shortens a chat message by message from its beginning, where the examples stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from role_engine.budget import ContextWindow
from role_engine.hosts.webui.prompt import move_metadata
from role_engine.prompts.frame import RoleText, with_blank_lines

_BESIDE_A_MESSAGE = 8
"""Tokens of a chat template round one message."""
_SPARE = 32


def recent(
    history: dict[str, Any], said: RoleText, window: ContextWindow, state: Mapping[str, Any], text: str
) -> dict[str, Any]:
    """`history` without its oldest turns where not all of it has room. The role's examples stay, and the last row.

    Args:
        history: begins with the examples.
        state: the host's, the role in it.
        text: the message to be answered.
    """
    rows, examples = list(history["internal"]), len(said.examples)
    context = window.context
    if not examples or context is None or len(rows) <= examples + 1:
        return history
    head = [str(state.get(key) or "") for key in ("custom_system_message", "context")]
    fixed = "\n".join([*head, text or "", with_blank_lines(said.last_words()), *map(_text, rows[:examples])])
    room = context - int(state["max_new_tokens"]) - _SPARE
    turns = rows[examples:]

    def fits(first: int) -> bool:
        shown = [_text(row) for row in turns[first:]]
        whole = "\n".join([fixed, *shown])
        beside = _BESIDE_A_MESSAGE * 2 * (len(shown) + examples + 1)
        if len(whole.encode("utf-8", "replace")) + beside <= room:  # no token is shorter than a byte
            return True
        return window.count(whole) + beside <= room

    low, high = 0, len(turns) - 1
    while low < high:
        middle = (low + high) // 2
        if fits(middle):
            high = middle
        else:
            low = middle + 1
    if not low:
        return history
    metadata = move_metadata(history.get("metadata", {}), -low, first=examples)
    return {**history, "internal": rows[:examples] + turns[low:], "metadata": metadata}


def _text(row: list[Any]) -> str:
    return "\n".join(str(said) for said in row[:2] if said)
