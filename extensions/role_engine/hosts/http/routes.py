"""`/v1/role-engine/*`: the roles, the server's default, the language check, the state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema, field_validator
from starlette.datastructures import Headers

from role_engine.app.resolution import Choice
from role_engine.errors import UnknownRole
from role_engine.hosts.http import schemas
from role_engine.hosts.http.error_forms import without_folder
from role_engine.hosts.http.origin import is_foreign
from role_engine.hosts.http.parsing import ChoiceError
from role_engine.hosts.http.request_body import BodyTooLarge, ClientGone, read_body
from role_engine.hosts.http.route_errors import OpenAIErrorRoute, first_problem
from role_engine.hosts.http.service import Service, list_known_values
from role_engine.hosts.http.sse import dump
from role_engine.language.check import CheckCancelled
from role_engine.language.policy import Hold, Mode
from role_engine.roles import Role

PREFIX = "/v1/role-engine"
MAX_CHECK_BODY = 2**20  # bytes
CHECKED_AT_A_TIME, CHECKS_WAITING = 2, 64
"""Of long texts."""
_LONG_TEXT = 2**14  # characters
Context = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Adds `bill`: the cost of so many tokens.")]
_STRINGS = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}, {"type": "null"}]}


class ActiveChoice(BaseModel):
    """The server's default; null: it says nothing, the next voice decides."""

    model_config = ConfigDict(extra="forbid")

    role: str | None = None
    mode: str | None = None
    thinking: str | None = None


class CheckRequest(BaseModel):
    """A text to check; `mode`, `hold` null: what is in force; `context`: what the user wrote before it."""

    model_config = ConfigDict(extra="forbid")

    text: str
    mode: Mode | None = None
    hold: Hold | None = Field(
        default=None,
        description="sentence: a sentence that is not Russian is a violation. word: it is `late`, as in a stream.",
    )
    context: Annotated[list[str], WithJsonSchema(_STRINGS)] = Field(default_factory=list)

    @field_validator("context", mode="before")
    @classmethod
    def _one_message(cls, value: object) -> object:
        if value is None:
            return []
        return [value] if isinstance(value, str) else value


