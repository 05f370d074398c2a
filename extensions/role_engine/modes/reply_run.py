"""What everybody who makes a part of one reply needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from role_engine.backends.base import GenerationRequest
from role_engine.language.policy import LanguagePolicy
from role_engine.modes.asking import Asking, Chat, PreparedPrompt
from role_engine.modes.block import ThinkBlock
from role_engine.modes.budget import ReplyBudget
from role_engine.modes.handover import Handover
from role_engine.modes.marker_filter import FilterRules
from role_engine.modes.markers import ROLE_TOKEN, forbidden
from role_engine.modes.mode import Mode
from role_engine.modes.participants import Find


@dataclass(frozen=True, slots=True)
class ReplyOptions:
    """How a reply is made.

    Attributes:
        mode: the thinking mode; None: the answer at once.
        find: the role of an id.
        depth, rounds: the role's own numbers; nobody can raise them.
        handover: who may speak next; None: nobody.
        tokens: the tokens of all modes, which no reader sees.
        opened: the opener of a reasoning block that the host writes into the reply itself.
    """

    mode: Mode | None
    find: Find
    depth: int = 2
    rounds: int = 2
    handover: Handover | None = None
    tokens: tuple[str, ...] = ()
    opened: str = ""


@dataclass(frozen=True, slots=True)
class ReplyRun:
    """One reply while it is made."""

    chat: Chat
    way: ReplyOptions
    asking: Asking
    block: ThinkBlock
    budget: ReplyBudget
    policy: LanguagePolicy

    @property
    def markers(self) -> regex.Pattern[str]:
        handover = self.way.handover
        return forbidden(self.way.tokens, handover.role_token if handover is not None else ROLE_TOKEN)

    @property
    def over(self) -> bool:
        """Somebody has ended the reply."""
        return self.asking.finish == "cancelled"

    def ask(
        self, asked: PreparedPrompt, request: GenerationRequest, limit: int | None, sifting: FilterRules
    ) -> Iterator[str]:
        """Final text, at most `limit` tokens of it, and of what the context has room for."""
        room = request.max_tokens
        least = room if limit is None else limit if room is None else min(limit, room)
        report = self.asking.report
        before = report.tokens_delivered + report.tokens_dropped
        try:
            yield from self.asking.stream(asked, request.derive(max_tokens=least), sifting)
        finally:
            self.budget.spend(report.tokens_delivered + report.tokens_dropped - before)
