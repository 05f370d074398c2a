"""One browser session: its language, and what the guard did to its last replies. Kept in memory, and only there unless
the settings ask for a file."""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from role_engine.files import append_line
from role_engine.guard.report import ReplyReport
from role_engine.hosts.panel.roles.temporary_download import TemporaryDownload
from role_engine.i18n.catalogue import Language, language_of

log = logging.getLogger("role_engine")

MOST_SESSIONS = 500
MOST_REPLIES = 500  # of a session
MOST_SPANS = 200  # of a reply
LONGEST_REPLY, LONGEST_QUESTION, LONGEST_SPAN = 6000, 200, 300  # characters


@dataclass(frozen=True, slots=True)
class RejectionRecord:
    """A span that the guard refused; the rest: see `role_engine.guard.report.RejectedSpan`."""

    kind: str
    text: str
    before: str
    lead: str
    instead: str


@dataclass(frozen=True, slots=True)
class ReplyRecord:
    """One reply and what happened to it on its way out."""

    question: str
    delivered: str
    role: str | None
    mode: str
    constraint: str
    attempts: int
    rejected: tuple[RejectionRecord, ...]
    stripped: int
    tokens_delivered: int
    tokens_rejected: int
    seconds_wasted: float
    failed: bool

    @classmethod
    def of(cls, report: ReplyReport, question: str, delivered: str) -> ReplyRecord:
        placed = zip(report.rejected[:MOST_SPANS], report.spots, strict=False)
        spans = [RejectionRecord(v.kind, v.text[:LONGEST_SPAN], at.before, at.lead, at.instead) for v, at in placed]
        return cls(
            question=question[:LONGEST_QUESTION],
            delivered=delivered[:LONGEST_REPLY],
            role=report.role,
            mode=report.mode,
            constraint=report.constraint,
            attempts=report.attempts,
            rejected=tuple(spans),
            stripped=report.stripped,
            tokens_delivered=report.tokens_delivered,
            tokens_rejected=report.tokens_rejected,
            seconds_wasted=round(report.seconds_wasted, 3),
            failed=report.failed,
        )


@dataclass
class BrowserSession:
    """One browser's visit.

    Attributes:
        last: the report of the reply that is being made or was made last.
        given_out: the file to download.
        watching: by bar, the work that it shows.
    """

    language: Language
    replies: deque[ReplyRecord] = field(default_factory=lambda: deque(maxlen=MOST_REPLIES))
    last: ReplyReport | None = None
    given_out: TemporaryDownload = field(default_factory=TemporaryDownload)
    watching: dict[str, str] = field(default_factory=dict)


class BrowserSessions:
    """The browser sessions that were seen last.

    Args:
        log_file: where replies are noted down as well; None: nowhere. Asked for anew each time.
        language: the page's language for everybody; None: the browser's.
    """

    def __init__(
        self,
        log_file: Callable[[], Path | None] = lambda: None,
        language: Callable[[], Language | None] = lambda: None,
    ) -> None:
        self._log_file, self._language = log_file, language
        self._sessions: OrderedDict[str, BrowserSession] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: str | None, accepted: str | None = None) -> BrowserSession:
        """The session of that key, new where it was not seen yet.

        Args:
            accepted: the browser's `Accept-Language`, which says a new session's language.
        """
        with self._lock:
            session = self._sessions.get(key or "")
            if session is None:
                session = self._sessions[key or ""] = BrowserSession(self._language() or language_of(accepted))
                while len(self._sessions) > MOST_SESSIONS:
                    self._sessions.popitem(last=False)
            self._sessions.move_to_end(key or "")
            return session

    def note(self, key: str | None, report: ReplyReport, question: str, delivered: str) -> None:
        """Note a reply that is over."""
        reply = ReplyRecord.of(report, question, delivered)
        session = self.of(key)
        session.last = replace(report)
        session.replies.append(reply)
        file = self._log_file()
        if file is None:
            return
        try:
            append_line(file, json.dumps(asdict(reply), ensure_ascii=False))
        except OSError as error:
            log.warning("the guard's log cannot be written: %s", error)
