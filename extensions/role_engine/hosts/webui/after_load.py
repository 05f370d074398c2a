"""Another model was loaded while the webui runs: what constrains it is made at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

LOADS_A_MODEL = "/v1/internal/model/load"


class AfterLoad:
    """Middleware: calls `then` behind each request by which the API has loaded a model."""

    def __init__(self, app: ASGIApp, then: Callable[[], None]) -> None:
        self.app, self.then = app, then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        if scope["type"] == "http" and scope["path"].endswith(LOADS_A_MODEL):
            self.then()


def on_the_page(root: Any, then: Callable[[], None]) -> None:
    """One more step behind each of the page's events that load a model; the host has no hook there."""
    from gradio.events import Dependency
    from modules import ui_model_menu

    for index, event in list(root.fns.items()):
        if getattr(event.fn, "func", event.fn) is ui_model_menu.load_model_wrapper:
            Dependency(None, {}, index, event.fn).then(then, None, None, queue=False, api_name=False)
