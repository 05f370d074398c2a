"""One reply, whoever guards it: a server that has this project in it, or this process in front of any other server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

from role_engine.backends.base import GenerationRequest
from role_engine.backends.openai import OpenAIBackend
from role_engine.backends.openai_server import OpenAIServer
from role_engine.errors import SettingsError
from role_engine.guard.attempts import guarded_stream
from role_engine.hosts.in_force import Choice, resolve
from role_engine.paths import Folders
from role_engine.prompts.frame import role_text
from role_engine.prompts.messages import chat_messages
from role_engine.roles import RoleLibrary

PASSED_ON = frozenset({"temperature", "top_p", "presence_penalty", "frequency_penalty"})
"""What of a role's sampling OpenAI's own API knows; a strange parameter would be refused by some servers."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the command line asked; None: nothing said."""

    text: str
    role: str | None = None
    mode: str | None = None
    thinking: str | None = None
    seed: int | None = None
    max_tokens: int | None = None
    model: str = ""


@dataclass
class Reply:
    """Iterate for the text as it comes; `report()` and `finish` afterwards."""

    pieces: Iterator[str]
    report: Callable[[], dict[str, Any]] = dict
    finish: str | None = None

    def __iter__(self) -> Iterator[str]:
        return self.pieces


def has_role_engine(server: OpenAIServer) -> bool:
    """Whether the server guards its replies itself.

    Raises:
        BackendError: there is no server.
    """
    return isinstance(server.get("/role-engine/health"), dict)


def ask_guarded_server(server: OpenAIServer, question: Question, folders: Folders) -> Reply:
    """The server has the roles and the guard: tell it what is asked for, print what it says."""
    wanted = {"role": question.role, "mode": question.mode, "thinking": question.thinking}
    body: dict[str, Any] = {
        "messages": [{"role": "user", "content": question.text}],
        "role_engine": {key: value for key, value in wanted.items() if value is not None},
        "stream": True,
    }
    optional = {"seed": question.seed, "max_tokens": question.max_tokens, "model": question.model or None}
    body |= {key: value for key, value in optional.items() if value is not None}
    report: dict[str, Any] = {}

    def pieces() -> Iterator[str]:
        for event in server.events("/chat/completions", body, cancel=Event()):
            report.update(event.get("role_engine") or {})
            for choice in event.get("choices") or ():
                if text := (choice.get("delta") or {}).get("content"):
                    yield text
                reply.finish = choice.get("finish_reason") or reply.finish

    reply = Reply(pieces(), lambda: report)
    return reply


def ask_plain_server(server: OpenAIServer, question: Question, folders: Folders) -> Reply:
    """The server knows nothing of roles: they go into the messages here, and the guard runs here.

    Raises:
        UnknownRole, SettingsError: the question names a role or a thinking mode that is not there.
    """
    if question.thinking not in (None, "none"):
        raise SettingsError(f"{server.root} has no thinking modes.", hint="They need a server with role_engine in it.")
    choice = Choice(question.role, question.mode, question.thinking)
    in_force = resolve(RoleLibrary(folders.roles), request=choice)
    role = in_force.role
    said = role_text(role) if role is not None else None
    sampling = role.sampling if role is not None else {}
    request = GenerationRequest(
        messages=tuple(chat_messages(said, question.text)),
        max_tokens=question.max_tokens,
        seed=question.seed,
        policy=in_force.policy,
        context=(question.text,),
        options={key: value for key, value in sampling.items() if key in PASSED_ON},
    )
    stream = guarded_stream(OpenAIBackend(server, model=question.model), request)

    def pieces() -> Iterator[str]:
        try:
            yield from stream
        finally:
            stream.close()
        reply.finish = stream.report.finish

    def report() -> dict[str, Any]:
        stream.report.role = role.id if role is not None else None
        return stream.report.as_dict()

    reply = Reply(pieces(), report)
    return reply
