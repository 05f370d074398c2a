"""A role's sampling parameters in the webui, for the role's replies alone.

What a request's body sets itself wins. The page sends the place of every slider with every message; one that stands
elsewhere than where the webui starts was moved by the user, and wins as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from role_engine.hosts.http.context import RequestContext
from role_engine.roles import Role

_SET_BY = {
    "max_tokens": ("max_new_tokens", "auto_max_new_tokens"),
    "max_completion_tokens": ("max_new_tokens", "auto_max_new_tokens"),
    "thinking": ("enable_thinking",),
}
"""Names of the APIs for what the webui calls otherwise."""


def role_sampling(role: Role, state: Mapping[str, Any], request: RequestContext | None, shared: Any) -> dict[str, Any]:
    """The parameters that the role sets for this reply, under the webui's names.

    Args:
        request: the API's; None: the page asks.
    """
    taken = _of_request(request) if request is not None else _moved(state, shared.settings)
    values = {name: value for name, value in role.sampling.items() if name not in taken}
    if "max_new_tokens" in values and "auto_max_new_tokens" not in taken:
        values.setdefault("auto_max_new_tokens", False)  # else the host would not look at the limit
    if values.get("temperature") == 0:  # as the API has it
        values |= {"do_sample": False, "top_k": 1}
    if "seed" in values and values["seed"] >= 0 and request is not None:
        values["seed"] += len(request.reports)  # each of several choices its own
    return values


def _of_request(request: RequestContext) -> set[str]:
    names = set(request.explicit)
    for name, ours in _SET_BY.items():
        if name in names:
            names.update(ours)
    if "preset" in names:
        from modules import presets

        names.update(presets.presets_params())
    return names


def _moved(state: Mapping[str, Any], settings: Mapping[str, Any]) -> set[str]:
    return {name for name, start in settings.items() if name in state and state[name] != start}
