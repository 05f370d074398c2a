"""Replies, whoever makes and guards them: a server that has this project in it, or this process on any other engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol

from role_engine.app.planner import GenerationOptions, Planner
from role_engine.app.resolution import NO_ROLE, Choice
from role_engine.backends.openai_server import OpenAIServer
from role_engine.errors import UnknownRole
from role_engine.modes.reasoning import ReasoningSplitter, ReplyPart


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """What is asked: the chat, the user's message last; None: nothing said."""

    messages: tuple[Mapping[str, str], ...]
    choice: Choice = field(default_factory=Choice)
    seed: int | None = None
    max_tokens: int | None = None
    cancel: Event = field(default_factory=Event)


@dataclass
class StreamedReply:
    """Iterate for the answer, and the reasoning before it, as they come; `report()` and `finish` afterwards."""

    parts: Iterator[ReplyPart]
    report: Callable[[], dict[str, Any]] = dict
    finish: str | None = None

    def __iter__(self) -> Iterator[ReplyPart]:
        return self.parts


class ChatClient(Protocol):
    """Who answers."""

    def ask(self, question: ChatQuestion) -> StreamedReply:
        """Setting `question.cancel` ends the reply; what is held back then is lost.

        Raises:
            RoleEngineError: it cannot be answered, and why; perhaps only when the reply is read.
        """
        ...

    def roles(self) -> Mapping[str, str]:
        """The roles that there are: id → name."""
        ...

    def role_name(self, choice: Choice) -> str | None:
        """Who speaks, under this choice; None: no persona, or nobody knows.

        Raises:
            UnknownRole: the choice names a role that is not there.
        """
        ...


def has_role_engine(server: OpenAIServer) -> bool:
    """Whether the server guards its replies itself.

    Raises:
        BackendError: there is no server.
    """
    return isinstance(server.get("/role-engine/health"), dict)


class ServerChatClient:
    """A server that has the roles and the guard: it is told what is asked for."""

    def __init__(self, server: OpenAIServer, model: str = "") -> None:
        self._server, self._model = server, model

    def ask(self, question: ChatQuestion) -> StreamedReply:
        choice = question.choice
        wanted = {"role": choice.role, "mode": choice.mode, "thinking": choice.thinking}
        body: dict[str, Any] = {
            "messages": [dict(message) for message in question.messages],
            "role_engine": {key: value for key, value in wanted.items() if value is not None},
            "stream": True,
        }
        optional = {"seed": question.seed, "max_tokens": question.max_tokens, "model": self._model or None}
        body |= {key: value for key, value in optional.items() if value is not None}
        report: dict[str, Any] = {}

        def parts() -> Iterator[ReplyPart]:
            for event in self._server.events("/chat/completions", body, cancel=question.cancel):
                report.update(event.get("role_engine") or {})
                for choice in event.get("choices") or ():
                    delta = choice.get("delta") or {}
                    if reasoning := delta.get("reasoning_content"):
                        yield ReplyPart(reasoning, is_reasoning=True)
                    if text := delta.get("content"):
                        yield ReplyPart(text)
                    reply.finish = choice.get("finish_reason") or reply.finish
            if question.cancel.is_set():
                reply.finish = "cancelled"

        reply = StreamedReply(parts(), lambda: report)
        return reply

    def roles(self) -> Mapping[str, str]:
        listed = self._server.get("/role-engine/roles")
        found = listed.get("data") if isinstance(listed, dict) else None
        return {str(role["id"]): str(role.get("name") or role["id"]) for role in found or () if role.get("id")}

    def role_name(self, choice: Choice) -> str | None:
        role = choice.role
        if role is None:
            active = self._server.get("/role-engine/active")
            role = active.get("role") if isinstance(active, dict) else None
            return self.roles().get(role) if role else None
        if role == NO_ROLE:
            return None
        known = self.roles()
        if known and role not in known:
            raise UnknownRole(role, known)
        return known.get(role)


class LocalChatClient:
    """An engine that knows nothing of roles: prompts are written, and replies guarded, in this process."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def ask(self, question: ChatQuestion) -> StreamedReply:
        planner, choice = self._planner, question.choice
        asked = GenerationOptions(max_tokens=question.max_tokens, seed=question.seed)
        (planned,) = planner.chat([dict(message) for message in question.messages], asked, request=choice)
        stream = planned.stream(planner.engine.backend, question.cancel)

        def parts() -> Iterator[ReplyPart]:
            splitter = ReasoningSplitter(planned.request.prompt_suffix)
            try:
                for text in stream:
                    yield from splitter.feed(text)
                yield from splitter.finish()
            finally:
                stream.close()
            reply.finish = planned.report.finish

        reply = StreamedReply(parts(), planned.report.as_dict)
        return reply

    def roles(self) -> Mapping[str, str]:
        return {role.id: role.name for role in self._planner.library.all()}

    def role_name(self, choice: Choice) -> str | None:
        role = self._planner.in_force(choice).role
        return role.name if role is not None else None
