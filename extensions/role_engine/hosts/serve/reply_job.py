"""One request's replies: made in a thread of its own, told to the event loop as they come."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass

from role_engine.app.reply_plan import ReplyPlan
from role_engine.backends.base import Backend, Capabilities, Chunk, ConstrainedBackend, Constraint, GenerationRequest
from role_engine.guard.report import ReplyReport
from role_engine.hosts.serve.failures import ShuttingDown
from role_engine.hosts.serve.request_queue import QueueSlot

log = logging.getLogger(__name__)

QUIET_SECONDS = 10.0
"""After so long without text the client is told that the connection lives (proxies close silent ones)."""


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """Nothing to tell for a while; the request waits, or text is held back."""


@dataclass(frozen=True, slots=True)
class ReplyPiece:
    """Final text of reply number `index`."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class ReplyEnd:
    """Reply number `index` is complete; `stop_sequence` is the client's stop string that ended it, if one did."""

    index: int
    report: ReplyReport
    stop_sequence: str | None


JobEvent = KeepAlive | ReplyPiece | ReplyEnd


class ReplyJob:
    """The work of one request.

    Args:
        planned: its replies, made one after the other.
        ticket: its place in the line; given up when the engine is idle again, whatever happens.
        on_start: called in the thread with each report when its reply begins.
        on_end: called in the thread with each report when its reply is over.

    Call `close` when nobody wants the events any more; it is safe to call at any time.
    """

    def __init__(
        self,
        backend: Backend,
        planned: Sequence[ReplyPlan],
        ticket: QueueSlot,
        *,
        on_start: Callable[[ReplyReport], None] = lambda report: None,
        on_end: Callable[[ReplyReport], None] = lambda report: None,
    ) -> None:
        self.planned = planned
        self._backend, self._ticket, self._cancel = backend, ticket, ticket.cancel
        self._on_start, self._on_end = on_start, on_end
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[JobEvent | Exception | None] = asyncio.Queue()
        self._started = False

    async def events(self) -> AsyncGenerator[JobEvent, None]:
        """What happens, as it happens.

        Raises:
            ShuttingDown: the server ends before the replies do.
            BackendError: the engine could not.
        """
        turn = asyncio.ensure_future(self._ticket.turn())
        try:
            while not (await asyncio.wait({turn}, timeout=QUIET_SECONDS))[0]:
                yield KeepAlive()
            turn.result()
        finally:
            turn.cancel()
        if self._cancel.is_set():
            return
        self._started = True
        threading.Thread(target=self._work, name="role-engine-reply", daemon=True).start()
        while True:
            told = asyncio.ensure_future(self._events.get())
            try:
                while not (await asyncio.wait({told}, timeout=QUIET_SECONDS))[0]:
                    yield KeepAlive()
                event = told.result()
            finally:
                told.cancel()
            if event is None:
                return
            if isinstance(event, Exception):
                raise event
            yield event

    def close(self) -> None:
        """End the work, or leave the line if it has not begun. A thread that works leaves the line itself."""
        self._cancel.set()
        if not self._started:
            self._ticket.leave()

    def _work(self) -> None:
        try:
            for index, planned in enumerate(self.planned):
                if not self._reply(index, planned):
                    self._tell(ShuttingDown())  # if it was the client who left, nobody hears it
                    return
            self._tell(None)
        except Exception as error:
            log.debug("a reply failed", exc_info=True)
            self._tell(error)
        finally:
            self._call(self._ticket.leave)

    def _reply(self, index: int, planned: ReplyPlan) -> bool:
        """Make one reply; False when it was cancelled."""
        if self._cancel.is_set():
            return False
        backend = _Overheard(self._backend)
        self._on_start(planned.report)
        stream = planned.stream(backend, self._cancel)
        if planned.echo:
            self._tell(ReplyPiece(index, planned.echo))
        try:
            for text in stream:
                self._tell(ReplyPiece(index, text))
        finally:
            stream.close()
            self._on_end(planned.report)
        if planned.report.finish == "cancelled":
            return False
        ended_by = _first_of(planned.stop, backend.text) if planned.report.finish == "stop" else None
        self._tell(ReplyEnd(index, planned.report, ended_by))
        return True

    def _tell(self, event: JobEvent | Exception | None) -> None:
        self._call(lambda: self._events.put_nowait(event))

    def _call(self, function: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server has ended
            self._loop.call_soon_threadsafe(function)


class _Overheard:
    """A backend whose last attempt can be read afterwards: the guard does not say which stop string it found."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.text = ""

    @property
    def capabilities(self) -> Capabilities:
        return self._backend.capabilities

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        return self._backend.constraint_on(request) if isinstance(self._backend, ConstrainedBackend) else "none"

    def stream(self, request: GenerationRequest, *, cancel: threading.Event) -> Iterator[Chunk]:
        self.text = ""
        chunks = self._backend.stream(request, cancel=cancel)
        try:
            for chunk in chunks:
                self.text += chunk.text
                yield chunk
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()


def _first_of(strings: Sequence[str], text: str) -> str | None:
    """The string that begins first in `text`, if any does."""
    found = [(at, string) for string in strings if string and (at := text.find(string)) >= 0]
    return min(found)[1] if found else None
