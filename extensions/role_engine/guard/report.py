"""What happened to a reply on its way out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from role_engine.backends.base import Constraint
from role_engine.language.verdict import Violation

Ending = Literal["stop", "length", "content_filter", "cancelled"]


@dataclass(frozen=True, slots=True)
class RejectedSpan:
    """Where a span was rejected. What the model wanted there is `before + lead` and the span.

    Attributes:
        before: the end of the delivered text in front of it, the same for what was wanted and what was delivered.
        lead: clean text that the model had written between that and the span, and that came out otherwise.
        instead: the beginning of what was delivered there.
    """

    before: str
    lead: str
    instead: str


@dataclass(slots=True)
class ReplyReport:
    """Filled while the reply is generated; readable at any time.

    Attributes:
        constraint: what kept forbidden tokens from being sampled, in some attempt at least.
        attempts: generations started; 1 = nothing was rejected.
        rejected: every span that made the guard reject, in order.
        spots: where that was, one for each of `rejected`; known when the text that they belong to is whole.
        stripped: spans left out of the delivered text.
        tokens_rejected: generated tokens thrown away and generated again; what `max_waste` caps.
        tokens_dropped: tokens of stripped spans, and of the held text where the guard ended the reply.
        tokens_delivered: tokens in the delivered text.
        tokens_prompt: tokens of the prompt, None where the engine does not say.
        finish: `stop`, `length`, `content_filter` (the guard ended the reply), `cancelled`.
        failed: some spot could not be generated cleanly.
        seconds_wasted: time spent on text that was rejected.
        left_out: what of the role did not fit into its share of the context.
    """

    role: str | None = None
    mode: str = "balanced"
    thinking: str = "none"
    constraint: Constraint = "none"
    attempts: int = 1
    rejected: list[Violation] = field(default_factory=list)
    spots: list[RejectedSpan] = field(default_factory=list)
    stripped: int = 0
    tokens_rejected: int = 0
    tokens_dropped: int = 0
    tokens_delivered: int = 0
    tokens_prompt: int | None = None
    late: list[Violation] = field(default_factory=list)
    relaxed: str | None = None
    failed: bool = False
    finish: Ending | None = None
    seconds_wasted: float = 0.0
    left_out: tuple[str, ...] = ()

    def as_dict(self, detail: Literal["counts", "full"] = "counts") -> dict[str, Any]:
        """The `role_engine` object of an HTTP reply."""
        if detail == "full":
            spans: Counter[tuple[str, str]] = Counter((v.kind, v.text) for v in self.rejected)
            rejected = [{"kind": kind, "text": text, "count": n} for (kind, text), n in spans.items()]
        else:
            kinds = Counter(v.kind for v in self.rejected)
            rejected = [{"kind": kind, "count": n} for kind, n in kinds.items()]
        return {
            "role": self.role,
            "mode": self.mode,
            "thinking": self.thinking,
            "constraint": self.constraint,
            "attempts": self.attempts,
            "rejected": rejected,
            "stripped": self.stripped,
            "tokens_rejected": self.tokens_rejected,
            "tokens_delivered": self.tokens_delivered,
            "late": len(self.late),
            "relaxed": self.relaxed,
            "failed": self.failed,
            **({"left_out": list(self.left_out)} if self.left_out else {}),
        }
