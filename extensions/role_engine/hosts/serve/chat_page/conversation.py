"""What the chat page does, without the page: one reply at a time for each browser session, streamed, stopped."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from threading import Event
from typing import Any

from role_engine.app.planner import GenerationOptions
from role_engine.app.resolution import Choice
from role_engine.errors import RoleEngineError
from role_engine.hosts.panel.sessions import BrowserSessions
from role_engine.hosts.panel.status import status_line
from role_engine.hosts.serve.chat_page.reasoning import answer_of, fold
from role_engine.hosts.serve.failures import ShuttingDown
from role_engine.hosts.serve.reply_job import KeepAlive, ReplyEnd, ReplyJob, ReplyPiece
from role_engine.hosts.serve.service import ServeService
from role_engine.i18n.catalogue import say
from role_engine.modes.reasoning import ReasoningSplitter
from role_engine.prompts.frame import filler
from role_engine.roles import Role

log = logging.getLogger(__name__)

Rows = list[list[str | None]]
"""The chat as gradio shows it: what the user said (None: nothing) and the reply."""


@dataclass(frozen=True, slots=True)
class PageState:
    """What the page shows now. `first`: the message was taken, its box can be emptied."""

    rows: Rows
    status: str
    first: bool = False


@dataclass
class _Run:
    """The reply that a session is getting; `cleared`: what to show in its place, once the chat has been cleared."""

    cancel: Event = field(default_factory=Event)
    cleared: Rows | None = None


class Conversations:
    """The replies of all open pages.

    Args:
        sessions: their languages, and where each reply is noted.
    """

    def __init__(self, service: ServeService, sessions: BrowserSessions | None = None) -> None:
        self._service, self._sessions = service, sessions or BrowserSessions()
        self._runs: dict[str, _Run] = {}

    def stop(self, session: str) -> None:
        """End the session's reply; what is written stays."""
        if run := self._runs.get(session):
            run.cancel.set()

    def forget(self, session: str, rows: Rows) -> None:
        """End the session's reply and show `rows` instead: the page may yet get states that are under way, so the
        reply's own last one says it again."""
        if run := self._runs.get(session):
            run.cleared = rows
            run.cancel.set()

    async def say(
        self, session: str, text: str, rows: Sequence[Sequence[Any]], panel: Choice
    ) -> AsyncGenerator[PageState, None]:
        """Say something; yields the page's state as the reply grows. Errors become the status."""
        before: Rows = [[row[0], row[1]] for row in rows]
        if session in self._runs:
            yield PageState(before, say(self._sessions.of(session).language, "busy"))
            return
        run = self._runs[session] = _Run()
        try:
            async with aclosing(self._reply(session, run, text, before, panel)) as states:
                async for state in states:
                    if run.cleared is not None:
                        break
                    yield state
            if run.cleared is not None:
                yield PageState(run.cleared, "")
        finally:
            if self._runs.get(session) is run:
                del self._runs[session]

    async def _reply(
        self, session: str, run: _Run, text: str, before: Rows, panel: Choice
    ) -> AsyncGenerator[PageState, None]:
        service, language = self._service, self._sessions.of(session).language
        try:
            messages = [*_messages(before), {"role": "user", "content": text}]
            planned = await service.plan(
                partial(service.planner.chat, messages, GenerationOptions(), panel=panel, cancel=run.cancel)
            )
            ticket = service.line.enter(run.cancel)
            job = ReplyJob(service.planner.engine.backend, planned, ticket, on_end=service.count_reply)
        except RoleEngineError as error:
            yield PageState(before, str(error))
            return
        splitter = ReasoningSplitter(planned[0].request.tail)
        reasoning = answer = ""
        yield PageState(
            [*before, [text, ""]], say(language, "waiting" if service.line.waiting else "writing"), first=True
        )
        try:
            async with aclosing(job.events()) as events:
                async for event in events:
                    if isinstance(event, ReplyPiece):
                        parts = splitter.feed(event.text)
                    else:
                        parts = splitter.finish() if isinstance(event, ReplyEnd) else []
                    reasoning += "".join(part.text for part in parts if part.is_reasoning)
                    answer += "".join(part.text for part in parts if not part.is_reasoning)
                    waits = isinstance(event, KeepAlive) and not (reasoning or answer)
                    shown = fold(reasoning, answer, ended=False)
                    yield PageState([*before, [text, shown]], say(language, "waiting" if waits else "writing"))
            report = planned[0].report
            status = say(language, "stopped") if run.cancel.is_set() else status_line(report, language)
            self._sessions.note(session, report, text, answer)
        except ShuttingDown:  # also how a job ends that was stopped here
            status = say(language, "shutting down" if service.line.closing else "stopped")
        except RoleEngineError as error:
            status = str(error)
        except Exception:
            log.exception("a reply failed")
            status = say(language, "bug")
        finally:
            job.close()
        yield PageState([*before, [text, fold(reasoning, answer)]], status)


def greeting(role: Role, *, today: date | None = None) -> str:
    """The role's first words, filled in.

    Raises:
        TemplateError: the role's Jinja does not work.
    """
    return filler(role, today=today)(role.greeting).strip()


def _messages(rows: Rows) -> list[dict[str, str]]:
    """The chat so far. The greeting is for the reader only: many chat templates refuse a chat that a reply begins.
    A model is not shown its old thoughts, and what was answered by nothing else was not answered."""
    messages = []
    for said, reply in rows:
        if said and reply and (answer := answer_of(reply)):
            messages += [{"role": "user", "content": said}, {"role": "assistant", "content": answer}]
    return messages
