"""Roles among the models, for clients that can only choose a model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from role_engine.hosts.http.parsing import MODEL_PREFIX
from role_engine.roles import Role


def add_roles(listing: dict[str, Any], roles: Iterable[Role]) -> dict[str, Any]:
    """OpenAI's list of models with each role behind the models, as `role:ID`; the listing given is left as it is."""
    entries = [
        {
            "id": f"{MODEL_PREFIX}{role.id}",
            "object": "model",
            "created": 0,
            "owned_by": "role_engine",
            "name": role.name,
            "description": role.description,
        }
        for role in roles
    ]
    return {**listing, "data": [*listing.get("data", ()), *entries]}
