"""What one HTTP request says, and what its replies report: shared by the middleware and whoever generates."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Literal

from role_engine.app.resolution import Choice
from role_engine.guard.report import ReplyReport

Endpoint = Literal["chat", "completions", "messages"]
Detail = Literal["counts", "full"]


@dataclass(slots=True)
class RequestContext:
    """One HTTP request, from its body to the last byte of its reply.

    Hosts generate in threads and generators that run in *copies* of the request's `contextvars` context, where a
    variable set inside is lost outside. So the variable holds this one object, and everybody changes the object.

    Attributes:
        endpoint: `chat` (/v1/chat/completions), `completions` (/v1/completions), `messages` (/v1/messages).
        choice: the role, mode and thinking that the request asks for; None where it says nothing.
        detail: how much of `rejected` the reply shows.
        cancel: set as soon as the client has gone, and when the request is over; the work must stop then.
        reports: one per reply, in the order of the reply's choices. The generating side appends a report when the
            reply *starts* and goes on filling it.
        explicit: top-level JSON keys that the client itself set to something (null is nothing).
        body: a large body, parsed; None: the app parses it. Whoever takes it sets it to None.
        replies_per_prompt: `n` of /v1/completions, and of a chat where the app heeds it; else 1.
    """

    endpoint: Endpoint
    choice: Choice = field(default_factory=Choice)
    detail: Detail = "counts"
    cancel: Event = field(default_factory=Event)
    reports: list[ReplyReport] = field(default_factory=list)
    explicit: frozenset[str] = frozenset()
    body: dict[str, Any] | None = None
    replies_per_prompt: int = 1


current: ContextVar[RequestContext | None] = ContextVar("role_engine_request", default=None)


def get_current() -> RequestContext | None:
    """The request that this code works for; None outside of one (the page, a request that passed through)."""
    return current.get()
