"""The ASGI middleware round the three endpoints that generate: what a request asks for in, the report out.

A pure ASGI middleware, since Starlette's `BaseHTTPMiddleware` would put a task and a queue between the app and the
client: it hides the client's departure and delays streams.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from role_engine.hosts.http.context import Endpoint, RequestContext, current
from role_engine.hosts.http.error_forms import error_response
from role_engine.hosts.http.history_cut import (
    LONGEST_ESCAPE,
    ROUND_THE_TEXT,
    CannotFit,
    TextLimit,
    cut_history,
    refuse_long_string,
    refuse_too_long,
)
from role_engine.hosts.http.json_pieces import parse_large_object, without
from role_engine.hosts.http.json_shape import BadShape, JSONShape
from role_engine.hosts.http.parsing import FIELD, ChoiceError, names_role, parse_choice
from role_engine.hosts.http.reply_sender import ReplySender
from role_engine.hosts.http.request_body import (
    BodiesTooMany,
    BodyMemory,
    BodyTooLarge,
    ClientGone,
    WatchedReceive,
    read_body,
    with_body_length,
)
from role_engine.hosts.http.service import Service, list_known_values
from role_engine.hosts.http.sse import dump, parse_object

ENDPOINTS: dict[str, Endpoint] = {
    "/v1/chat/completions": "chat",
    "/v1/completions": "completions",
    "/v1/messages": "messages",
}
MAX_BODY = 64 * 2**20  # bytes; images travel in the body
MOST_PROMPTS = 16
RETRY_AFTER = "5"  # seconds
_AT_ONCE = 2**16  # bytes: a larger body is parsed in a thread
_PARSED_AT_A_TIME = 2


class RoleEngineMiddleware:
    """Reads what the request asks for, makes its `RequestContext` current, and completes the reply from the reports.

    It stands inside of the app's own checks of host and origin. The key is checked further in, so it is asked for
    here too (`service.is_authorized`): nothing is said to a client that the app will turn away, and nothing of its body
    is read. A body is counted, and looked at for its depth and number of values, as it arrives.

    Args:
        max_body: bytes.
        memory: what all large bodies may take together; None: four of the largest.
        parsed: the app takes a large body from `RequestContext.body` instead of parsing it once more.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: Service,
        max_body: int = MAX_BODY,
        memory: BodyMemory | None = None,
        parsed: bool = False,
    ) -> None:
        self.app = app
        self.service = service
        self.max_body = max_body
        self._parsed = parsed
        self._memory = memory or BodyMemory(4 * MAX_BODY)
        self._parsing = CapacityLimiter(_PARSED_AT_A_TIME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = _endpoint(scope)
        if endpoint is None or not self.service.is_enabled():
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self.service.is_authorized(endpoint, headers):
            await self.app(with_body_length(scope, 0), _without_body(receive), send)
            return
        with self._memory.share() as take:
            try:
                context, body = await self._read(endpoint, headers, receive, take)
            except ClientGone:
                return
            except _Refused as refused:
                await refused.response(scope, receive, send)
                return
            token = current.set(context)
            try:
                async with WatchedReceive(receive, body, context.cancel) as watched:
                    scope = with_body_length(scope, len(body))
                    del body
                    await self.app(scope, watched, ReplySender(send, context))
            finally:
                current.reset(token)

    async def _read(
        self, endpoint: Endpoint, headers: Headers, receive: Receive, take: Callable[[int], None]
    ) -> tuple[RequestContext, bytes]:
        """The request's context, and its body as the app shall see it.

        Raises:
            ClientGone, _Refused
        """
        shape = JSONShape(listed="" if endpoint == "completions" else "messages")
        text = self.service.text_limit()
        limit = self.max_body
        if text is not None and endpoint == "completions":  # no history that could be left out
            limit = min(limit, MOST_PROMPTS * LONGEST_ESCAPE * text.most + ROUND_THE_TEXT)
        try:
            body = await read_body(receive, limit, headers.get("content-length"), look=shape.feed, take=take)
            if len(body) <= _AT_ONCE:
                return self._understood(endpoint, headers, body, shape, text)[:2]
            understood = partial(self._understood, endpoint, headers, body, shape, text)
            del body
            context, handed_on, size = await to_thread.run_sync(understood, limiter=self._parsing)
            take(size)
            return context, handed_on
        except BodyTooLarge:
            raise _Refused(endpoint, 413, f"The request is too large: at most {limit} bytes.") from None
        except BadShape as error:
            raise _Refused(endpoint, 400, f"The body's JSON holds {error}.") from None
        except BodiesTooMany:
            message = "The server holds as many large requests as it can. Try again in a few seconds."
            raise _Refused(endpoint, 503, message, headers={"Retry-After": RETRY_AFTER}) from None
        except CannotFit:
            message = f"The text cannot fit: the model holds at most {text and text.most} bytes of it. Shorten it."
            raise _Refused(endpoint, 400, message, "prompt" if endpoint == "completions" else "messages") from None
        except ChoiceError as error:
            raise _Refused(endpoint, 400, str(error), error.param) from None

    def _understood(
        self, endpoint: Endpoint, headers: Headers, body: bytearray, shape: JSONShape, text: TextLimit | None
    ) -> tuple[RequestContext, bytes, int]:
        """The context, the body for the app, and the bytes of what is left of it."""
        strings = shape.long_strings
        if text is not None and endpoint == "completions":
            refuse_long_string(body, strings, text.most)
            refuse_too_long(body, MOST_PROMPTS * text.most)
        elif text is not None:
            strings = without(strings, *cut_history(body, shape.elements, text))
        size = len(body)
        is_large = self._parsed and size > _AT_ONCE
        was_ascii = not is_large and body.isascii()
        if is_large:
            request = parse_large_object(body, strings)
            if request is None:
                raise _Refused(endpoint, 400, "The body is no JSON object.")
        elif (request := parse_object(body)) is None:  # the app has its own words for that
            return RequestContext(endpoint), bytes(body), size
        choice, detail = parse_choice(request, headers, list_known_values(self.service))
        context = RequestContext(
            endpoint,
            choice,
            detail,
            explicit=frozenset(key for key, value in request.items() if value is not None and key != FIELD),
            replies_per_prompt=_replies_per_prompt(endpoint, request),
        )
        changed = self._strip(request)
        if is_large:
            context.body = request
            return context, b"{}", size
        return context, dump(request, ascii_only=was_ascii) if changed else bytes(body), size

    def _strip(self, request: dict[str, Any]) -> bool:
        """Take out what is ours; whether there was anything."""
        ours = FIELD in request
        request.pop(FIELD, None)
        if names_role(request.get("model")):
            ours = True
            request["model"] = self.service.get_loaded_model()
        return ours


def _endpoint(scope: Scope) -> Endpoint | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    path, root = scope["path"], scope.get("root_path", "")
    return ENDPOINTS.get(path.removeprefix(root) if root else path)


def _replies_per_prompt(endpoint: Endpoint, request: dict[str, Any]) -> int:
    n = request.get("n")
    return n if endpoint == "completions" and isinstance(n, int) and n > 0 else 1


class _Refused(Exception):
    """The request is answered here."""

    def __init__(
        self,
        endpoint: Endpoint,
        status: int,
        message: str,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.response: Response = error_response(endpoint, status, message, param)
        self.response.headers.update(headers or {})


def _without_body(receive: Receive) -> Receive:
    """A `receive` that says at once that the body is over: whoever is turned away need not be listened to."""
    begun = False

    async def without_body() -> Message:
        nonlocal begun
        if not begun:
            begun = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await receive())["type"] != "http.disconnect":
            pass
        return message

    return without_body
