"""The HTTP surface on the webui's own API server, which may be serving already when this runs."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any

from fastapi.params import Depends
from starlette.datastructures import Headers
from starlette.middleware import Middleware

from role_engine import __version__
from role_engine.hosts.http.context import Endpoint
from role_engine.hosts.http.history_cut import TextLimit
from role_engine.hosts.http.middleware import RoleEngineMiddleware
from role_engine.hosts.http.model_list import add_roles
from role_engine.hosts.http.routes import make_router
from role_engine.hosts.in_force import Choice
from role_engine.hosts.webui.after_load import AfterLoad
from role_engine.language import Verdict, check
from role_engine.language.policy import Hold, Mode
from role_engine.roles import Role, RoleLibrary

if TYPE_CHECKING:
    from role_engine.hosts.webui.extension import WebuiExtension


def attach(extension: WebuiExtension) -> None:
    """Put the middleware, the routes and the roles' model names on the webui's app; once, undone with the patches.

    `add_middleware` refuses an app that serves, so the stack is built anew. That also puts our middleware inside of the
    app's checks of origin and host, where it belongs.
    """
    from modules.api import models, script

    app = script.app
    if any(
        getattr(m, "kwargs", {}).get("service") is extension.service for m in app.user_middleware if extension.service
    ):
        return
    service = WebuiService(extension, script)
    extension.service = service
    added_around = [Middleware(RoleEngineMiddleware, service=service), Middleware(AfterLoad, then=extension.warm)]
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
        app.openapi_schema = None
        _rebuild(app)
        extension.service = None

    extension.patches.on_undo(detach)
    extension.patches.wrap(
        models,
        "list_models_openai_format",
        lambda original: lambda: add_roles(original(), service.roles_for_models()) if service.enabled() else original(),
    )


def _rebuild(app: Any) -> None:
    app.openapi_schema = None
    if app.middleware_stack is not None:  # serving; else it is built at the first request
        app.middleware_stack = app.build_middleware_stack()


class WebuiService:
    """The HTTP surface's `Service`, answered by the webui."""

    def __init__(self, extension: WebuiExtension, script: Any) -> None:
        self._extension, self._script = extension, script

    @property
    def library(self) -> RoleLibrary:
        return self._extension.library

    def enabled(self) -> bool:
        return self._extension.enabled()

    def authorised(self, endpoint: Endpoint, headers: Headers) -> bool:
        expected = self._extension.shared.args.api_key
        if not expected:
            return True
        given = headers.get("x-api-key", "") if endpoint == "messages" else headers.get("authorization", "")
        wanted = expected if endpoint == "messages" else f"Bearer {expected}"
        return hmac.compare_digest(given.encode(), wanted.encode())

    def key_dependencies(self) -> Sequence[Depends]:
        return list(self._script.check_key)

    def admin_dependencies(self) -> Sequence[Depends]:
        return list(self._script.check_admin_key)

    def has_admin_key(self) -> bool:
        return bool(self._extension.shared.args.admin_key)

    def known_roles(self) -> Collection[str]:
        return self.library.ids()

    def known_thinking(self) -> Collection[str]:
        return self._extension.modes.names()

    def roles_for_models(self) -> Iterable[Role]:
        return self.library.all()

    def loaded_model(self) -> str | None:
        name = self._extension.shared.model_name
        return None if name in (None, "None") else str(name)

    def text_limit(self) -> TextLimit | None:
        return None  # the webui shortens its chats itself, and its bodies hold images

    def active(self) -> Choice:
        return self._extension.active

    def set_active(self, choice: Choice) -> None:
        self._extension.set_over_http = choice

    def bill(self, role: Role, context: int) -> dict[str, Any] | None:
        from role_engine.hosts.webui.bill import loaded_bill

        return loaded_bill(self._extension, role, context)

    def check_text(
        self,
        text: str,
        *,
        mode: Mode | None,
        hold: Hold | None,
        context: Sequence[str],
        cancel: Event | None = None,
    ) -> Verdict:
        return check(text, self._extension.policy_in_force().changed(mode, hold), tuple(context), cancel=cancel)

    def stats(self) -> dict[str, Any]:
        return self._extension.stats.as_dict()

    def health(self) -> dict[str, Any]:
        shared = self._extension.shared
        return {
            "version": __version__,
            "model": self.loaded_model(),
            "loader": shared.args.loader,
            "roles": len(self.library.ids()),
            "broken_roles": sorted(self.library.errors()),
        }
