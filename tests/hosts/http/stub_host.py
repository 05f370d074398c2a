"""An app that answers in the webui's shapes, with a script instead of a model, and the service that goes with it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.params import Depends as Dependency
from fastapi.requests import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sse_starlette import EventSourceResponse
from starlette.concurrency import iterate_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware

from role_engine.app.resolution import Choice
from role_engine.guard.report import ReplyReport
from role_engine.hosts.http.context import Endpoint, RequestContext, get_current
from role_engine.hosts.http.history_cut import TextLimit
from role_engine.hosts.http.middleware import RoleEngineMiddleware
from role_engine.hosts.http.model_list import add_roles
from role_engine.hosts.http.routes import make_router
from role_engine.language.policy import Hold, Mode
from role_engine.language.verdict import Verdict, Violation
from role_engine.roles import Role, RoleLibrary

LOADED = "tiny-qwen3"
HOST_USAGE = {"prompt_tokens": 7, "completion_tokens": 99, "total_tokens": 106}  # what the host would have said


@dataclass
class StubService:
    """The whole `Service`, in memory."""

    library: RoleLibrary
    on: bool = True
    key: str | None = None
    admin_key: str | None = None
    model: str | None = LOADED
    default: Choice = field(default_factory=Choice)
    broken_store: bool = False
    held: Hold | None = None
    most_text: TextLimit | None = None

    def is_enabled(self) -> bool:
        return self.on

    def is_authorized(self, endpoint: Endpoint, headers: Headers) -> bool:
        given = (
            headers.get("x-api-key") if endpoint == "messages" else headers.get("authorization", "")[len("Bearer ") :]
        )
        return self.key is None or given == self.key

    def key_dependencies(self) -> Sequence[Dependency]:
        return [Depends(self._bearer(lambda: self.key))]

    def admin_dependencies(self) -> Sequence[Dependency]:
        return [Depends(self._bearer(lambda: self.admin_key or self.key))]

    def has_admin_key(self) -> bool:
        return bool(self.admin_key or self.key)

    def list_roles(self) -> list[str]:
        return list(self.library.ids())

    def list_thinking_modes(self) -> tuple[str, ...]:
        return ("none",)

    def roles_for_models(self) -> list[Role]:
        return [self.library.get(name) for name in self.list_roles()]

    def get_loaded_model(self) -> str | None:
        return self.model

    def text_limit(self) -> TextLimit | None:
        return self.most_text

    def active(self) -> Choice:
        return self.default

    def set_active(self, choice: Choice) -> None:
        if self.broken_store:
            raise OSError("disk full")
        self.default = choice

    def count_role_usage(self, role: Role, context: int) -> dict[str, Any] | None:
        return {"context": context, "parts": {"system": len(role.system)}}

    def check_text(
        self,
        text: str,
        *,
        mode: Mode | None,
        hold: Hold | None,
        context: Sequence[str],
        cancel: Event | None = None,
    ) -> Verdict:
        if mode == "off":
            return Verdict()
        self.held = hold
        return Verdict(
            tuple(Violation("latin", i, i + 1, c) for i, c in enumerate(text) if c.isascii() and c.isalpha())
        )

    def stats(self) -> dict[str, Any]:
        return {"replies": 3}

    def health(self) -> dict[str, Any]:
        return {"roles": len(self.list_roles())}

    @staticmethod
    def _bearer(expected: Callable[[], str | None]) -> Callable[..., None]:
        def verify(authorization: str = Header(None)) -> None:
            if expected() and authorization != f"Bearer {expected()}":
                raise HTTPException(401, "Unauthorized")

        return verify


class Body(BaseModel):
    """Takes what the webui takes: unknown fields are dropped in silence."""

    model: str | None = None
    messages: list[dict[str, Any]] | None = None
    prompt: str | list[str] | None = None
    max_tokens: int | None = None
    n: int | None = 1
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    temperature: float | None = 1.0


def say(text: str = "Привет, мир.", **report: Any) -> Callable[[Body], Iterator[str]]:
    """A script: opens a report, then yields the growing text word by word."""

    def generate(body: Body) -> Iterator[str]:
        context = get_current()
        if context is not None:
            role = context.choice.role
            context.reports.append(ReplyReport(role=role, **{"finish": "stop", "tokens_delivered": 4, **report}))
        seen = ""
        for word in text.split(" "):
            seen += word if not seen else " " + word
            yield seen

    return generate


class StubHost:
    """The app with middleware and routes. `script` is what the model does; `seen` is what reached the app."""

    def __init__(self, service: StubService, **middleware: Any) -> None:
        self.service = service
        self.script: Callable[[Body], Iterator[str]] = say()
        self.host_finish = "stop"
        self.usage: dict[str, int] = dict(HOST_USAGE)
        self.seen: list[dict[str, Any]] = []
        self.contexts: list[RequestContext | None] = []
        self.app = FastAPI()
        self.app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
        self.app.middleware("http")(_only_local_hosts)  # the webui's own check is such a task-and-queue middleware too
        self._add_endpoints()
        self.app.include_router(make_router(service))
        self.app.user_middleware.append(Middleware(RoleEngineMiddleware, service=service, **middleware))

    def _add_endpoints(self) -> None:
        bearer = self.service.key_dependencies()

        def anthropic_key(x_api_key: str = Header(None)) -> None:
            if self.service.key and x_api_key != self.service.key:
                raise HTTPException(401, "Unauthorized")

        async def chat(request: Request, body: Body) -> Any:
            return await self._answer(request, body, self._chat_chunks, self._chat_reply)

        async def completions(request: Request, body: Body) -> Any:
            return await self._answer(request, body, self._completion_chunks, self._completion_reply)

        async def messages(request: Request, body: Body) -> Any:
            return await self._answer(request, body, self._message_events, self._message)

        def models() -> dict[str, Any]:
            listing = {"object": "list", "data": [{"id": LOADED, "object": "model", "created": 0, "owned_by": "user"}]}
            return add_roles(listing, self.service.roles_for_models())

        self.app.post("/v1/chat/completions", dependencies=bearer)(chat)
        self.app.post("/v1/completions", dependencies=bearer)(completions)
        self.app.post("/v1/messages", dependencies=[Depends(anthropic_key)])(messages)
        self.app.get("/v1/models", dependencies=bearer)(models)

    async def _answer(self, request: Request, body: Body, chunks: Any, reply: Any) -> Any:
        self.seen.append(await request.json())
        self.contexts.append(get_current())
        if body.stream:
            return EventSourceResponse(self._events(request, chunks(body)), sep="\n")
        return JSONResponse(await asyncio.to_thread(reply, body))

    async def _events(self, request: Request, chunks: Iterator[dict[str, Any]]) -> Any:
        async for chunk in iterate_in_threadpool(chunks):
            if await request.is_disconnected():
                break
            yield chunk if "event" in chunk else {"data": json.dumps(chunk)}
        if not request.url.path.endswith("messages"):
            yield {"data": "[DONE]"}

    # --- chat --------------------------------------------------------------------------------------------------------

    def _chat_reply(self, body: Body) -> dict[str, Any]:
        text = list(self.script(body))[-1]
        message = {"role": "assistant", "refusal": None, "content": text}
        choice = {"index": 0, "finish_reason": self.host_finish, "message": message, "logprobs": None}
        return {**_head("chat.completion"), "choices": [choice], "usage": dict(self.usage)}

    def _chat_chunks(self, body: Body) -> Iterator[dict[str, Any]]:
        def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
            choice = {"index": 0, "finish_reason": finish, "delta": delta, "logprobs": None}
            return {**_head("chat.completion.chunk"), "choices": [choice], **({"usage": None} if with_usage else {})}

        with_usage = bool((body.stream_options or {}).get("include_usage"))
        yield chunk({"role": "assistant", "refusal": None, "content": ""})
        sent = ""
        for text in self.script(body):
            yield chunk({"content": text[len(sent) :]})
            sent = text
        yield chunk({}, self.host_finish)
        if with_usage:
            yield {**_head("chat.completion.chunk"), "choices": [], "usage": dict(self.usage)}

    # --- completions -------------------------------------------------------------------------------------------------

    def _completion_reply(self, body: Body) -> dict[str, Any]:
        prompts = body.prompt if isinstance(body.prompt, list) else [body.prompt]
        texts = [list(self.script(body))[-1] for _ in prompts for _ in range(body.n or 1)]
        choices = [
            {"index": index, "finish_reason": self.host_finish, "text": text, "logprobs": None}
            for index, text in enumerate(texts)
        ]
        return {**_head("text_completion"), "choices": choices, "usage": dict(self.usage)}

    def _completion_chunks(self, body: Body) -> Iterator[dict[str, Any]]:
        def chunk(text: str, finish: str | None = None) -> dict[str, Any]:
            choice = {"index": 0, "finish_reason": finish, "text": text, "logprobs": None}
            return {**_head("text_completion"), "choices": [choice]}

        yield chunk("")
        sent = ""
        for text in self.script(body):
            yield chunk(text[len(sent) :])
            sent = text
        yield chunk("", self.host_finish)

    # --- messages ----------------------------------------------------------------------------------------------------

    def _message(self, body: Body) -> dict[str, Any]:
        text = list(self.script(body))[-1]
        return {
            **self._message_head(body),
            "content": [{"type": "text", "text": text}],
            "stop_reason": {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}[self.host_finish],
            "usage": {"input_tokens": self.usage["prompt_tokens"], "output_tokens": self.usage["completion_tokens"]},
        }

    def _message_events(self, body: Body) -> Iterator[dict[str, str]]:
        def event(kind: str, **content: Any) -> dict[str, str]:
            return {"event": kind, "data": json.dumps({"type": kind, **content})}

        yield event("message_start", message=self._message_head(body))
        yield event("ping")
        yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        sent = ""
        for text in self.script(body):
            yield event("content_block_delta", index=0, delta={"type": "text_delta", "text": text[len(sent) :]})
            sent = text
        yield event("content_block_stop", index=0)
        stop_reason = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}[self.host_finish]
        usage = {"input_tokens": 0, "output_tokens": 0}
        yield event("message_delta", delta={"stop_reason": stop_reason, "stop_sequence": None}, usage=usage)
        yield event("message_stop")

    def _message_head(self, body: Body) -> dict[str, Any]:
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": body.model or LOADED,
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 0, "output_tokens": 0},
        }


async def _only_local_hosts(request: Request, call_next: Any) -> Any:
    if request.headers.get("host", "").split(":")[0] not in ("localhost", "127.0.0.1"):
        return JSONResponse({"detail": "Invalid host header"}, status_code=400)
    return await call_next(request)


def _head(kind: str) -> dict[str, Any]:
    return {"id": "id-1", "object": kind, "created": 1, "model": LOADED, "system_fingerprint": None}


@dataclass
class Gate:
    """A script that stops in the middle, until the request is cancelled or the test lets it go on."""

    reached: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def __call__(self, body: Body) -> Iterator[str]:
        context = get_current()
        assert context is not None
        context.reports.append(ReplyReport(role=context.choice.role))
        yield "Первое"
        self.reached.set()
        while not self.open.is_set():
            if context.cancel.wait(0.01):
                self.cancelled.set()
                return
        yield "Первое слово"
        context.reports[-1].finish = "stop"
