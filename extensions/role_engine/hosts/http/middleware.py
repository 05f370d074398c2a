"""The ASGI middleware round the three endpoints that generate: what a request asks for in, the report out.

A pure ASGI middleware, since Starlette's `BaseHTTPMiddleware` would put a task and a queue between the app and the
client: it hides the client's departure and delays streams.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from role_engine.hosts.http.context import Endpoint, RequestContext, current
from role_engine.hosts.http.error_forms import error_response
from role_engine.hosts.http.parsing import FIELD, ChoiceError, names_role, parse_choice
from role_engine.hosts.http.reply_sender import ReplySender
from role_engine.hosts.http.request_body import BodyTooLarge, ClientGone, WatchedReceive, read_body, with_body_length
from role_engine.hosts.http.service import Service, known_to
from role_engine.hosts.http.sse import dumped, parsed_object

ENDPOINTS: dict[str, Endpoint] = {
    "/v1/chat/completions": "chat",
    "/v1/completions": "completions",
    "/v1/messages": "messages",
}
MAX_BODY = 64 * 2**20  # bytes; images travel in the body


class RoleEngineMiddleware:
    """Reads what the request asks for, makes its `RequestContext` current, and completes the reply from the reports.

    It stands inside of the app's own checks of host and origin. The key is checked further in, so it is asked for
    here too (`service.authorised`): nothing is said to a client that the app will turn away.
    """

    def __init__(self, app: ASGIApp, *, service: Service, max_body: int = MAX_BODY) -> None:
        self.app = app
        self.service = service
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = _endpoint(scope)
        if endpoint is None or not self.service.enabled():
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self.service.authorised(endpoint, headers):
            await self.app(scope, receive, send)
            return
        try:
            body = await read_body(receive, self.max_body, headers.get("content-length"))
        except ClientGone:
            return
        except BodyTooLarge:
            message = f"The request is too large: at most {self.max_body} bytes."
            await error_response(endpoint, 413, message)(scope, receive, send)
            return
        try:
            context, body = self._understood(endpoint, headers, body)
        except ChoiceError as error:
            await error_response(endpoint, 400, str(error), error.param)(scope, receive, send)
            return
        token = current.set(context)
        try:
            async with WatchedReceive(receive, body, context.cancel) as watched:
                await self.app(with_body_length(scope, len(body)), watched, ReplySender(send, context))
        finally:
            current.reset(token)

    def _understood(self, endpoint: Endpoint, headers: Headers, body: bytes) -> tuple[RequestContext, bytes]:
        """The request's context, and its body as the app shall see it."""
        request = parsed_object(body)
        if request is None:  # the app has its own words for that
            return RequestContext(endpoint), body
        choice, detail = parse_choice(request, headers, known_to(self.service))
        context = RequestContext(
            endpoint,
            choice,
            detail,
            explicit=frozenset(key for key, value in request.items() if value is not None and key != FIELD),
            replies_per_prompt=_replies_per_prompt(endpoint, request),
        )
        if self._strip(request):
            body = dumped(request, like=body)
        return context, body

    def _strip(self, request: dict[str, Any]) -> bool:
        """Take out what is ours; whether there was anything."""
        ours = FIELD in request
        request.pop(FIELD, None)
        if names_role(request.get("model")):
            ours = True
            request["model"] = self.service.loaded_model()
        return ours


def _endpoint(scope: Scope) -> Endpoint | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    path, root = scope["path"], scope.get("root_path", "")
    return ENDPOINTS.get(path.removeprefix(root) if root else path)


def _replies_per_prompt(endpoint: Endpoint, request: dict[str, Any]) -> int:
    n = request.get("n")
    return n if endpoint == "completions" and isinstance(n, int) and n > 0 else 1
