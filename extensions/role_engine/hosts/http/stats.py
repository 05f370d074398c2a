"""Counters since the start, for `GET /v1/role-engine/stats`."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from role_engine.guard import ReplyReport


class Stats:
    """Sums over replies; thread-safe, since loaders may answer several requests at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()

    def add(self, report: ReplyReport) -> None:
        with self._lock:
            self._totals.update(
                replies=1,
                rejected_replies=int(bool(report.rejected)),
                failed=int(report.failed),
                attempts=report.attempts,
                stripped=report.stripped,
                tokens_delivered=report.tokens_delivered,
                tokens_rejected=report.tokens_rejected,
            )
            self._kinds.update(violation.kind for violation in report.rejected)

    def as_dict(self) -> dict[str, Any]:
        names = ("replies", "rejected_replies", "failed", "attempts", "stripped", "tokens_delivered", "tokens_rejected")
        with self._lock:
            return {**{name: self._totals[name] for name in names}, "rejected": dict(self._kinds)}