def make_router(service: Service) -> APIRouter:  # noqa: C901 - a function within it for each route
    """The routes, with the service's keys. With the service disabled every one of them is a 404."""

    def require_enabled() -> None:
        if not service.is_enabled():
            raise HTTPException(404, "role_engine is not enabled.")

    def own_origin(request: Request) -> None:
        if not service.has_admin_key() and is_foreign(request.headers):
            raise HTTPException(403, "Without an admin key a page of another origin may change nothing.")

    def own_reader(request: Request) -> None:
        if is_foreign(request.headers) and service.is_authorized("chat", Headers()):  # no key is asked for
            raise HTTPException(403, "Without a key a page of another origin may read nothing.")

    router = APIRouter(prefix=PREFIX, route_class=OpenAIErrorRoute, tags=["role_engine"], responses=schemas.ANY_ERROR)
    checking, checks = CapacityLimiter(CHECKED_AT_A_TIME), 0
    with_key = [*service.key_dependencies(), Depends(own_reader), Depends(require_enabled)]
    with_admin_key = [*service.admin_dependencies(), Depends(own_origin), Depends(_says_json), Depends(require_enabled)]

    @router.get("/roles", dependencies=with_key, **_says("The roles, and which files hold none", schemas.RoleListing))
    def list_roles() -> dict[str, Any]:
        library = service.library
        return {
            "object": "list",
            "data": [role.summary() for role in library.all()],
            "errors": {name: without_folder(error) for name, error in library.errors().items()},
        }

    @router.get("/roles/{name}", dependencies=with_key, **_says("A role, and what it costs", schemas.ShownRole))
    def show_role(name: str, context: Context = None) -> dict[str, Any]:
        try:
            role = service.library.get(name)
        except UnknownRole as error:
            raise HTTPException(404, str(error)) from error
        shown = _shown(role)
        bill = service.count_role_usage(role, context) if context is not None else None
        return shown if bill is None else {**shown, "bill": bill}

    @router.get("/active", dependencies=with_key, **_says("The server's default", ActiveChoice))
    def show_active() -> dict[str, str | None]:
        return _as_dict(service.active())

    @router.put("/active", dependencies=with_admin_key, **_says("Replace the server's default", ActiveChoice))
    def set_active(active: ActiveChoice) -> dict[str, str | None]:
        """As a whole: a key that is left out becomes null. Needs the admin key, where there is one."""
        names = {key: key for key in ActiveChoice.model_fields}
        service.set_active(list_known_values(service).check(Choice(active.role, active.mode, active.thinking), names))
        return _as_dict(service.active())

    @router.post(
        "/check",
        dependencies=[*with_key, Depends(_says_json)],
        **_says("The language check's verdict on a text", schemas.CheckVerdict),
        openapi_extra=_body_schema(CheckRequest, {"text": "Он внезапно建立 город.", "mode": "strict"}),
    )
    async def check(request: Request) -> Response:
        """At most 1 MiB of JSON. The check of a long text ends when the client has gone."""
        nonlocal checks
        asked = await _check_request(request)
        is_long = len(asked.text) > _LONG_TEXT
        if is_long and checks >= CHECKED_AT_A_TIME + CHECKS_WAITING:
            raise HTTPException(429, "Too many long texts wait to be checked.", headers={"Retry-After": "5"})
        checks += is_long
        try:
            async with _watched_client(request) as gone:

                def answer() -> bytes:
                    verdict = service.check_text(
                        asked.text, mode=asked.mode, hold=asked.hold, context=tuple(asked.context), cancel=gone
                    )
                    return dump(verdict.as_dict(), ascii_only=False)

                made = await to_thread.run_sync(answer, limiter=checking if is_long else None)
                return Response(made, media_type="application/json")
        except CheckCancelled:
            raise HTTPException(400, "The client left before the answer.") from None
        finally:
            checks -= is_long

    @router.get("/stats", dependencies=with_key, **_says("Counters since the start", schemas.Counters))
    def stats() -> dict[str, Any]:
        return service.stats()

    @router.get("/health", dependencies=with_key, **_says("What runs, and on what", schemas.Health))
    def health() -> dict[str, Any]:
        return {"status": "ok", **service.health()}

    return router


@asynccontextmanager
async def _watched_client(request: Request) -> AsyncIterator[Event]:
    """An event that is set when the client leaves, or at the block's end. The body was read already."""
    gone = Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.ensure_future(watch())
    try:
        yield gone
    finally:
        watching.cancel()
        gone.set()


def _says_json(request: Request) -> None:
    """A page of somebody else's can send other types without being asked whether it may.

    Raises:
        HTTPException: 415.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "The header Content-Type must say application/json.")


async def _check_request(request: Request) -> CheckRequest:
    """Read by hand, so that an endless body is refused before it fills the memory.

    Raises:
        HTTPException: 413 too large, 400 the client left.
        ChoiceError: not such a request.
    """
    try:
        body = await read_body(request.receive, MAX_CHECK_BODY, request.headers.get("content-length"))
        return CheckRequest.model_validate_json(body)
    except BodyTooLarge as error:
        raise HTTPException(413, f"The text is too large: at most {MAX_CHECK_BODY} bytes of JSON.") from error
    except ClientGone as error:
        raise HTTPException(400, "The request ended before its body.") from error
    except ValidationError as error:
        message, param = first_problem(error.errors())
        raise ChoiceError(message, param=param) from error


def _shown(role: Role) -> dict[str, Any]:
    """The whole role; of its files only the names."""
    shown = role.model_dump(mode="json", exclude={"path"})
    shown["knowledge"]["files"] = [file.name for file in role.knowledge.files]
    shown["card"] = role.card.name if role.card is not None else None
    return {"object": "role", **shown}


def _as_dict(choice: Choice) -> dict[str, str | None]:
    return {"role": choice.role, "mode": choice.mode, "thinking": choice.thinking}


def _says(summary: str, model: type[BaseModel]) -> dict[str, Any]:
    """What the API's documentation says of a route, as keyword arguments of its decorator."""
    return {"summary": summary, "responses": {200: {"model": model}, **schemas.NO_KEY}}


def _body_schema(model: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": model.model_json_schema(), "example": example}}
    return {"requestBody": {"required": True, "content": content}}
