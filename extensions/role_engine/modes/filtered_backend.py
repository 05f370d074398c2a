"""An engine whose text goes through a sieve before the guard looks at it.

A marker is Latin text to a language check, and rejecting it would throw good text away with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import regex

from role_engine.backends.base import Backend, Capabilities, Chunk, ConstrainedBackend, Constraint, GenerationRequest
from role_engine.modes.marker_filter import FilterRules, MarkerFilter


class FilteredBackend:
    """`backend` with its text filtered; made by `filter_backend`.

    Attributes:
        caught: what ended the last generation, if a marker did.
        text: what the last generation wrote, before anything was taken out.
    """

    def __init__(self, backend: Backend, sifting: FilterRules) -> None:
        self._backend, self._sifting = backend, sifting
        self.caught: regex.Match[str] | None = None
        self.text = ""

    @property
    def capabilities(self) -> Capabilities:
        return self._backend.capabilities

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        self.caught, self.text = None, ""
        sieve = MarkerFilter(self._sifting, request.prompt_suffix + request.prefix)
        chunks = self._backend.stream(request, cancel=cancel)
        try:
            for chunk in chunks:
                self.text += chunk.text
                text = sieve.feed(chunk.text)
                if sieve.caught is not None:
                    self.caught = sieve.caught
                    yield Chunk(text, chunk.token_ids, finish="stop")
                    return
                if chunk.finish is not None:
                    text += sieve.finish()
                yield chunk if text == chunk.text else Chunk(text, _ids(chunk), chunk.finish)
                if chunk.finish is not None:
                    return
            if rest := sieve.finish():
                yield Chunk(rest, ())
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()


class _ConstrainedSievedBackend(FilteredBackend):
    def constraint_on(self, request: GenerationRequest) -> Constraint:
        assert isinstance(self._backend, ConstrainedBackend)
        return self._backend.constraint_on(request)


def filter_backend(backend: Backend, sifting: FilterRules) -> FilteredBackend:
    """The engine with its text sifted; what it can do besides, it still can."""
    kind = _ConstrainedSievedBackend if isinstance(backend, ConstrainedBackend) else FilteredBackend
    return kind(backend, sifting)


def _ids(chunk: Chunk) -> tuple[int, ...] | None:
    """Text that is held back for a while takes no token along that was not its own."""
    if chunk.token_ids is None and chunk.text == "":
        return ()
    return chunk.token_ids
