"""What guarding a stream costs, and what it catches.

The same replies are streamed three ways: bare; guarded; and watched by the obvious alternative, a language detector
asked about the whole reply at every token. Times are the best of several runs, and are to be read as ratios. Those
replies are scripts; what it costs a real engine to go back is measured beside it (`resume.py`), where there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median
from threading import Event
from typing import TYPE_CHECKING, Any

from role_engine.backends.base import Chunk, GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.bench.leaky_model import LeakyModel, reply_text, tokens_of
from role_engine.bench.peers import langdetect_says_russian
from role_engine.embedded import MODEL
from role_engine.guard.attempts import guarded_stream
from role_engine.language.policy import LanguagePolicy

if TYPE_CHECKING:
    from role_engine.bench import resume

WORDS = 80
POLICY = LanguagePolicy(mode="strict")
RUNS = 3
PROMPT_TOKENS = 2000
"""Of the prompt behind which a reply is resumed."""
PEER_REPLIES = 3
"""The peer is asked about few replies: it takes seconds for each."""
RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


@dataclass(frozen=True, slots=True)
class TokenCost:
    """Microseconds a token. The peer's are None where it is not installed."""

    bare: float
    guarded: float
    peer: float | None

    @property
    def guarded_to_bare(self) -> float:
        return self.guarded / self.bare

    @property
    def peer_to_guard(self) -> float | None:
        """How many times more the peer adds to a token than the guard does."""
        return None if self.peer is None else (self.peer - self.bare) / max(self.guarded - self.bare, 1e-3)


@dataclass(frozen=True, slots=True)
class HoldingDelay:
    """Characters that the model has produced and the reader does not see yet."""

    before_first: float
    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class GuardBenchmark:
    """One run of the benchmark.

    Attributes:
        violating_off, violating_on: share of replies with a letter that is not Russian, bare and guarded.
        peer_misses: share of the violating replies that the peer calls Russian.
        thrown_away: tokens rejected per token delivered.
        failed: share of replies with a spot that no attempt made clean.
        resume: what going back costs on Transformers; None: that is not installed.
    """

    replies: int
    tokens: int
    cost: TokenCost
    violating_off: float
    violating_on: float
    peer_misses: float | None
    thrown_away: float
    failed: float
    holding: HoldingDelay
    resume: resume.ResumeBenchmark | None

    def as_dict(self) -> dict[str, Any]:
        ratios = {"guarded_to_bare": self.cost.guarded_to_bare, "peer_to_guard": self.cost.peer_to_guard}
        found = asdict(self)
        found["cost"] = {f"{name}_us_per_token": value for name, value in found["cost"].items()} | ratios
        found["resume"] = None if self.resume is None else self.resume.as_dict()
        return {"benchmark": "guard", "peer": "langdetect", **found}


def measure(
    *,
    replies: int,
    words: int = WORDS,
    model: Path = MODEL,
    prompt_tokens: int = PROMPT_TOKENS,
    progress: Callable[[str], None] = lambda text: None,
) -> GuardBenchmark:
    """Play `replies` replies of `words` words each way; then resume one of `model` behind `prompt_tokens` tokens."""
    is_russian = langdetect_says_russian()
    if is_russian is None:
        progress("langdetect is not installed, so there is no peer to compare with: pip install 'role-engine[bench]'")
    texts = [reply_text(number, words) for number in range(replies)]
    progress(f"timing {replies} clean replies …")
    cost = _cost([tokens_of(text) for text in texts], is_russian)
    progress(f"guarding {replies} leaky replies …")
    bare = [_bare(ReplayBackend(LeakyModel(number, words)), number) for number in range(replies)]
    guarded = [_guarded(ReplayBackend(LeakyModel(number, words)), number) for number in range(replies)]
    violating = [text for text in bare if _violates(text)]
    missed = [is_russian(text) for text in violating] if is_russian else []
    reports = [reply.report for reply in guarded]
    return GuardBenchmark(
        replies=replies,
        tokens=sum(len(tokens_of(text)) for text in texts),
        cost=cost,
        violating_off=len(violating) / replies,
        violating_on=mean(_violates(reply.text) for reply in guarded),
        peer_misses=mean(missed) if missed else None,
        thrown_away=sum(r.tokens_rejected for r in reports) / max(1, sum(r.tokens_delivered for r in reports)),
        failed=mean(report.failed for report in reports),
        holding=_holding([tokens_of(text) for text in texts]),
        resume=_resume(model, prompt_tokens, progress),
    )


def _resume(model: Path, prompt_tokens: int, progress: Callable[[str], None]) -> resume.ResumeBenchmark | None:
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        progress(f"{error.name} is not installed, so no resume is measured: pip install 'role-engine[models]'")
        return None
    from role_engine.bench.resume import measure as measure_resume

    return measure_resume(model=model, prompt_tokens=prompt_tokens, progress=progress)


def _violates(text: str) -> bool:
    """Whether there is a letter that is not Russian: on purpose not our own check."""
    return any(char.isalpha() and char.lower() not in RUSSIAN for char in text)


@dataclass(slots=True)
class _Reply:
    text: str
    report: Any


def _bare(backend: ReplayBackend, seed: int) -> str:
    return "".join(chunk.text for chunk in backend.stream(GenerationRequest(seed=seed), cancel=Event()))


def _guarded(backend: ReplayBackend, seed: int) -> _Reply:
    stream = guarded_stream(backend, GenerationRequest(seed=seed, policy=POLICY))
    return _Reply("".join(stream), stream.report)


def _cost(scripts: Sequence[Sequence[str]], is_russian: Callable[[str], bool] | None) -> TokenCost:
    def run_bare(some: Iterable[Sequence[str]]) -> None:
        for script in some:
            _bare(ReplayBackend([script]), 0)

    def run_guarded(some: Iterable[Sequence[str]]) -> None:
        for script in some:
            _guarded(ReplayBackend([script]), 0)

    few = scripts[:PEER_REPLIES]
    return TokenCost(
        bare=_per_token(run_bare, scripts, RUNS),
        guarded=_per_token(run_guarded, scripts, RUNS),
        peer=_per_token(lambda some: _watched(some, is_russian), few, 1) if is_russian else None,
    )


def _watched(scripts: Iterable[Sequence[str]], is_russian: Callable[[str], bool]) -> None:
    for script in scripts:
        text = ""
        for chunk in ReplayBackend([script]).stream(GenerationRequest(), cancel=Event()):
            text += chunk.text
            is_russian(text)


def _per_token(play: Callable[[Sequence[Sequence[str]]], None], scripts: Sequence[Sequence[str]], runs: int) -> float:
    tokens = sum(map(len, scripts))
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        play(scripts)
        times.append(time.perf_counter() - start)
    return min(times) / tokens * 1e6


class _Counting(ReplayBackend):
    """Counts the characters that it has produced, at the moment at which it hands them out."""

    produced = 0

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Any:
        for chunk in super().stream(request, cancel=cancel):
            self.produced += len(chunk.text)
            yield chunk


def _holding(scripts: Iterable[Sequence[str]]) -> HoldingDelay:
    first: list[int] = []
    held: list[int] = []
    for script in scripts:
        backend = _Counting([[Chunk(piece) for piece in script]])
        released = 0
        for piece in guarded_stream(backend, GenerationRequest(policy=POLICY)):
            if not released:
                first.append(backend.produced)
            held.append(backend.produced - released)
            released += len(piece)
    return HoldingDelay(before_first=median(first or [0]), mean=mean(held or [0]), most=max(held, default=0))
