"""Passing the turn on: how a role says so, and who may come next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import regex

from role_engine.language.policy import LanguagePolicy
from role_engine.modes.markers import ROLE_TOKEN
from role_engine.modes.participants import names_in_reply
from role_engine.prompts.neutral import neutralise_tokens
from role_engine.roles import Role

MAX_HANDOVERS = 4

_MARKER = "[[Слово: {name}]]"
_ANY_MARKER = r"\[\[[ \t]{0,4}[Сс]лово[ \t]{0,4}:[ \t]{0,4}(?P<name>[^\[\]\n]{1,64})\]\]"

_NOTE = (
    "Если вопрос лучше решит другой собеседник, скажи своё и передай ему слово: закончи ответ строкой {markers} и "
    "больше ничего не пиши. Если можешь ответить сам, слова не передавай."
)
_NEXT = (
    "{question}\n\n"
    "На это уже отвечали до тебя, и слово передали тебе:\n\n"
    "{said}\n\n"
    "Продолжи от своего имени: добавь то, чего не хватает. Сказанного не повторяй."
)


@dataclass(frozen=True, slots=True)
class HandoverTarget:
    """A role that the turn may be passed to, and what it is called in a prompt."""

    role: Role
    name: str


class Handover:
    """Who may speak next in one reply. A role that passes the turn to whom it has passed it before ends the passing.

    Args:
        find: the role of an id, None for one that is not there.
        policy: what the names must not offend against: they are part of the reply.
        role_token: the form of a role's token in a model that was taught them, `{id}` in it.
    """

    def __init__(
        self, find: Callable[[str], Role | None], policy: LanguagePolicy, *, role_token: str = ROLE_TOKEN
    ) -> None:
        self._find, self._policy, self.role_token = find, policy, role_token
        self._made: set[tuple[str, str]] = set()

    def targets(self, role: Role | None) -> tuple[HandoverTarget, ...]:
        """Whom this role may pass the turn to now; nobody, once there were enough of them."""
        if role is None or len(self._made) >= MAX_HANDOVERS:
            return ()
        found = [self._find(role_id) for role_id in role.handoff if role_id != role.id]
        there = [one for one in found if one is not None]
        return tuple(map(HandoverTarget, there, names_in_reply(there, self._policy)))

    def note(self, targets: Sequence[HandoverTarget]) -> str:
        """What tells a role how to pass the turn on."""
        markers = [_MARKER.format(name=target.name) for target in targets]
        return _NOTE.format(markers=" или ".join(markers)) if markers else ""

    def compile_markers(self) -> regex.Pattern[str]:
        """The markers that pass the turn on."""
        before, after = map(regex.escape, self.role_token.split("{id}"))
        return regex.compile(rf"{_ANY_MARKER}|{before}(?P<id>[a-z0-9_-]{{1,64}}){after}")

    def chosen(self, marker: regex.Match[str], targets: Sequence[HandoverTarget]) -> HandoverTarget | None:
        """Whom a marker names; None: nobody that may be named."""
        named = (marker["id"] or marker["name"]).strip().casefold()
        return next((one for one in targets if named in (one.role.id, one.name.casefold())), None)

    def pass_on(self, speaker: Role, target: HandoverTarget) -> bool:
        """Note that the turn is passed on; False where that goes in a circle."""
        step = (speaker.id, target.role.id)
        if step in self._made:
            return False
        self._made.add(step)
        return True

    def next_text(self, question: str, said: str) -> str:
        """What the next speaker reads in place of the user's message."""
        return _NEXT.format(question=question, said=said.strip()) if said.strip() else question


@dataclass
class DialogueTranscript:
    """What was said so far, speaker by speaker."""

    parts: list[tuple[str, str]] = field(default_factory=list)

    def add(self, speaker: str, text: str) -> None:
        if text := neutralise_tokens(text.strip()):
            self.parts.append((speaker, text))

    def __str__(self) -> str:
        return "\n\n".join(f"{speaker}: {text}" if speaker else text for speaker, text in self.parts)
