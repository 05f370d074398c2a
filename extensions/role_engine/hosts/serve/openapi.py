"""The API as an OpenAPI document, made from the routes themselves.

It is public: the same on every server, but for whether a key is asked for. It names no role, no model and no version of
the program; what there is on this server is behind its key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

API_VERSION = "1"

_DESCRIPTION = """\
Roles and clean Russian for a local model: OpenAI's and Anthropic's endpoints, as their clients know them. A role is \
asked for by the field `role_engine`, the header `X-Role-Engine` or the model name `role:ID`; what happened to the \
language of a reply stands in its key `role_engine`.
"""
_TAGS = [
    {"name": "generation", "description": "Replies, and the models that give them."},
    {"name": "role_engine", "description": "Roles, the server's default, the language check, the state."},
]
_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The API key, as OpenAI's clients send it."},
    "x-api-key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "As Anthropic's send it."},
}


def openapi_document(routes: Sequence[BaseRoute], *, with_key: bool) -> dict[str, Any]:
    """The document, OpenAPI 3.1.

    Args:
        with_key: whether the server asks for an API key.
    """
    document = get_openapi(
        title="role_engine", version=API_VERSION, description=_DESCRIPTION, tags=_TAGS, routes=routes
    )
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    needed: list[dict[str, list[str]]] = [{name: []} for name in _SCHEMES]
    document["security"] = needed if with_key else [{}, *needed]  # the admin key is sent in the same way
    return document
