"""What the page sends to gradio: texts, numbers, and files that it has uploaded before. Nothing else.

Gradio takes any object with a `path` in a request for a file: it fetches the one behind an address, which may be one of
this machine's own, and a chat's row may name any component to be made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from role_engine.hosts.http.error_forms import openai_error
from role_engine.hosts.http.middleware import MAX_BODY
from role_engine.hosts.http.request_body import BodyTooLarge, ClientGone, read_body, replay

CALLS = ("/run/predict", "/queue/join")
_CHAT_PARTS = frozenset({"component", "file"})
"""What makes an object of a chat's row something else than text: a component, a file."""


class UploadsOnly:
    """Refuses a call of the page's functions whose data holds a component, or a file that was not uploaded.

    Args:
        folder: gives the folder that uploads lie in.
    """

    def __init__(self, app: ASGIApp, *, folder: Callable[[], str]) -> None:
        self.app, self._folder = app, folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in CALLS:
            await self.app(scope, receive, send)
            return
        try:
            body = await read_body(receive, MAX_BODY, Headers(scope=scope).get("content-length"))
        except ClientGone:
            return
        except BodyTooLarge:
            await openai_error(413, f"The request is too large: at most {MAX_BODY} bytes.")(scope, receive, send)
            return
        if not self._is_clean(body):
            message = "data: a file that was not uploaded here, or a component. Send texts and uploaded files."
            await openai_error(400, message, "data")(scope, receive, send)
            return
        await self.app(scope, replay(body, receive), send)

    def _is_clean(self, body: bytes | bytearray) -> bool:
        """Whether every file in `data` has been uploaded. What is no JSON is gradio's to refuse."""
        try:
            data = json.loads(body)["data"]
        except (ValueError, RecursionError, TypeError, KeyError):
            return True
        return all(
            _CHAT_PARTS.isdisjoint(one) and ("path" not in one or self._is_upload(one["path"]))
            for one in _objects(data)
        )

    def _is_upload(self, path: object) -> bool:
        if not isinstance(path, str):
            return False
        try:
            lies = Path(path)
            return lies.is_absolute() and lies.resolve().is_relative_to(Path(self._folder()).resolve())
        except (OSError, ValueError, RuntimeError):  # a name that the system cannot have, links in a circle
            return False


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a value, however deep; without recursion."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
