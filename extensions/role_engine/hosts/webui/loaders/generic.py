"""Any generator of growing text: TensorRT-LLM, another extension's `custom_generate_reply`."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

from role_engine.backends.base import Chunk, GenerationRequest
from role_engine.hosts.webui.loaders.base import LoaderBackend


class GenericBackend(LoaderBackend):
    """Knows only text: a piece is taken for a token until the reply is counted in the end; nothing can be banned."""

    names_tokens = False

    def attempt_state(self, request: GenerationRequest) -> dict[str, Any]:
        """The host's state for one attempt."""
        return self.call.attempt_state(request)

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        state = self.attempt_state(request)
        stop = Event()
        state["stop_event"] = stop
        replies = self.replies(request, state)
        seen, pieces = "", 0
        try:
            for reply in replies:
                if cancel.is_set():
                    return
                piece, seen = reply[len(seen) :], reply
                if piece:
                    pieces += 1
                    yield Chunk(piece)
            reached = request.max_tokens is not None and pieces >= request.max_tokens
            yield Chunk("", (), finish="length" if reached else "stop")
        finally:
            stop.set()
            close = getattr(replies, "close", None)
            if close is not None:
                close()
