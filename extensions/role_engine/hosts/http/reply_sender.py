"""The `send` that the app gets: the reply on its way to the client, with the report written into it."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

from role_engine.hosts.http.context import RequestContext
from role_engine.hosts.http.reply_edits import edit_reply
from role_engine.hosts.http.sse import EventEditor, dump, parse_object


class ReplySender:
    """Sees what kind of reply begins, and edits it: JSON once it is whole, events one by one, all else never."""

    def __init__(self, send: Send, context: RequestContext) -> None:
        self._send = send
        self._context = context
        self._start: Message | None = None  # held back while a JSON body is collected: its length may change
        self._json = bytearray()
        self._events: EventEditor | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._collect(message)
        elif message["type"] == "http.response.body" and self._events is not None:
            await self._stream(message, self._events)
        else:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        headers = Headers(raw=list(start.get("headers", ())))
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        editable = start["status"] < 400 and "content-encoding" not in headers
        if editable and kind == "application/json":
            self._start = start
            return
        if editable and kind == "text/event-stream":
            self._events = EventEditor(lambda event: edit_reply(event, self._context))
        await self._send(start)

    async def _collect(self, message: Message) -> None:
        self._json += message.get("body", b"")
        if message.get("more_body", False):
            return
        start, self._start = self._start, None
        assert start is not None
        body = bytes(self._json)
        reply = parse_object(body) if self._context.reports else None
        if reply is not None and edit_reply(reply, self._context):
            body = dump(reply, ascii_only=body.isascii())
            headers = MutableHeaders(raw=list(start["headers"]))
            headers["content-length"] = str(len(body))
            start = {**start, "headers": headers.raw}
        await self._send(start)
        await self._send({**message, "body": body})

    async def _stream(self, message: Message, events: EventEditor) -> None:
        body = events.feed(message.get("body", b""))
        more = message.get("more_body", False)
        if not more:
            body += events.flush()
        if body or not more:
            await self._send({**message, "body": body})
