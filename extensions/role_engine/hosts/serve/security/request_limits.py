"""What a request may be, before anything of its body is held or parsed: its key, its type, its size.

| route | body |
| --- | --- |
| the three that generate | JSON, counted as it arrives by `hosts/http/middleware.py` |
| `/v1/role-engine/check` | JSON, counted by the route |
| the chat page's events | JSON, 4 MB: they carry the whole chat |
| `/upload` | multipart, 64 MB: a character card |
| `/login` | a form, 4 KB and 16 fields |
| any other | 64 KB |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from role_engine.hosts.http.error_forms import error_response
from role_engine.hosts.http.json_shape import BadShape, JSONShape
from role_engine.hosts.http.middleware import ENDPOINTS, MAX_BODY
from role_engine.hosts.http.request_body import BodyTooLarge, ClientGone, read_body, replay, too_large
from role_engine.hosts.http.routes import MAX_CHECK_BODY, PREFIX
from role_engine.hosts.serve.security.form_shape import FormShape, MultipartShape, boundary_of
from role_engine.hosts.serve.security.keys import Keys, not_authorised

MAX_HEADERS = 100
MAX_HEADER_BYTES = 32 * 2**10
MAX_TARGET_BYTES = 8 * 2**10
"""Of path and query."""

MAX_SMALL_BODY = 64 * 2**10
MAX_PAGE_BODY = 4 * 2**20
MAX_PAGE_VALUES = 50_000
MAX_LOGIN_BODY = 4 * 2**10

Kind = Literal["json", "form", "multipart"]
_TYPES: dict[str, Kind] = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json")
_PAGE = re.compile(r"/(?:queue/join|(?:run|api|call)/[^/]+)/?")


@dataclass(frozen=True, slots=True)
class BodyRule:
    """What a body may be.

    Attributes:
        most: bytes.
        kinds: of content; a body without a content type is JSON.
        read_here: it is read whole and looked at here; else whoever takes it counts it.
    """

    most: int
    kinds: frozenset[Kind] = frozenset(("json",))
    read_here: bool = True


_SMALL = BodyRule(MAX_SMALL_BODY)
_CHAT = BodyRule(MAX_BODY, read_here=False)
_CHECK = BodyRule(MAX_CHECK_BODY, read_here=False)
_EVENT = BodyRule(MAX_PAGE_BODY)
_UPLOAD = BodyRule(MAX_BODY + MAX_SMALL_BODY, frozenset(("multipart",)), read_here=False)
_LOGIN = BodyRule(MAX_LOGIN_BODY, frozenset(("form", "multipart")))


def rule_of(method: str, path: str) -> BodyRule:
    """The rule for a request's body."""
    if method != "POST":
        return _SMALL
    if path in ENDPOINTS:
        return _CHAT
    path = path.rstrip("/")
    if path == f"{PREFIX}/check":
        return _CHECK
    if path == "/login":
        return _LOGIN
    if path == "/upload":
        return _UPLOAD
    return _EVENT if _PAGE.fullmatch(path) else _SMALL


class RequestLimits:
    """Answers what is too large, of the wrong type or without a key, and passes everything else on."""

    def __init__(self, app: ASGIApp, *, keys: Keys) -> None:
        self.app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901 - one limit after another, in the order that costs least
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        endpoint = ENDPOINTS.get(path, "chat")

        async def refuse(status: int, message: str) -> None:
            await error_response(endpoint, status, message)(scope, receive, send)

        headers = Headers(scope=scope)
        if (problem := _too_much(scope)) is not None:
            await refuse(*problem)
            return
        if path.startswith("/v1/") and not self._keys.admits(headers):
            error = not_authorised()
            response: Response = error_response(endpoint, error.status_code, error.detail)
            response.headers.update(error.headers or {})
            await response(scope, receive, send)
            return
        rule = rule_of(scope["method"], path)
        if too_large(headers.get("content-length"), rule.most):
            await refuse(413, f"The request is too large: at most {rule.most} bytes.")
            return
        if headers.get("content-length") in (None, "0") and "transfer-encoding" not in headers:
            await self.app(scope, receive, send)
            return
        kind = _kind(headers.get("content-type"))
        if kind not in rule.kinds:
            await refuse(415, f"A body of type {headers.get('content-type', '')[:100]!r} is not taken here.")
            return
        try:
            if not rule.read_here:
                parts = MultipartShape(boundary_of(headers.get("content-type", ""))) if kind == "multipart" else None
                await self._pass_on(scope, receive, send, rule, parts)
                return
            look = _look(kind, headers)
            body = await read_body(receive, rule.most, headers.get("content-length"), look=look.feed)
            look.end()
        except ClientGone:
            return
        except BodyTooLarge:
            await refuse(413, f"The request is too large: at most {rule.most} bytes.")
        except BadShape as error:
            await refuse(400, f"The body holds {error}.")
        else:
            await self.app(scope, replay(bytes(body), receive), send)

    async def _pass_on(  # noqa: C901 - a function within it each for what comes in and what goes out
        self, scope: Scope, receive: Receive, send: Send, rule: BodyRule, look: MultipartShape | None
    ) -> None:
        """With a body that is counted and looked at while the app takes it; what breaks a limit is the end of it."""
        size = 0
        broken: tuple[int, str] | None = None
        started = False

        async def receive_counted() -> Message:
            nonlocal size, broken
            if broken is not None:
                return {"type": "http.disconnect"}
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                try:
                    if look is not None:
                        look.feed(message.get("body", b""))
                except BadShape as error:
                    broken = (400, f"The body holds {error}.")
                if size > rule.most:
                    broken = (413, f"The request is too large: at most {rule.most} bytes.")
                if broken is not None:
                    return {"type": "http.disconnect"}
            return message

        async def send_checked(message: Message) -> None:
            nonlocal started
            if broken is None or started:
                started = True
                await send(message)

        try:
            await self.app(scope, receive_counted, send_checked)
        except Exception:
            if broken is None:
                raise
        if broken is not None and not started:
            await error_response(ENDPOINTS.get(scope["path"], "chat"), *broken)(scope, receive, send)


def _too_much(scope: Scope) -> tuple[int, str] | None:
    """What of the head of a request is too large."""
    headers = scope["headers"]
    if len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
        return 431, f"The headers are too large: at most {MAX_HEADERS}, and {MAX_HEADER_BYTES} bytes."
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > MAX_TARGET_BYTES:
        return 414, f"The address is too long: at most {MAX_TARGET_BYTES} bytes."
    return None


def _kind(content_type: str | None) -> Kind | None:
    if content_type is None:
        return "json"
    name = content_type.partition(";")[0].strip().lower()
    return "json" if _JSON.fullmatch(name) else _TYPES.get(name)


def _look(kind: Kind, headers: Headers) -> JSONShape | FormShape | MultipartShape:
    if kind == "json":
        return JSONShape(max_values=MAX_PAGE_VALUES)
    return FormShape() if kind == "form" else MultipartShape(boundary_of(headers.get("content-type", "")))
