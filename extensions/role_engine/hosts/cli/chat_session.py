"""A conversation: what was said so far, who answers, and in which role and mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

from role_engine.hosts.cli.chat_interrupt import interrupt_sets
from role_engine.hosts.cli.reply import Partner, Question, Reply
from role_engine.hosts.in_force import Choice


@dataclass(slots=True)
class Said:
    """One reply when it is over.

    Attributes:
        stopped: the user ended it.
    """

    text: str
    finish: str | None
    report: dict[str, Any]
    stopped: bool = False

    @property
    def failed(self) -> bool:
        return bool(self.report.get("failed"))

    def as_dict(self) -> dict[str, Any]:
        """The document of `--json`."""
        return {"text": self.text, "finish_reason": self.finish, "report": self.report}


@dataclass
class Session:
    """A conversation with one partner.

    Attributes:
        choice: role, mode and thinking of the replies to come.
        speaker: the role's name; empty: no persona, or nobody knows. Known after a `change`.
        seed, max_tokens: of every reply; None: nobody says.
        history: the chat so far. A turn enters it when its reply is over, with as much as was said of it; one that got
            no answer does not.
    """

    partner: Partner
    choice: Choice = field(default_factory=Choice)
    speaker: str = ""
    seed: int | None = None
    max_tokens: int | None = None
    history: list[dict[str, str]] = field(default_factory=list)

    def say(self, text: str, show: Callable[[str], None]) -> Said:
        """Say something and hear the reply; each piece goes to `show` as it comes. Ctrl-C ends the reply.

        Raises:
            RoleEngineError: there is no reply, or no more of it.
        """
        cancel = Event()
        asked = {"role": "user", "content": text}
        question = Question((*self.history, asked), self.choice, self.seed, self.max_tokens, cancel)
        pieces: list[str] = []
        reply: Reply | None = None
        with interrupt_sets(cancel):
            try:
                reply = self.partner.ask(question)
                for piece in reply:
                    pieces.append(piece)
                    show(piece)
            except KeyboardInterrupt:  # the second one: the engine did not end by itself
                cancel.set()
            finally:
                _close(reply)
                said = "".join(pieces)
                if said:
                    self.history += [asked, {"role": "assistant", "content": said}]
        stopped = cancel.is_set()
        if reply is None:
            return Said("", "cancelled", {}, stopped=True)
        return Said(said, "cancelled" if stopped else reply.finish, reply.report(), stopped)

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


def _close(reply: Reply | None) -> None:
    pieces: Iterator[str] | None = reply.pieces if reply is not None else None
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
