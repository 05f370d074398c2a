"""One reply, generated as often as it takes: what may not pass is thrown away and generated again.

What has been yielded is final. On a violation the engine is stopped, and generation resumes after the last clean token,
or, where that led into the same hole, after the last clean word, with a derived seed and with the tokens banned that
led there. Three caps end it: tries at one spot, rejected tokens and wasted seconds of the whole reply. Then
`on_failure` decides.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Generator, Iterator
from threading import Event
from typing import Literal

import regex

from role_engine.backends.base import Backend, GenerationRequest, TokenBan
from role_engine.guard.constraint import Constraints
from role_engine.guard.rejections import RejectedSpans
from role_engine.guard.report import ReplyReport
from role_engine.guard.stop_strings import StreamPreprocessor
from role_engine.guard.stream import StreamGuard
from role_engine.guard.tokens import TokenLedger
from role_engine.language.verdict import Violation

MAX_WASTED_SECONDS = 30.0
MAX_STRIPS = 3

_RUSSIAN = regex.compile(r"[а-яё]+", regex.IGNORECASE)


def derive_seed(seed: int | None, attempt: int) -> int | None:
    """The seed of a reply's n-th attempt: the request's own for the first, then spread, to meet no neighbour's.

    (Engines number the choices of one request seed, seed + 1, …, so counting up would repeat another choice.)
    """
    if seed is None or seed < 0 or attempt == 0:
        return seed
    digest = hashlib.blake2s(f"{seed}/{attempt}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") & 0x7FFFFFFF


class GuardedStream(Iterator[str]):
    """Iterates over final text. `report` is filled as it goes; `close()` ends the work in the engine.

    Args:
        backend: the engine.
        request: the reply to generate, with the policy that it is held to.
        cancel: set by anyone who wants it to end; held text is dropped then.
        report: an existing report to fill, for hosts that hand it out before the reply begins.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        backend: Backend,
        request: GenerationRequest,
        *,
        cancel: Event | None = None,
        report: ReplyReport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.report = report if report is not None else ReplyReport(mode=request.policy.mode)
        self._reply = _Reply(backend, request, cancel or Event(), self.report, clock)
        self._pieces = self._reply.run()

    def __iter__(self) -> GuardedStream:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        self._pieces.close()


