"""A server for this machine answers to this machine's names only.

Otherwise a web page could reach it by a name of its own that it lets point here (DNS rebinding).
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from role_engine.hosts.http.error_forms import error_response
from role_engine.hosts.http.middleware import ENDPOINTS

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class LocalHostsOnly:
    """Answers 400 to a request whose Host header is none of this machine's names."""

    def __init__(self, app: ASGIApp, names: frozenset[str] = LOCAL_NAMES) -> None:
        self.app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _name(Headers(scope=scope).get("host", "")) in self._names:
            await self.app(scope, receive, send)
            return
        endpoint = ENDPOINTS.get(scope["path"], "chat")
        message = "This server answers to localhost and 127.0.0.1 only."
        await error_response(endpoint, 400, message)(scope, receive, send)


def _name(host: str) -> str:
    """The name without the port: `[::1]:7861`, `localhost:7861`."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
