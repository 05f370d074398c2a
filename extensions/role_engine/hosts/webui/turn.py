"""One reply of the webui: where it is asked for, and what is in force for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from role_engine.hosts.http.context import RequestContext
from role_engine.hosts.in_force import InForce
from role_engine.hosts.webui.prompt import ChatInput
from role_engine.hosts.webui.settings import Reach, Surface
from role_engine.modes.mode import Mode

KEY = "role_engine_turn"  # in the copy of the host's state that `state_modifier` made


@dataclass(frozen=True)
class Turn:
    """Decided when the prompt is made, read when the reply is generated.

    Attributes:
        reach: how far the extension goes here; a role named in the request means `on`.
        context: the user's messages, oldest first.
        tail: the end of the prompt that belongs to the reply itself.
        stop: stop strings of a template that the host does not know of.
        changes: what of the host's state is another for this reply: the role's sampling, limits that leave it room.
        left_out: what of the role had no room.
        mode: the thinking mode; None: the answer at once.
        chat: what the host asked a prompt for, where the reply takes several questions, or may.
    """

    surface: Surface
    reach: Reach
    in_force: InForce
    context: tuple[str, ...] = ()
    tail: str = ""
    stop: tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    mode: Mode | None = None
    chat: ChatInput | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Turn:
        return self  # nothing in it changes, and the host copies its whole state for every reply


def chat_surface(request: RequestContext | None) -> Surface:
    return "page" if request is None else "chat_api"


def is_search_query(state: Mapping[str, Any], stopping_strings: Any) -> bool:
    """Whether this is the host asking the model for a web-search query, by what `generate_search_query` sets."""
    return (
        stopping_strings == []
        and bool(state.get("auto_max_new_tokens"))
        and state.get("enable_thinking") is False
        and state.get("reasoning_effort") == "low"
        and state.get("start_with") == ""
    )


def is_logits_probe(state: Mapping[str, Any], request: RequestContext | None) -> bool:
    """Whether this is the host generating one token to look at its probabilities (`modules/logits.py`)."""
    return request is None and state.get("max_new_tokens") == 1 and not state.get("auto_max_new_tokens")
