"""Errors of our own routes, in OpenAI's form whatever the app does with its own."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from role_engine.errors import RoleEngineError, RoleError, SettingsError
from role_engine.hosts.http.error_forms import openai_error, without_folder
from role_engine.hosts.http.parsing import ChoiceError


class OpenAIErrorRoute(APIRoute):
    """A route whose errors are `{"error": {"message", "type", "param", "code"}}`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_with_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except HTTPException as error:
                response = openai_error(error.status_code, str(error.detail))
                response.headers.update(error.headers or {})
                return response
            except RequestValidationError as error:
                message, param = first_problem(error.errors())
                return openai_error(400, message, param)
            except RoleEngineError as error:
                theirs = isinstance(error, (SettingsError, RoleError))
                return openai_error(
                    400 if theirs else 500,
                    without_folder(error),
                    error.param if isinstance(error, ChoiceError) else None,
                )

        return handle_with_errors


def first_problem(problems: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """The first of pydantic's errors as one sentence, and the place that it is about."""
    problem = problems[0]
    place = ".".join(str(part) for part in problem["loc"] if part not in ("body", "query", "path"))
    more = f" ({len(problems) - 1} more.)" if len(problems) > 1 else ""
    return f"{place or 'The body'}: {problem['msg']}.{more}", place
