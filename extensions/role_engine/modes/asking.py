"""The one thing that a procedure needs of its host: «ask this of that role»."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Protocol

from role_engine.backends.base import Backend, GenerationRequest
from role_engine.errors import RoleEngineError
from role_engine.guard.attempts import derive_seed, guarded_stream
from role_engine.guard.report import Ending, ReplyReport
from role_engine.modes.filtered_backend import FilteredBackend, filter_backend
from role_engine.modes.marker_filter import FilterRules
from role_engine.roles import Role

SEEDS_APART = 1000
"""Between the seeds of one reply's questions: more than there are attempts at any of them."""


class NoRoom(RoleEngineError):
    """The prompt of a question does not fit into the model's context."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the model, in place of the user's last message.

    Attributes:
        text: what the model reads there; None: the message as it is.
        role: who is asked; None: no persona.
        reminder: whether the role's reminder ends the prompt.
        thinks: whether a model that can think aloud shall; None: as without a mode.
        note: what the role's system text ends with (how to pass the turn on).
        room: tokens to keep free for what is generated; None: as without a mode.
        tools: whether the model is told of the tools that it may call.
    """

    text: str | None = None
    role: Role | None = None
    reminder: bool = True
    thinks: bool | None = None
    note: str = ""
    room: int | None = None
    tools: bool = True


@dataclass(frozen=True, slots=True)
class PreparedPrompt:
    """A question, ready for the engine.

    Attributes:
        request: prompt, stop strings and policy. `max_tokens` is what the context has left behind the prompt, or what
            the reply may have at most; `prompt_suffix` is what of the prompt's end belongs to the reply.
        ended: called once the engine is done with it, with what was delivered, the report, which may be corrected
            (token counts that the engine did not name), and what was asked.
        delivered: called with what is delivered so far, before more of it goes to the reader.
    """

    backend: Backend
    request: GenerationRequest
    ended: Callable[[str, ReplyReport, GenerationRequest], None] = lambda text, report, request: None
    delivered: Callable[[str], None] = lambda text: None


class Chat(Protocol):
    """A chat that is to be answered.

    Attributes:
        question: the user's last message, the modes' tokens taken out.
        role: who answers; None: no persona.
    """

    @property
    def question(self) -> str: ...

    @property
    def role(self) -> Role | None: ...

    def prepare(self, ask: Ask) -> PreparedPrompt:
        """Render a question. Nothing that the host keeps may change by it.

        Raises:
            NoRoom: it does not fit into the model's context.
        """
        ...


@dataclass
class Asking:
    """Asks an engine, one question after the other, for one reply; counts all of it in one report.

    Attributes:
        report: of the whole reply.
        text: what came of the last question.
        finish: how it ended, as in a report.
        backend: the sieve of the last question.
    """

    report: ReplyReport
    cancel: Event
    seed: int | None = None
    text: str = ""
    finish: Ending | None = None
    backend: FilteredBackend | None = None
    _questions: int = field(default=0, init=False)

    def stream(self, asked: PreparedPrompt, request: GenerationRequest, sifting: FilterRules) -> Iterator[str]:
        """Ask, and yield the final text as it comes.

        Args:
            asked: whose backend generates.
            request: what is asked of it.
        """
        whole, part = self.report, self._part()
        seed = derive_seed(request.seed, SEEDS_APART * self._questions)
        self._questions += 1
        self.text, self.finish, self.backend = "", None, filter_backend(asked.backend, sifting)
        stream = guarded_stream(self.backend, replace(request, seed=seed), cancel=self.cancel, report=part)
        try:
            for piece in stream:
                self.text += piece
                asked.delivered(self.text)
                yield piece
        finally:
            stream.close()
            asked.ended(self.text, part, request)
            self.finish = part.finish
            _add(part, whole, first=self._questions == 1)

    def _part(self) -> ReplyReport:
        """A report for one question; what has a cap for the whole reply goes on from where it is."""
        whole = self.report
        return ReplyReport(mode=whole.mode, stripped=whole.stripped, seconds_wasted=whole.seconds_wasted)


def _add(part: ReplyReport, whole: ReplyReport, *, first: bool) -> None:
    whole.attempts = part.attempts if first else whole.attempts + max(0, part.attempts - 1)
    whole.rejected += part.rejected
    whole.spots += part.spots
    whole.late += part.late
    whole.stripped, whole.seconds_wasted = part.stripped, part.seconds_wasted
    whole.tokens_rejected += part.tokens_rejected
    whole.tokens_dropped += part.tokens_dropped
    whole.tokens_delivered += part.tokens_delivered
    whole.relaxed = part.relaxed or whole.relaxed
    whole.failed = whole.failed or part.failed
    if part.constraint != "none":
        whole.constraint = part.constraint
    if whole.tokens_prompt is None:
        whole.tokens_prompt = part.tokens_prompt
