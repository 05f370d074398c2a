"""A reply that is to be made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from role_engine.backends.base import Backend, GenerationRequest
from role_engine.guard.attempts import guarded_stream
from role_engine.guard.report import ReplyReport
from role_engine.modes.filtered_stream import FilteredStream, FinalText
from role_engine.modes.reply import ReplyStream


@dataclass(frozen=True, slots=True)
class ReplyPlan:
    """A reply to make.

    Attributes:
        request: what the engine is asked.
        report: filled while the reply is made.
        stop: the client's own stop strings; the template's are in the request too, but nobody asked for those.
        echo: text that precedes the reply (`echo` of /v1/completions).
        tokens: of the thinking modes; None: text that is no chat, which goes out as it comes.
        procedure: how a reply is made that takes more than one question; None: by one.
    """

    request: GenerationRequest
    report: ReplyReport
    stop: tuple[str, ...] = ()
    echo: str = ""
    tokens: tuple[str, ...] | None = None
    procedure: Callable[[Backend, Event], ReplyStream] | None = None

    def stream(self, backend: Backend, cancel: Event) -> FinalText:
        """Make the reply; `close` what is returned."""
        if self.procedure is not None:
            return self.procedure(backend, cancel)
        text = guarded_stream(backend, self.request, cancel=cancel, report=self.report)
        if self.tokens is None:
            return text
        return FilteredStream(text, self.request.prompt_suffix + self.request.prefix, self.tokens)
