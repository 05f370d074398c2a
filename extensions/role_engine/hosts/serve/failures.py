"""What a request can fail by, with the HTTP status that says so."""

from __future__ import annotations

from role_engine.app.refusal import RequestRefusal
from role_engine.errors import BackendError, RoleEngineError


class QueueFull(RequestRefusal):
    """As many requests wait as may."""

    status = 429

    def __init__(self, limit: int, retry_after: int) -> None:
        super().__init__(f"{limit} requests are waiting already.", hint=f"Try again in {retry_after} seconds.")
        self.headers = {"Retry-After": str(retry_after)}


class ShuttingDown(RequestRefusal):
    """The server takes nothing new, and ends what does not end by itself."""

    status = 503

    def __init__(self) -> None:
        super().__init__("The server is shutting down.")
        self.headers = {"Retry-After": "5"}


def status_of(error: Exception) -> int:
    """The HTTP status of an error: whose fault it is."""
    if isinstance(error, RequestRefusal):
        return error.status
    return 400 if isinstance(error, RoleEngineError) and not isinstance(error, BackendError) else 500


def message_of(error: Exception) -> str:
    """What a client is told: an error raised on purpose speaks for itself, a bug stays in the log."""
    return str(error) if isinstance(error, RoleEngineError) else "The server made an error; its log says more."
