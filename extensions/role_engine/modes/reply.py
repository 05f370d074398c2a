"""A reply that takes more than one question: passes in one think block, the answer after it, perhaps by several roles.

There is one report for all of it. Tokens of the passes count as delivered, the way a model's own reasoning does.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from threading import Event

from role_engine.guard.report import ReplyReport
from role_engine.modes.answer_turns import AnswerTurns
from role_engine.modes.asking import Ask, Asking, Chat, NoRoom
from role_engine.modes.block import ThinkBlock
from role_engine.modes.budget import ReplyBudget
from role_engine.modes.procedure import Procedure
from role_engine.modes.reply_run import ReplyOptions, ReplyRun
from role_engine.modes.thoughts import native_of, native_thought, passes


class ReplyStream(Iterator[str]):
    """Iterates over final text; `report` is filled as it goes, `close()` ends the work in the engine.

    Args:
        chat: what is to be answered.
        way: how.
        cancel: set by anyone who wants it to end, in whatever pass it is.
        report: of the whole reply.
    """

    def __init__(self, chat: Chat, way: ReplyOptions, *, cancel: Event, report: ReplyReport) -> None:
        self.report = report
        self._pieces = _run(chat, way, Asking(report, cancel))

    def __iter__(self) -> ReplyStream:
        return self

    def __next__(self) -> str:
        return next(piece for piece in self._pieces if piece)

    def close(self) -> None:
        self._pieces.close()


def _run(chat: Chat, way: ReplyOptions, asking: Asking) -> Generator[str, None, None]:
    speeches = AnswerTurns(way.handover)
    note = speeches.note(chat.role)
    try:
        plain = chat.prepare(Ask(role=chat.role, note=note))
    except NoRoom:
        if not note:
            raise
        way, speeches, note = replace(way, handover=None), AnswerTurns(None), ""
        plain = chat.prepare(Ask(role=chat.role))
    stop, limit, policy = plain.request.stop, plain.request.max_tokens, plain.request.policy
    if way.mode is None:
        work = ReplyRun(chat, way, asking, ThinkBlock(stop=stop), ReplyBudget(limit, 0), policy)
        yield from speeches.all(work, plain, plain.request, chat.role, raw=True)
    else:
        procedure = Procedure(way.mode, chat.question, chat.role, way.find, policy, way.depth, way.rounds)
        native = native_of(chat, note) if way.mode.native else None
        budget = ReplyBudget(limit, procedure.length if native is None else 1)
        work = ReplyRun(chat, way, asking, ThinkBlock(way.opened, stop), budget, policy)
        role = chat.role
        if native is not None:
            asked, request = native.asked, (yield from native_thought(work, native, way.mode.passes[0].title))
        else:
            yield from passes(work, procedure)
            text, role = procedure.answer()
            ask = Ask(text, role, thinks=False, note=note if role is chat.role else "", room=budget.for_answer())
            try:
                asked = chat.prepare(ask)
            except NoRoom:
                asked, role = plain, chat.role
            request = asked.request
        if asking.finish != "cancelled":
            yield from speeches.all(work, asked, request, role, raw=False)
    asking.report.finish = asking.finish
