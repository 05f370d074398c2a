"""A request that asks for what cannot be had."""

from __future__ import annotations

from collections.abc import Mapping

from role_engine.errors import SettingsError


class RequestRefusal(SettingsError):
    """The request asks for what cannot be had.

    Attributes:
        param: the place in the request.
        status: the HTTP status, where the answer goes out by HTTP.
        headers: of that answer.
    """

    status = 400

    def __init__(self, message: str, *, param: str | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.param = param
        self.headers: Mapping[str, str] = {}


class ClientLeft(RequestRefusal):
    """Nobody waits for the answer any more."""

    status = 499

    def __init__(self) -> None:
        super().__init__("The client has left.")