def guarded_stream(
    backend: Backend,
    request: GenerationRequest,
    *,
    cancel: Event | None = None,
    report: ReplyReport | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> GuardedStream:
    """Generate `request` on `backend` under its policy: an iterator of final text with a `.report`, always readable."""
    return GuardedStream(backend, request, cancel=cancel, report=report, clock=clock)


Outcome = Literal["again", "stop", "length", "content_filter", "cancelled"]


class _Reply:
    """The state of one reply across its attempts."""

    def __init__(
        self,
        backend: Backend,
        request: GenerationRequest,
        cancel: Event,
        report: ReplyReport,
        clock: Callable[[], float],
    ) -> None:
        self._backend, self._request, self._cancel, self._clock = backend, request, cancel, clock
        self._policy, self._report = request.policy, report
        self._guard = StreamGuard(request.policy, request.context, request.prompt_suffix)
        self._delivered = ""
        self._spots = RejectedSpans()
        self._reached = 0  # characters that are clean, delivered or not: the present spot
        self._tries = 0  # failed tries there
        self._bans: dict[int, TokenBan] = {}
        self._constraints = Constraints(backend, request)
        self._carried = TokenLedger()  # clean tokens, not delivered yet, that the next attempt goes on from
        self._intake, self._ledger, self._mark = StreamPreprocessor(), TokenLedger(), clock()

    def run(self) -> Generator[str, None, None]:
        """Attempt after attempt, until one ends by itself or a cap does."""
        report = self._report
        report.attempts = 0
        try:
            while report.finish is None:
                outcome: Outcome = yield from self._attempt()
                if outcome != "again":
                    report.finish = outcome
        finally:
            report.spots += self._spots.in_text(self._delivered)
        report.late, report.relaxed = list(self._guard.late), self._guard.relaxed

    def _attempt(self) -> Generator[str, None, Outcome]:
        """One generation, from the delivered text and the tokens carried over on."""
        self._ledger, self._carried, self._mark = self._carried, TokenLedger(), self._clock()
        self._intake = StreamPreprocessor(
            stop=self._request.stop, names=() if self._delivered else self._request.names, before=self._delivered
        )
        begun = self._ledger.text
        request = self._request.derive(
            prefix=self._request.prefix + self._delivered + begun,
            seed=derive_seed(self._request.seed, self._report.attempts),
            max_tokens=self._tokens_left(),
            bans=self._request.bans + tuple(self._bans.values()),
        )
        constraint = self._constraints.of(request, attempt=self._report.attempts, tries=self._tries)
        if constraint != "none":
            self._report.constraint = constraint
        request = request.derive(constraint=constraint, enforce=self._tries + 1 >= self._policy.attempts)
        self._report.attempts += 1
        yield from self._deliver(self._guard.feed(self._intake.feed(begun)))
        chunks = self._backend.stream(request, cancel=self._cancel)
        ended: str = "stop"
        try:
            for chunk in chunks:
                if self._cancel.is_set():
                    return "cancelled"
                self._ledger.book(chunk)
                outcome = yield from self._pass_on(self._intake.feed(chunk.text))
                if outcome is not None:
                    return outcome
                if chunk.finish or self._intake.stopped:
                    ended = chunk.finish or "stop"
                    break
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        if self._cancel.is_set() or ended == "cancelled":
            return "cancelled"
        outcome = yield from self._pass_on(self._intake.finish(), last=True)
        return outcome or ("length" if ended == "length" else "stop")

    def _pass_on(self, text: str, *, last: bool = False) -> Generator[str, None, Outcome | None]:
        """Text from the engine through the guard to the reader; an outcome where the attempt ends by it."""
        yield from self._deliver(self._guard.feed(text))
        if last and self._guard.violation is None:
            yield from self._deliver(self._guard.finish())
        while self._guard.violation is not None:
            if self._reject(self._guard.violation):
                return "again"
            self._report.failed = True
            self._note(self._guard.violation)
            if self._policy.on_failure == "stop" or self._report.stripped >= MAX_STRIPS:
                self._report.tokens_dropped += self._ledger.undelivered
                return "content_filter"
            yield from self._strip(self._guard.violation)
        return None

    def _deliver(self, text: str) -> Generator[str, None, None]:
        self._report.tokens_delivered += self._ledger.deliver(self._intake.held + len(self._guard.held))
        if not text:
            return
        self._delivered += text
        if text.strip():
            self._new_spot(len(self._delivered))
        yield text
        self._mark = self._clock()  # after the reader has taken it: a slow reader wastes nothing

    def _reject(self, violation: Violation) -> bool:
        """Prepare another attempt, from the last clean token on; False where the caps, or the engine, allow none.

        Where an attempt fails at the same spot again, the next one starts further back, before the word: the way into
        the hole may have begun there.
        """
        boundary = self._boundary()
        carried = self._ledger.carry(boundary, boundary + self._clean_lead(violation))
        reached = len(self._delivered) + carried.produced
        again = reached <= self._reached and self._tries > 0
        if again:
            carried = TokenLedger()
        thrown = self._ledger.undelivered - carried.undelivered
        seconds = self._clock() - self._mark
        if not self._affordable(self._tries + 1 if again else 1, thrown, seconds):
            return False
        if not again:
            self._new_spot(reached)
        self._tries += 1
        self._note(violation)
        self._report.tokens_rejected += thrown
        self._report.seconds_wasted += seconds
        for ban in self._ledger.bans(boundary + carried.produced, boundary + self._foul(violation)):
            self._bans[ban.token_id] = ban
        self._guard, self._carried = self._guard.resume(), carried
        return True

    def _note(self, violation: Violation) -> None:
        self._report.rejected.append(violation)
        held = self._guard.held[: violation.start - self._guard.released]
        self._spots.add(len(self._delivered), held, len(violation.text))

    def _affordable(self, tries: int, tokens: int, seconds: float) -> bool:
        """Whether one more rejection stays inside the caps, and the engine can start again where it is wanted."""
        limit = self._request.max_tokens
        cap = math.inf if limit is None else self._policy.max_waste * limit
        return (
            tries < self._policy.attempts
            and self._report.tokens_rejected + tokens <= cap
            and self._report.seconds_wasted + seconds <= MAX_WASTED_SECONDS
            and (self._backend.capabilities.resume != "none" or not self._delivered)
        )

    def _clean_lead(self, violation: Violation) -> int:
        """How much of the held text stands before what is foul, and would be clean if the reply ended there."""
        size = self._foul(violation)
        if size <= 0 or self._backend.capabilities.resume == "none":
            return 0
        rest = self._guard.resume()
        rest.feed(self._guard.held[:size])
        rest.finish()
        return size if rest.violation is None else 0

    def _foul(self, violation: Violation) -> int:
        """Where in the held text the violation really begins: a mixed word is clean as long as it is Russian."""
        start = violation.start - self._guard.released
        if violation.kind == "mixed" and (letters := _RUSSIAN.match(violation.text)):
            start += letters.end()
        return start

    def _strip(self, violation: Violation) -> Generator[str, None, None]:
        """Leave the violation out and go on with what was held behind it."""
        start = self._boundary() + violation.start - self._guard.released
        self._report.stripped += 1
        self._report.tokens_dropped += self._ledger.discard(start, start + violation.end - violation.start)
        self._new_spot(len(self._delivered))
        yield from self._deliver(self._guard.strip())

    def _new_spot(self, reached: int) -> None:
        self._reached, self._tries = reached, 0
        self._bans.clear()

    def _tokens_left(self) -> int | None:
        limit = self._request.max_tokens
        if limit is None:
            return None
        used = self._report.tokens_delivered + self._report.tokens_dropped + self._ledger.undelivered
        return max(0, limit - used)

    def _boundary(self) -> int:
        """Where the held text begins, in the ledger's offsets."""
        return self._ledger.produced - self._intake.held - len(self._guard.held)
