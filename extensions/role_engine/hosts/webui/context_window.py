"""The room that the loaded model has: its context, the tokenizer that counts, and what a role and a reply get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from role_engine.app.engines import CHARACTERS_PER_TOKEN
from role_engine.app.token_usage import count_role_usage
from role_engine.budget import ContextWindow
from role_engine.hosts.webui.host_api import HostApi
from role_engine.hosts.webui.services import WebuiServices
from role_engine.hosts.webui.templates import choose_chat_template, find_template_values
from role_engine.roles import Role

LARGEST_REPLY = 2
"""At least half of a context is the prompt's: a reply that may take more gets what the prompt leaves."""


def make_token_counter(host: HostApi) -> Callable[[str], int]:
    """Counts by the model's tokenizer, or roughly where there is none."""
    if host.shared.tokenizer is None:
        return lambda text: round(len(text) / CHARACTERS_PER_TOKEN)
    return host.count_tokens


def find_context(host: HostApi, state: Mapping[str, Any]) -> int:
    """Tokens that prompt and reply may have together; 0 where nobody says.

    The host shortens chats to `truncation_length`. A llama.cpp server holds less than that where its context is divided
    between `--parallel` slots, and says how much.
    """
    shared = host.shared
    wanted = int(state.get("truncation_length") or shared.settings.get("truncation_length") or 0)
    held = getattr(shared.model, "n_ctx", None)
    return min(wanted, int(held)) if wanted and held else int(held or wanted)


def make_window(host: HostApi, context: int | None) -> ContextWindow:
    """The room for roles in a context of so many tokens; 0 or None: not known."""
    shared = host.shared
    return ContextWindow(context or None, make_token_counter(host), (shared.model_name, id(shared.tokenizer)))


def find_tighter_limits(host: HostApi, state: Mapping[str, Any]) -> dict[str, int]:
    """The host's limits that have to be lower, so that there is room for a prompt, and the host knows of it."""
    context = find_context(host, state)
    if not context:
        return {}
    changed = {} if context == state.get("truncation_length") else {"truncation_length": context}
    most = context // LARGEST_REPLY
    if int(state.get("max_new_tokens") or 0) > most:
        changed["max_new_tokens"] = most
    return changed


def count_room_beside(host: HostApi, state: Mapping[str, Any], prompt: str) -> int:
    """Tokens that a reply may have beside `prompt`, at most those that the host's state allows it."""
    context, most = find_context(host, state), int(state["max_new_tokens"])
    if not context or most <= context // LARGEST_REPLY:
        return most
    return max(1, min(most, context - make_token_counter(host)(prompt)))


def count_loaded_usage(services: WebuiServices, role: Role, context: int) -> dict[str, Any] | None:
    """What the role costs of `context` tokens, with the model that is loaded; None with no model to count tokens."""
    host = services.host
    shared = host.shared
    if shared.tokenizer is None:
        return None
    of_model = shared.settings["instruction_template_str"]
    template = choose_chat_template(
        host, services.templates, role, of_model, services.loaded_model, fallback=services.settings.template
    )
    chat = template.chat if template is not None and template.chat is not None else of_model
    window, values = make_window(host, context), find_template_values(host)
    return count_role_usage(services.prompt_builder, role, chat, window, values=values)
