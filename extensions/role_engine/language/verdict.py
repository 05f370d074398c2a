"""What a check says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["cjk", "script", "cyrillic", "mixed", "latin", "translit", "garbage", "language"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A span that the policy refuses. `start` and `end` are offsets in characters, `end` exclusive."""

    kind: Kind
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check` found.

    Attributes:
        violations: refused spans, in order, not overlapping.
        late: spans that could only be judged after their text was released; they never block.
        relaxed: language code of a foreign language that the user asked for and that was let through, or None.
    """

    violations: tuple[Violation, ...] = ()
    late: tuple[Violation, ...] = ()
    relaxed: str | None = None

    @property
    def ok(self) -> bool:
        return not self.violations

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "ok": self.ok,
            "violations": [asdict(violation) for violation in self.violations],
            "late": [asdict(violation) for violation in self.late],
        }
        if self.relaxed:
            found["relaxed"] = self.relaxed
        return found
