"""The room that the loaded model has: its context, and the tokenizer that counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from role_engine.budget import ContextWindow
from role_engine.hosts.webui.token_count import token_counter

LARGEST_REPLY = 2
"""At least half of a context is the prompt's: a reply that may take more gets what the prompt leaves."""


def find_loaded_context(shared: Any, state: Mapping[str, Any]) -> int:
    """Tokens that prompt and reply may have together.

    The host shortens chats to `truncation_length`. A llama.cpp server holds less than that where its context is divided
    between `--parallel` slots, and says how much.
    """
    wanted = int(state.get("truncation_length") or shared.settings.get("truncation_length") or 0)
    held = getattr(shared.model, "n_ctx", None)
    return min(wanted, int(held)) if wanted and held else int(held or wanted)


def model_window(shared: Any, context: int | None) -> ContextWindow:
    """The room for roles in a context of that size."""
    return ContextWindow(context or None, token_counter(shared), (shared.model_name, id(shared.tokenizer)))


def limits(shared: Any, state: Mapping[str, Any]) -> dict[str, int]:
    """The host's limits as far as they have to be others, so that there is room for a prompt, and it knows of it."""
    context = find_loaded_context(shared, state)
    if not context:
        return {}
    changed = {} if context == state.get("truncation_length") else {"truncation_length": context}
    most = context // LARGEST_REPLY
    if int(state.get("max_new_tokens") or 0) > most:
        changed["max_new_tokens"] = most
    return changed


def room_beside(shared: Any, state: Mapping[str, Any], prompt: str) -> int:
    """Tokens that a reply may have beside `prompt`, at most those that the host's state allows it."""
    context, most = find_loaded_context(shared, state), int(state["max_new_tokens"])
    if not context or most <= context // LARGEST_REPLY:
        return most
    return max(1, min(most, context - token_counter(shared)(prompt)))
