"""An error as the clients of each API expect it."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from role_engine.errors import RoleEngineError
from role_engine.hosts.http.context import Endpoint

_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_ANTHROPIC_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
}


def openai_error(status: int, message: str, param: str | None = None) -> Response:
    """`{"error": {"message", "type", "param", "code"}}`."""
    kind = "server_error" if status >= 500 else _OPENAI_TYPES.get(status, "invalid_request_error")
    error: dict[str, Any] = {"message": message, "type": kind, "param": param, "code": None}
    return _response(status, {"error": error})


def anthropic_error(status: int, message: str) -> Response:
    """`{"type": "error", "error": {"type", "message"}}`."""
    kind = "api_error" if status >= 500 else _ANTHROPIC_TYPES.get(status, "invalid_request_error")
    return _response(status, {"type": "error", "error": {"type": kind, "message": message}})


def error_response(endpoint: Endpoint, status: int, message: str, param: str | None = None) -> Response:
    """The error in the form of the API that `endpoint` belongs to."""
    return anthropic_error(status, message) if endpoint == "messages" else openai_error(status, message, param)


def without_folder(error: RoleEngineError) -> str:
    """The error with its file's name instead of the path: where a server keeps its files is its own affair."""
    text = str(error)
    return text.replace(str(error.path), error.path.name) if error.path is not None else text


def _response(status: int, content: dict[str, Any]) -> Response:
    # The message may quote what the client sent, half a surrogate pair included, which has no UTF-8.
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status_code=status, media_type="application/json")
