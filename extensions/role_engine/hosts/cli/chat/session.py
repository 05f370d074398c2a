"""A conversation: what was said so far, who answers, and in which role and mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

from role_engine.app.resolution import Choice
from role_engine.hosts.cli.chat.interrupt import Interrupts
from role_engine.hosts.cli.chat.reply import ChatClient, ChatQuestion, StreamedReply
from role_engine.modes.reasoning import ReplyPart


@dataclass(slots=True)
class FinishedReply:
    """One reply when it is over.

    Attributes:
        stopped: the user ended it.
        reasoning: what the model thought before its answer, `text`.
    """

    text: str
    finish: str | None
    report: dict[str, Any]
    stopped: bool = False
    reasoning: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.report.get("failed"))

    def as_dict(self) -> dict[str, Any]:
        """The document of `--json`."""
        reasoning = {"reasoning": self.reasoning} if self.reasoning else {}
        return {"text": self.text, **reasoning, "finish_reason": self.finish, "report": self.report}


@dataclass
class ChatSession:
    """A conversation with one partner.

    Attributes:
        choice: role, mode and thinking of the replies to come.
        speaker: the role's name; empty: no persona, or nobody knows. Known after a `change`.
        seed, max_tokens: of every reply; None: nobody says.
        interrupts: how Ctrl-C gets here.
        history: the chat so far. A turn enters it when its reply is over, with as much as was said of it, without the
            reasoning; one that got no answer does not.
    """

    partner: ChatClient
    choice: Choice = field(default_factory=Choice)
    speaker: str = ""
    seed: int | None = None
    max_tokens: int | None = None
    interrupts: Interrupts = field(default_factory=Interrupts)
    history: list[dict[str, str]] = field(default_factory=list)

    def say(self, text: str, show: Callable[[ReplyPart], None]) -> FinishedReply:
        """Say something and hear the reply; each part goes to `show` as it comes. Ctrl-C ends the reply.

        Raises:
            RoleEngineError: there is no reply, or no more of it.
        """
        cancel = Event()
        asked = {"role": "user", "content": text}
        question = ChatQuestion((*self.history, asked), self.choice, self.seed, self.max_tokens, cancel)
        parts: list[ReplyPart] = []
        reply: StreamedReply | None = None
        try:
            with self.interrupts.replying(cancel):
                reply = self.partner.ask(question)
                for part in reply:
                    parts.append(part)
                    show(part)
        except KeyboardInterrupt:  # the second one: the engine did not end by itself
            cancel.set()
        finally:
            _close(reply)
            answer = "".join(part.text for part in parts if not part.is_reasoning)
            if answer:
                self.history += [asked, {"role": "assistant", "content": answer}]
        stopped = cancel.is_set()
        if reply is None:
            return FinishedReply("", "cancelled", {}, stopped=True)
        reasoning = "".join(part.text for part in parts if part.is_reasoning)
        return FinishedReply(answer, "cancelled" if stopped else reply.finish, reply.report(), stopped, reasoning)

    def change(self, *, role: str | None = None, mode: str | None = None) -> None:
        """Another role or mode from now on.

        Raises:
            UnknownRole: there is no such role; nothing has changed.
        """
        changed = replace(self.choice, role=role or self.choice.role, mode=mode or self.choice.mode)
        self.speaker = self.partner.role_name(changed) or ""
        self.choice = changed

    def forget(self) -> None:
        """Begin anew."""
        self.history.clear()


def _close(reply: StreamedReply | None) -> None:
    parts: Iterator[ReplyPart] | None = reply.parts if reply is not None else None
    close = getattr(parts, "close", None)
    if close is not None:
        close()
