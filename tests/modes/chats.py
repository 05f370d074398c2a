"""A chat to try procedures on, with an engine that plays scripts."""

from __future__ import annotations

from threading import Event
from typing import Any

from role_engine.backends.base import Capabilities, GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.guard.report import ReplyReport
from role_engine.language.policy import LanguagePolicy
from role_engine.modes.asking import Ask, NoRoom, PreparedPrompt
from role_engine.modes.handover import Handover
from role_engine.modes.library import ModeLibrary
from role_engine.modes.markers import ROLE_TOKEN
from role_engine.modes.reply import ReplyStream
from role_engine.modes.reply_run import ReplyOptions
from role_engine.roles import Role

MODES = ModeLibrary()
OFF, STRICT = LanguagePolicy(mode="off"), LanguagePolicy(mode="strict")


def role(role_id: str, name: str, *handoff: str, **more: Any) -> Role:
    return Role(id=role_id, name=name, system=f"Ты — {name}.", handoff=handoff, **more)


ROLES = {
    one.id: one
    for one in (
        role("philosopher", "Философ", "logician", "operator"),
        role("logician", "Логик", "philosopher", "operator"),
        role("operator", "Оператор", "philosopher"),
        role("hermit", "Отшельник"),
    )
}


class PlainChat:
    """Renders «[system] …» and «[user] …»; a thinking switch as Qwen3's template has it, where `switch` is set."""

    def __init__(self, backend: Any, question: str, role: Role | None, **request: Any) -> None:
        self.backend, self.question, self.role = backend, question, role
        self.switch, self.context = request.pop("switch", False), request.pop("context", None)
        self.opened = request.pop("opened", "")
        self.request = request
        self.asks: list[Ask] = []

    def prepare(self, ask: Ask) -> PreparedPrompt:
        self.asks.append(ask)
        system = f"[system] {ask.role.system} {ask.note}\n" if ask.role else ""
        prompt = f"{system}[user] {ask.text if ask.text is not None else self.question}\n[assistant] "
        if self.context is not None and len(prompt) > self.context:
            raise NoRoom("Too long.")
        if self.switch and ask.thinks is False:
            prompt += "<think>\n\n</think>\n\n"
        prompt += self.opened
        tail = self.opened.strip()
        return PreparedPrompt(self.backend, GenerationRequest(prompt=prompt, tail=tail, **self.request))


def pieces(text: str) -> list[str]:
    """A text as an engine would give it: words, each with the space before it."""
    words = text.split(" ")
    return [words[0], *(f" {word}" for word in words[1:])]


def scripted(*replies: str, resume: str = "prefix") -> ReplayBackend:
    return ReplayBackend([pieces(reply) for reply in replies], Capabilities(resume=resume, token_ids=True))  # type: ignore[arg-type]


class Answered:
    """A reply that is over.

    Attributes:
        text: all of it; thoughts, answer: the two parts of it.
        prompts: what the engine was given for each generation.
    """

    def __init__(
        self,
        backend: ReplayBackend,
        mode: str | None = None,
        role_id: str | None = "hermit",
        question: str = "Что такое память?",
        *,
        policy: LanguagePolicy = OFF,
        handover: bool = False,
        cancel: Event | None = None,
        way: dict[str, Any] | None = None,
        roles: dict[str, Role] = ROLES,
        **request: Any,
    ) -> None:
        self.backend, self.report = backend, ReplyReport()
        token = request.pop("role_token", ROLE_TOKEN)
        self.chat = PlainChat(backend, question, roles[role_id] if role_id else None, policy=policy, **request)
        switch = Handover(roles.get, policy, role_token=token) if handover else None
        made = ReplyOptions(
            MODES.get(mode) if mode else None, roles.get, handover=switch, tokens=MODES.tokens(), **(way or {})
        )
        self.cancel = cancel or Event()
        self.stream = ReplyStream(self.chat, made, cancel=self.cancel, report=self.report)
        self.pieces: list[str] = []

    def run(self) -> Answered:
        self.pieces = list(self.stream)
        return self

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def thoughts(self) -> str:
        assert self.text.startswith("<think>\n"), self.text
        return self.text.removeprefix("<think>\n").partition("\n</think>\n\n")[0]

    @property
    def answer(self) -> str:
        return self.text.partition("</think>\n\n")[2]

    @property
    def prompts(self) -> list[str]:
        return [attempt.request.prompt for attempt in self.backend.attempts]

    @property
    def limits(self) -> list[int | None]:
        return [attempt.request.max_tokens for attempt in self.backend.attempts]
