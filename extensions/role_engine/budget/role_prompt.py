"""What a role says to one question in one context: its texts as far as they fit, and what its files say."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from role_engine.budget.fitting import BESIDE_A_TEXT, FittedRoleText, fit_role_text
from role_engine.budget.share import role_share
from role_engine.knowledge import KnowledgeLibrary
from role_engine.prompts.frame import LANGUAGE_RULE, RoleText, role_text, with_knowledge
from role_engine.roles import Role
from role_engine.roles.role import Knowledge

log = logging.getLogger(__name__)

KEPT = 64
"""Outcomes that are kept, one a text and limit: counting a book takes a second."""
LEAST_KNOWLEDGE = 24
"""Tokens: less than a sentence needs no looking up."""
NOT_BUILT = "knowledge (its index was not finished)"
"""Among what was left out: the building of the index of the role's files was broken off."""

_TIGHTER = (2, 4, 1_000_000)  # what a role's share is divided by; the last one leaves its core alone


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """The room that there is.

    Attributes:
        context: tokens of prompt and reply together; None: not known, and nothing is shortened.
        count: the tokens of a text, by the model's tokenizer.
        model: names the tokenizer; outcomes are kept for each.
        most: tokens that the role may take at most, whatever its share; None: its share decides.
    """

    context: int | None
    count: Callable[[str], int]
    model: Hashable = ""
    most: int | None = None

    def limit(self, role: Role) -> int | None:
        """Tokens that `role` may take."""
        if self.context is None:
            return self.most
        share = role_share(self.context, role.budget.max_share)
        return share if self.most is None else min(share, self.most)

    def and_tighter(self, role: Role) -> Iterator[ContextWindow]:
        """This one, then with less and less room for the role, down to its core: for a question that leaves no more."""
        yield self
        limit = self.limit(role)
        if limit is not None:
            yield from (replace(self, most=limit // part) for part in _TIGHTER)


@dataclass(frozen=True, slots=True)
class RolePrompt:
    """A role's texts for one question, and what was left out of them."""

    said: RoleText
    left_out: tuple[str, ...] = ()


class RolePromptBuilder:
    """Tells what roles say. Its methods may be called from any thread.

    Args:
        knowledge: what roles' files are looked up in.
    """

    def __init__(self, knowledge: KnowledgeLibrary) -> None:
        self.knowledge = knowledge
        self._lock = threading.Lock()
        self._outcomes: OrderedDict[Hashable, FittedRoleText] = OrderedDict()
        self._logged: set[Hashable] = set()

    def build(
        self,
        role: Role,
        question: str,
        window: ContextWindow,
        *,
        user: str = "",
        char: str = "",
        today: date | None = None,
        note: str = "",
        reminder: bool = True,
    ) -> RolePrompt:
        """The role's texts to `question`.

        Args:
            note: what the system message ends with; it never gives way.
            reminder: whether the role's reminder ends the prompt.
            user, char, today: what fills the placeholders, see `role_text`.

        Raises:
            TemplateError: the role's Jinja does not work.
        """
        said = role_text(role, user=user, char=char, today=today).ending(note, reminder=reminder)
        limit = window.limit(role)
        fit = self._fitted(role, said, limit, window) if limit is not None else FittedRoleText(said)
        known, is_cut = self._known(role, question, fit, window.count)
        left_out = (*(("knowledge",) if is_cut else ()), *fit.left_out)
        if limit is not None and left_out:
            self._log(role, limit, left_out)
        if not known and self.knowledge.is_given_up(_looked_up(role, fit).files):
            left_out = (NOT_BUILT, *left_out)
        return RolePrompt(
            with_knowledge(fit.said, role, known) if reminder else replace(fit.said, knowledge=known), left_out
        )

    def list_knowledge_files(self, role: Role, window: ContextWindow) -> tuple[Path, ...]:
        """The files that a question to `role` is looked up in: its own, and a `system_file` that is too long a book.

        Raises:
            TemplateError: the role's Jinja does not work.
        """
        limit = window.limit(role)
        if role.system_file is None or limit is None:
            return role.knowledge.files
        return _looked_up(role, self._fitted(role, role_text(role), limit, window)).files

    def _fitted(self, role: Role, said: RoleText, limit: int, window: ContextWindow) -> FittedRoleText:
        text = "\0".join([said.system, said.reminder, *(f"{turn.user}\1{turn.assistant}" for turn in said.examples)])
        is_book, most = role.system_file is not None, role.knowledge.max_tokens
        digest = sha256(text.encode("utf-8", "replace")).digest()
        key = (digest, said.own, said.rules, said.place, is_book, most, limit, window.model)
        with self._lock:
            if (kept := self._outcomes.get(key)) is not None:
                self._outcomes.move_to_end(key)
                return kept
        start = window.count("")

        @cache  # an engine may be asked over HTTP, and a book is long
        def count(text: str) -> int:
            return max(0, window.count(text) - start)

        fit = fit_role_text(said, limit, count, book=is_book, knowledge=most)
        with self._lock:
            self._outcomes[key] = fit
            while len(self._outcomes) > KEPT:
                self._outcomes.popitem(last=False)
        return fit

    def _known(self, role: Role, question: str, fit: FittedRoleText, count: Callable[[str], int]) -> tuple[str, bool]:
        """What the role's files say of the question, as far as it fits, and whether that is less than they would."""
        knowledge = _looked_up(role, fit)
        if not knowledge.files:
            return "", False
        wanted = self.knowledge.information(knowledge, question, count)
        if not wanted or fit.room is None:
            return wanted, False
        room = fit.room - BESIDE_A_TEXT
        if not (fit.said.reminder or fit.said.rules):
            room -= count(LANGUAGE_RULE) + BESIDE_A_TEXT
        if count(wanted) <= room:
            return wanted, False
        if room < LEAST_KNOWLEDGE:
            return "", True
        return self.knowledge.information(knowledge.model_copy(update={"max_tokens": room}), question, count), True

    def _log(self, role: Role, limit: int, left_out: tuple[str, ...]) -> None:
        """Said once for each outcome."""
        with self._lock:
            if (key := (role.id, limit, left_out)) in self._logged:
                return
            self._logged.add(key)
        log.warning("role %s: left out to fit into %d tokens: %s", role.id, limit, ", ".join(left_out))


def _looked_up(role: Role, fit: FittedRoleText) -> Knowledge:
    """The role's knowledge; a book that did not fit is one more document of it."""
    if not fit.is_abridged or role.system_file is None or role.system_file in role.knowledge.files:
        return role.knowledge
    return role.knowledge.model_copy(update={"files": (*role.knowledge.files, role.system_file)})
