"""A mode's token in what the user wrote: the switch of that message."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from role_engine.modes.mode import Mode


def find_mode_token(text: str, modes: Sequence[Mode]) -> tuple[str | None, str]:
    """The mode that a message asks for, the first if it names several, and the message without any mode's token."""
    by_token = {mode.token: mode.id for mode in reversed(modes)}
    found = [(at, token) for token in by_token if (at := text.find(token)) >= 0]
    if not found:
        return None, text
    token = "|".join(map(regex.escape, by_token))
    without = regex.sub(rf"(?:{token})[ \t]?", "", text)
    return by_token[min(found)[1]], without.strip()
