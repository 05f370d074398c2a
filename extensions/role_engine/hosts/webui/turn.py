"""One reply of the webui: where it is asked for, and what is in force for it: role, language, thinking, and the role's
sampling parameters.

Of those, what a request's body sets itself wins. The page sends the place of every slider with every message; one that
stands elsewhere than where the webui starts was moved by the user, and wins as well.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from role_engine.app.resolution import Choice, EffectiveSettings
from role_engine.hosts.http.context import RequestContext
from role_engine.hosts.webui.host_api import HostApi
from role_engine.hosts.webui.prompt import ChatInput
from role_engine.hosts.webui.services import WebuiServices
from role_engine.hosts.webui.settings import Reach, Surface
from role_engine.hosts.webui.tail import find_reply_tail
from role_engine.modes.mode import Mode
from role_engine.roles import Role

logger = logging.getLogger("role_engine")

ROLE_BOX, MODE_BOX, THINKING_BOX = "role_engine:role", "role_engine:mode", "role_engine:thinking"  # in the host's state
KEY = "role_engine_turn"  # in the copy of the host's state that `state_modifier` made

_NAMES_IN_STATE = {
    "max_tokens": ("max_new_tokens", "auto_max_new_tokens"),
    "max_completion_tokens": ("max_new_tokens", "auto_max_new_tokens"),
    "thinking": ("enable_thinking",),
}
"""Names of the APIs for what the webui calls otherwise."""


@dataclass(frozen=True)
class Turn:
    """Decided when the prompt is made, read when the reply is generated.

    Attributes:
        reach: how far the extension goes here; a role named in the request means `on`.
        context: the user's messages, oldest first.
        prompt_suffix: the end of the prompt that belongs to the reply itself.
        stop: stop strings of a template that the host does not know of.
        changes: what of the host's state is another for this reply: the role's sampling, limits that leave it room.
        left_out: what of the role had no room.
        mode: the thinking mode; None: the answer at once.
        chat: what the host asked a prompt for, where the reply takes several questions, or may.
    """

    surface: Surface
    reach: Reach
    in_force: EffectiveSettings
    context: tuple[str, ...] = ()
    prompt_suffix: str = ""
    stop: tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    mode: Mode | None = None
    chat: ChatInput | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Turn:
        return self  # nothing in it changes, and the host copies its whole state for every reply


def name_chat_surface(request: RequestContext | None) -> Surface:
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


class TurnResolver:
    """Decides what is in force for each call of the host."""

    def __init__(self, services: WebuiServices) -> None:
        self._services = services
        self._has_warned = False

    def resolve(
        self,
        surface: Surface,
        state: dict[str, Any],
        request: RequestContext | None,
        context: tuple[str, ...] = (),
        prompt_suffix: str = "",
        thinking: str | None = None,
    ) -> Turn:
        """What is in force; `thinking`: the mode that the message itself asks for."""
        asked = request.choice if request is not None else Choice()
        panel = None if request is not None else read_panel_choice(state)
        in_force = self._services.resolve(asked, panel, thinking)
        named = asked.role is not None
        reach: Reach = "on" if named else getattr(self._services.settings.surfaces, surface)
        role = in_force.role if reach == "on" else None
        changes = find_role_sampling(role, state, request, self._services.host) if role is not None else {}
        return Turn(surface, reach, in_force, context, prompt_suffix, changes=changes)

    def resolve_call(
        self, question: str, state: dict[str, Any], stopping_strings: Any, is_chat: bool, request: RequestContext | None
    ) -> Turn | None:
        """The turn of this call; None for the host's own helper calls, which pass untouched."""
        if is_chat and KEY in state:
            turn: Turn = state[KEY]
            return turn
        if is_chat:
            if is_search_query(state, stopping_strings):
                return None
            if request is not None:
                self._warn_of_foreign_prompt()
            turn = self.resolve(
                "impersonate" if request is None else "chat_api",
                state,
                request,
                prompt_suffix=_find_last_word(question),
            )
            return turn if turn.reach == "off" else replace(turn, reach="guard")
        if is_logits_probe(state, request):
            return None
        surface: Surface = "notebook" if request is None else "completions_api"
        return self.resolve(surface, state, request, context=(question,), prompt_suffix=find_reply_tail(question))

    def _warn_of_foreign_prompt(self) -> None:
        """A chat whose prompt was not made here: an extension before ours made it, and the role is not in it."""
        if not self._has_warned:
            self._has_warned = True
            logger.warning(
                "another extension makes the prompts: list role_engine before it, or roles do not reach chats"
            )


def read_panel_choice(state: dict[str, Any]) -> Choice:
    """What this browser session's boxes say; an empty box says nothing."""
    return Choice(state.get(ROLE_BOX) or None, state.get(MODE_BOX) or None, state.get(THINKING_BOX) or None)


def find_role_sampling(
    role: Role, state: Mapping[str, Any], request: RequestContext | None, host: HostApi
) -> dict[str, Any]:
    """The parameters that the role sets for this reply, under the webui's names.

    Args:
        request: the API's; None: the page asks.
    """
    taken = _list_request_parameters(request, host) if request is not None else _list_moved(state, host.shared.settings)
    values = {name: value for name, value in role.sampling.items() if name not in taken}
    if "max_new_tokens" in values and "auto_max_new_tokens" not in taken:
        values.setdefault("auto_max_new_tokens", False)  # else the host would not look at the limit
    if values.get("temperature") == 0:  # as the API has it
        values |= {"do_sample": False, "top_k": 1}
    if "seed" in values and values["seed"] >= 0 and request is not None:
        values["seed"] += len(request.reports)  # each of several choices its own
    return values


def _list_request_parameters(request: RequestContext, host: HostApi) -> set[str]:
    names = set(request.explicit)
    for name, ours in _NAMES_IN_STATE.items():
        if name in names:
            names.update(ours)
    if "preset" in names:
        names.update(host.list_preset_parameters())
    return names


def _list_moved(state: Mapping[str, Any], settings: Mapping[str, Any]) -> set[str]:
    """The parameters of the page that stand elsewhere than where the webui starts."""
    return {name for name, start in settings.items() if name in state and state[name] != start}


def _find_last_word(text: str) -> str:
    return text[-64:].split()[-1] if text and not text[-1].isspace() else ""
