"""A job's events as HTTP, streamed or whole, for as long as the client is there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from role_engine.errors import RoleEngineError
from role_engine.hosts.serve.dialects import Dialect
from role_engine.hosts.serve.failures import message_of, status_of
from role_engine.hosts.serve.reply_job import KeepAlive, ReplyEnd, ReplyJob, ReplyPiece

log = logging.getLogger(__name__)
T = TypeVar("T")

CLIENT_GONE = 499


async def whole_answer(job: ReplyJob, form: Dialect, receive: Receive) -> Response:
    """The replies in one piece. A client that leaves ends the work, and gets an answer that it will not read.

    Raises:
        Refusal, BackendError: there is no reply.
    """
    try:
        collected = await _while_there(_collected(job), receive)
    finally:
        job.close()
    if collected is None:
        return Response(status_code=CLIENT_GONE)
    return JSONResponse(form.whole(*collected))


async def _collected(job: ReplyJob) -> tuple[list[str], list[ReplyEnd]]:
    texts: list[list[str]] = [[] for _ in job.planned]
    ended: list[ReplyEnd] = []
    async with aclosing(job.events()) as events:
        async for event in events:
            if isinstance(event, ReplyPiece):
                texts[event.index].append(event.text)
            elif isinstance(event, ReplyEnd):
                ended.append(event)
    return ["".join(pieces) for pieces in texts[: len(ended)]], ended


class StreamedAnswer(Response):
    """The replies as server-sent events. The headers go out at once, so that a client in the queue knows it is there.

    Starlette's own streaming response looks out for the client's departure only under some versions of ASGI.
    """

    media_type = "text/event-stream"

    def __init__(self, job: ReplyJob, form: Dialect) -> None:
        self._job, self._form = job, form
        self.status_code = 200
        self.background = None
        self.init_headers({"cache-control": "no-cache", "x-accel-buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await _while_there(self._send(send), receive)
        finally:
            self._job.close()

    async def _send(self, send: Send) -> None:
        headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        async with aclosing(self._events()) as events:
            async for event in events:
                await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(self) -> AsyncGenerator[bytes, None]:
        form, ended = self._form, []
        yield form.opening()
        try:
            async with aclosing(self._job.events()) as events:
                async for event in events:
                    if isinstance(event, ReplyPiece):
                        yield form.piece(event.index, event.text)
                    elif isinstance(event, ReplyEnd):
                        ended.append(event.report)
                        yield form.end(event)
                    elif isinstance(event, KeepAlive):
                        yield form.quiet()
        except Exception as error:
            if not isinstance(error, RoleEngineError):
                log.exception("a reply failed")
            yield form.error(status_of(error), message_of(error))
            return
        yield form.closing(ended)


async def _while_there(work: Coroutine[Any, Any, T], receive: Receive) -> T | None:
    """The work's result; None as soon as the client has gone, the work cancelled."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
