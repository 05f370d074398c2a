"""The passes of a mode: what is asked in each, what came of it, and what the answer is asked with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from role_engine.language.policy import LanguagePolicy
from role_engine.modes.mode import PLACEHOLDER, Mode, Pass
from role_engine.modes.participants import Find, names_in_reply, voices_of
from role_engine.prompts.neutral import neutralise_tokens
from role_engine.roles import Role

NOTHING = "нет"
_DONE_WITHIN = 6
"""Words that may follow «замечаний нет» in a reply that says nothing else."""
_BUT = frozenset({"но", "кроме", "однако", "хотя", "только", "разве", "исключением"})
_WORD = regex.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Step:
    """One pass to make: who is asked what."""

    of: Pass
    text: str
    role: Role | None
    title: str


@dataclass
class Procedure:
    """A mode at work on one question.

    Args:
        depth, rounds: the role's own numbers.
        role: who answers.
    """

    mode: Mode
    question: str
    role: Role | None
    find: Find
    policy: LanguagePolicy
    depth: int = 2
    rounds: int = 2
    results: dict[str, str] = field(default_factory=dict, init=False)
    said: list[tuple[str, str]] = field(default_factory=list, init=False)
    done: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._voices = voices_of(self.mode, self.role, self.find)
        self._names = names_in_reply(self._voices, self.policy)

    @property
    def length(self) -> int:
        """How many passes there may be."""
        return len(self.mode.passes) * self.mode.repetitions(self.depth, self.rounds)

    def steps(self) -> Iterator[Step]:
        """The passes in order; what came of each must be told (`take`) before the next is asked for."""
        for round_ in range(self.mode.repetitions(self.depth, self.rounds)):
            for one in self.mode.passes:
                if self.done:
                    return
                text = one.again if one.again is not None and round_ else one.ask
                filled = self._filled(text, one.voice)
                yield Step(one, filled, self._role(one.voice), self._filled(one.title, one.voice))

    def take(self, step: Step, text: str) -> None:
        """What the model said in a pass."""
        text = neutralise_tokens(text.strip())
        if text:
            self.results[step.of.id] = text
            self.said.append((step.title, text))
        self.done = any(says(text, phrase) for phrase in step.of.done)

    def answer(self) -> tuple[str | None, Role | None]:
        """What the answer is asked with, and of whom; None: the question alone, since nothing came of the passes."""
        answer = self.mode.answer
        text = self._filled(answer.ask, answer.voice) if self.said else None
        return text, self._role(answer.voice)

    def _role(self, voice: int | None) -> Role | None:
        return self.role if voice is None else self._voices[voice - 1]

    def _filled(self, text: str, voice: int | None) -> str:
        others = [name for number, name in enumerate(self._names, 1) if number != voice]
        values = {
            "question": self.question,
            "all": "\n\n".join(f"{title}: {said}" if title else said for title, said in self.said),
            "speaker": self._names[voice - 1] if voice is not None else "",
            "opponent": others[0] if others else "",
            **self.results,
        }
        return PLACEHOLDER.sub(lambda found: values.get(found[1]) or NOTHING, text).strip()


def says(text: str, phrase: str) -> bool:
    """Whether a text says the phrase and next to nothing else: «Замечаний нет, верно», not «Замечаний нет, но …»."""
    said, wanted = _WORD.findall(text.casefold()), _WORD.findall(phrase.casefold())
    rest = said[len(wanted) :]
    return said[: len(wanted)] == wanted and len(rest) <= _DONE_WITHIN and not _BUT.intersection(rest)
