"""The one gate before everything that this server answers, gradio's routes included.

A page of somebody else's that the user visits can send requests here, with the user's cookies. So the gate asks who
asks, and lets in what [the list of routes](page_routes.py) allows; on the way out it sees to it that no other page can
read an answer, that cookies stay at home, and that nobody's file becomes a page of ours.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from role_engine.hosts.http.error_forms import error_response
from role_engine.hosts.http.middleware import ENDPOINTS
from role_engine.hosts.http.origin import RequestOrigin, asker_of, comes_from_here, parse_authority
from role_engine.hosts.serve.security.keys import Keys, is_loopback
from role_engine.hosts.serve.security.page_routes import Access, Route

# Gradio's own page needs inline scripts and styles, and compiles some of its code.
PAGE_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Everything that a page loads comes from this server: gradio's would fetch a script from a content network, and a
picture in a reply could tell a stranger what was said."""
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",  # the page's own requests keep theirs, which the gate asks for
}


class Gate:
    """Lets in what our own page, the user and programs ask for.

    Args:
        routes: what there is, the first match counts.
        keys: whoever sends one of them in a header is no page that was lured here.
        local_only: this machine's names only. Otherwise a page could reach the server by a name of its own that it lets
            point here (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, *, routes: Iterable[Route], keys: Keys, local_only: bool) -> None:
        self.app = app
        self._routes, self._keys, self._local_only = tuple(routes), keys, local_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route = self._route(scope)
        refusal = self._refusal(scope, route)
        await (refusal or self.app)(scope, receive, _sealing(send, route))

    def _route(self, scope: Scope) -> Route | None:
        path, method = scope["path"], scope["method"]
        for route in self._routes:
            if (not route.methods or method in route.methods) and route.pattern.fullmatch(path):
                return route
        return None

    def _refusal(self, scope: Scope, route: Route | None) -> Response | None:
        """The answer to whoever is not let in."""
        headers, method = Headers(scope=scope), scope["method"]
        if not self._answers_to(headers.getlist("host")):
            names = "localhost and 127.0.0.1 only" if self._local_only else "one well-formed Host header"
            return self._refused(scope, 400, f"This server answers to {names}.")
        asker = asker_of(method, headers)
        if route is None:
            return self._refused(scope, 404, f"There is no {method} {scope['path'][:200]} here.")
        if not self._may(asker, route, headers):
            return self._refused(scope, 403, _WHY_NOT[route.access])
        if route.kinds and not _is_one_of(headers, route.kinds):
            return self._refused(scope, 415, f"The header Content-Type must say {' or '.join(route.kinds)}.")
        return None

    def _answers_to(self, hosts: list[str]) -> bool:
        names = [parse_authority(host) for host in hosts]
        if self._local_only:  # `localhost` or an address of the loopback network: to these nobody can point a name
            return len(names) == 1 and names[0] is not None and is_loopback(names[0].host)
        return len(names) < 2 and None not in names

    def _may(self, asker: RequestOrigin, route: Route, headers: Headers) -> bool:
        if asker in (RequestOrigin.OWN, RequestOrigin.USER):
            return True
        if asker is RequestOrigin.UNKNOWN:
            return route.access is not Access.OURS or comes_from_here(headers)
        if route.access is Access.SHOWN:
            return _is_link(headers)
        return route.access is Access.API and self._keys.holds_one(headers)

    @staticmethod
    def _refused(scope: Scope, status: int, message: str) -> Response:
        return error_response(ENDPOINTS.get(scope["path"], "chat"), status, message)


_WHY_NOT = {
    Access.PUBLIC: "This is for pages of this server.",
    Access.SHOWN: "This page can be opened, and not be read or framed by other pages.",
    Access.OURS: "Only the page of this server may ask for this; programs have the API at /v1.",
    Access.API: "A page of another origin needs the key, in the header Authorization or x-api-key.",
}


def _is_link(headers: Headers) -> bool:
    """Whether a tab of the browser goes there, and no frame and no script."""
    return (
        "origin" not in headers
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )


def _is_one_of(headers: Headers, kinds: tuple[str, ...]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() in kinds


def _sealing(send: Send, route: Route | None) -> Send:
    """`send` with the headers that every answer bears."""

    async def send_sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _sealed(message.get("headers", ()), route)}
        await send(message)

    return send_sealed


def _sealed(raw: Iterable[tuple[bytes, bytes]], route: Route | None) -> list[tuple[bytes, bytes]]:
    headers = MutableHeaders(
        raw=[
            (name, _at_home(value) if name.lower() == b"set-cookie" else value)
            for name, value in raw
            if not name.lower().startswith(b"access-control-")  # gradio's, for pages of others
        ]
    )
    headers.update(_ALWAYS)
    if route is not None and route.is_file:
        headers["content-disposition"] = "attachment"
        headers["content-security-policy"] = FILE_POLICY
    elif headers.get("content-type", "").startswith("text/html"):
        headers["content-security-policy"] = PAGE_POLICY
    return headers.raw


def _at_home(cookie: bytes) -> bytes:
    """A Set-Cookie header for requests of our own page alone, and out of its scripts' reach."""
    parts = [part.strip() for part in cookie.split(b";")]
    kept = [part for part in parts if part.partition(b"=")[0].strip().lower() not in (b"samesite", b"httponly")]
    return b"; ".join([*kept, b"HttpOnly", b"SameSite=Strict"])
