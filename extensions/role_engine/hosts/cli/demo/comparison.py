"""The demo's work: the same questions asked with the guard off and on, and what came of it. Prints nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any

from role_engine.app.planner import GenerationOptions, Planner
from role_engine.app.resolution import Choice
from role_engine.guard.report import ReplyReport
from role_engine.language import check
from role_engine.language.policy import LanguagePolicy, Mode
from role_engine.language.verdict import Verdict
from role_engine.modes.reasoning import split_reasoning
from role_engine.roles.role import NO_THINKING

MAX_TOKENS = 256
"""Of a reply. The embedded model takes about 55."""
MAX_TOKENS_THINKING = 1024
"""Of a reply with its passes."""


@dataclass(frozen=True, slots=True)
class DemoReply:
    """One reply, as it was delivered.

    Attributes:
        verdict: what the policy finds in the text, whoever guarded it.
        thoughts: what the model thought before, in a thinking mode.
        seconds: from the prompt to the last word.
    """

    text: str
    verdict: Verdict
    report: ReplyReport
    seconds: float
    thoughts: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One question and both replies; they begin alike, having the same seed."""

    question: str
    seed: int
    unguarded: DemoReply
    guarded: DemoReply


@dataclass(frozen=True, slots=True)
class Column:
    """One side of the comparison, all replies together."""

    replies: Sequence[DemoReply]

    @property
    def broken(self) -> int:
        """Replies that hold something which the policy refuses."""
        return sum(not reply.verdict.ok for reply in self.replies)

    @property
    def spans(self) -> Counter[str]:
        """What was delivered although the policy refuses it, by kind."""
        return Counter(violation.kind for reply in self.replies for violation in reply.verdict.violations)

    @property
    def rejected(self) -> Counter[str]:
        """What the guard rejected on the way, by kind."""
        return Counter(violation.kind for reply in self.replies for violation in reply.report.rejected)

    @property
    def attempts(self) -> int:
        return sum(reply.report.attempts for reply in self.replies)

    @property
    def tokens(self) -> int:
        return sum(reply.report.tokens_delivered for reply in self.replies)

    @property
    def thrown_away(self) -> int:
        """Tokens that were generated and not delivered."""
        return sum(reply.report.tokens_rejected + reply.report.tokens_dropped for reply in self.replies)

    @property
    def thrown_away_per_token(self) -> float:
        return self.thrown_away / self.tokens if self.tokens else 0.0

    @property
    def stripped(self) -> int:
        """Spans left out because no attempt came out clean."""
        return sum(reply.report.stripped for reply in self.replies)

    @property
    def failed(self) -> int:
        return sum(reply.report.failed for reply in self.replies)

    @property
    def seconds(self) -> float:
        return sum(reply.seconds for reply in self.replies)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the demo has to show."""

    model: str
    role: str | None
    role_name: str | None
    mode: Mode
    seed: int
    pairs: tuple[Pair, ...]
    thinking: str = NO_THINKING

    @property
    def unguarded(self) -> Column:
        return Column([pair.unguarded for pair in self.pairs])

    @property
    def guarded(self) -> Column:
        return Column([pair.guarded for pair in self.pairs])

    def as_dict(self) -> dict[str, Any]:
        """The document of `--json`."""
        off, on = self.unguarded, self.guarded
        return {
            "model": self.model,
            "role": self.role,
            "mode": self.mode,
            "seed": self.seed,
            **({"thinking": self.thinking} if self.thinking != NO_THINKING else {}),
            "unguarded": {"broken": off.broken, "spans": dict(off.spans), **_counts(off)},
            "guarded": {
                "broken": on.broken,
                "spans": dict(on.spans),
                "attempts": on.attempts,
                "rejected": dict(on.rejected),
                "stripped": on.stripped,
                "failed": on.failed,
                "tokens_thrown_away": on.thrown_away,
                "thrown_away_per_token": round(on.thrown_away_per_token, 4),
                **_counts(on),
            },
            "replies": [
                {
                    "question": pair.question,
                    "seed": pair.seed,
                    "unguarded": _reply(pair.unguarded),
                    "guarded": {**_reply(pair.guarded), "report": pair.guarded.report.as_dict("full")},
                }
                for pair in self.pairs
            ],
        }


def compare(
    planner: Planner,
    questions: Iterable[str],
    choice: Choice,
    *,
    seed: int,
    sampling: Mapping[str, Any] | None = None,
    on_reply: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> Comparison:
    """Ask every question twice, first without the guard.

    Args:
        choice: role and mode of the guarded side; the other one differs in the mode alone.
        seed: of the first question; each further one has the next.
        sampling: over the role's and the model's own.
        on_reply: called after each reply.

    Raises:
        UnknownRole, TemplateError, Refusal, BackendError: there is no reply.
    """
    in_force = planner.in_force(choice)
    off = Choice(choice.role, "off", choice.thinking)
    limit = MAX_TOKENS if in_force.thinking == NO_THINKING else MAX_TOKENS_THINKING

    def ask(question: str, seed: int, choice: Choice) -> DemoReply:
        asked = GenerationOptions(max_tokens=limit, seed=seed, sampling=sampling)
        # The guard by itself: under a token mask other words would be drawn from the first one on, and the two replies
        # could no longer be compared.
        (planned,) = planner.chat([{"role": "user", "content": question}], asked, request=choice, decoder="off")
        begun = clock()
        stream = planned.stream(planner.engine.backend, Event())
        try:
            text = "".join(stream)
        finally:
            stream.close()
        seconds = clock() - begun
        on_reply()
        thoughts, answer = split_reasoning(text) if planned.report.thinking != NO_THINKING else ("", text)
        return DemoReply(answer, _judged(answer, in_force.policy, question), planned.report, seconds, thoughts)

    pairs = [
        Pair(question, number, ask(question, number, off), ask(question, number, choice))
        for number, question in enumerate(questions, seed)
    ]
    role = in_force.role
    return Comparison(
        planner.engine.name,
        role.id if role is not None else None,
        role.name if role is not None else None,
        in_force.policy.mode,
        seed,
        tuple(pairs),
        in_force.thinking,
    )


def _judged(text: str, policy: LanguagePolicy, question: str) -> Verdict:
    return check(text, policy, (question,))


def _counts(column: Column) -> dict[str, Any]:
    return {"tokens": column.tokens, "seconds": round(column.seconds, 3)}


def _reply(reply: DemoReply) -> dict[str, Any]:
    verdict = reply.verdict.as_dict()
    thoughts = {"reasoning": reply.thoughts} if reply.thoughts else {}
    return {"text": reply.text, **thoughts, **verdict, "seconds": round(reply.seconds, 3)}
