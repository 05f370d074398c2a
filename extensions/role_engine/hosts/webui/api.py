"""The HTTP surface on the webui's own API server, which may be serving already when this runs."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterable, Sequence
from threading import Event
from typing import Any

from fastapi.params import Depends
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from role_engine.app.resolution import Choice
from role_engine.hosts.http.context import Endpoint
from role_engine.hosts.http.history_cut import TextLimit
from role_engine.hosts.http.middleware import RoleEngineMiddleware
from role_engine.hosts.http.model_list import add_roles
from role_engine.hosts.http.routes import make_router
from role_engine.hosts.webui.context_window import count_loaded_usage
from role_engine.hosts.webui.host_api import HostServer
from role_engine.hosts.webui.services import WebuiServices
from role_engine.language import Verdict, check
from role_engine.language.policy import Hold, Mode
from role_engine.roles import Role, RoleLibrary
from role_engine.version import __version__

LOADS_A_MODEL = "/v1/internal/model/load"


def attach(services: WebuiServices) -> None:
    """Put the middleware, the routes and the roles' model names on the webui's app; once, undone with the patches.

    `add_middleware` refuses an app that serves, so the stack is built anew. That also puts our middleware inside of the
    app's checks of origin and host, where it belongs.
    """
    server = services.host.find_server()
    app = server.app
    if any(_is_of(middleware, services) for middleware in app.user_middleware):
        return
    service = WebuiService(services, server)
    added_around = [
        Middleware(RoleEngineMiddleware, service=service),
        Middleware(ModelLoadMiddleware, then=services.warm_up),
    ]
    router = make_router(service)
    before = list(app.router.routes)
    app.include_router(router)
    added = [route for route in app.router.routes if route not in before]
    app.user_middleware += added_around
    _rebuild(app)

    def detach() -> None:
        for middleware in added_around:
            app.user_middleware.remove(middleware)
        for route in added:
            app.router.routes.remove(route)
        _rebuild(app)

    services.patches.on_undo(detach)
    services.patches.wrap(
        server.models,
        "list_models_openai_format",
        lambda original: (
            lambda: add_roles(original(), service.roles_for_models()) if service.is_enabled() else original()
        ),
    )


def _is_of(middleware: Any, services: WebuiServices) -> bool:
    service = getattr(middleware, "kwargs", {}).get("service")
    return isinstance(service, WebuiService) and service.services is services


def _rebuild(app: Any) -> None:
    app.openapi_schema = None
    if app.middleware_stack is not None:  # serving; else it is built at the first request
        app.middleware_stack = app.build_middleware_stack()


class ModelLoadMiddleware:
    """Calls `then` behind each request by which the API has loaded a model; the host has no hook there."""

    def __init__(self, app: ASGIApp, then: Callable[[], None]) -> None:
        self.app, self.then = app, then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        if scope["type"] == "http" and scope["path"].endswith(LOADS_A_MODEL):
            self.then()


class WebuiService:
    """The HTTP surface's `Service`, answered by the webui."""

    def __init__(self, services: WebuiServices, server: HostServer) -> None:
        self.services, self._server, self._shared = services, server, services.host.shared

    @property
    def library(self) -> RoleLibrary:
        return self.services.library

    def is_enabled(self) -> bool:
        return self.services.is_enabled()

    def is_authorized(self, endpoint: Endpoint, headers: Headers) -> bool:
        expected = self._shared.args.api_key
        if not expected:
            return True
        given = headers.get("x-api-key", "") if endpoint == "messages" else headers.get("authorization", "")
        wanted = expected if endpoint == "messages" else f"Bearer {expected}"
        return hmac.compare_digest(given.encode(), wanted.encode())

    def key_dependencies(self) -> Sequence[Depends]:
        return list(self._server.check_key)

    def admin_dependencies(self) -> Sequence[Depends]:
        return list(self._server.check_admin_key)

    def has_admin_key(self) -> bool:
        return bool(self._shared.args.admin_key)

    def list_roles(self) -> Collection[str]:
        return self.library.ids()

    def list_thinking_modes(self) -> Collection[str]:
        return self.services.modes.names()

    def roles_for_models(self) -> Iterable[Role]:
        return self.library.all()

    def get_loaded_model(self) -> str | None:
        name = self._shared.model_name
        return None if name in (None, "None") else str(name)

    def text_limit(self) -> TextLimit | None:
        return None  # the webui shortens its chats itself, and its bodies hold images

    def active(self) -> Choice:
        return self.services.store.active

    def set_active(self, choice: Choice) -> None:
        self.services.store.set_over_http = choice

    def count_role_usage(self, role: Role, context: int) -> dict[str, Any] | None:
        return count_loaded_usage(self.services, role, context)

    def check_text(
        self,
        text: str,
        *,
        mode: Mode | None,
        hold: Hold | None,
        context: Sequence[str],
        cancel: Event | None = None,
    ) -> Verdict:
        return check(text, self.services.policy.change(mode, hold), tuple(context), cancel=cancel)

    def stats(self) -> dict[str, Any]:
        return self.services.stats.as_dict()

    def health(self) -> dict[str, Any]:
        shared = self._shared
        return {
            "version": __version__,
            "model": self.get_loaded_model(),
            "loader": shared.args.loader,
            "roles": len(self.library.ids()),
            "broken_roles": sorted(self.library.errors()),
        }
