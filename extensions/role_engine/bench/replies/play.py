"""A model's replies to questions, unguarded and guarded, from the same seeds; each is kept as soon as it is made."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from role_engine.app.planner import GenerationOptions, Planner
from role_engine.app.resolution import Choice
from role_engine.bench.replies.questions import BenchQuestion
from role_engine.errors import InputError
from role_engine.files import append_line

KEPT = "replies.jsonl"
MODES = ("off", "balanced", "strict")


@dataclass(frozen=True, slots=True)
class PlaySetup:
    """What is asked of a model, and how.

    Attributes:
        temperatures: each question is asked at each.
        seeds: and with each of so many seeds, the first one `seed`.
        max_tokens: of a reply.
        role: who answers; `none`: nobody.
    """

    questions: Sequence[BenchQuestion]
    modes: Sequence[str] = MODES
    temperatures: Sequence[float] = (0.8,)
    seeds: int = 1
    seed: int = 0
    max_tokens: int = 160
    role: str = "none"

    @property
    def total(self) -> int:
        return len(self.questions) * len(self.modes) * len(self.temperatures) * self.seeds


@dataclass(frozen=True, slots=True)
class PlayedReply:
    """One reply, as it was delivered.

    Attributes:
        first: seconds to the first character, None where there is none.
        seconds: to the last one.
        rejected: what the guard rejected, with the text before it and what was delivered instead.
    """

    category: str
    question: str
    mode: str
    temperature: float
    seed: int
    text: str
    first: float | None
    seconds: float
    tokens: int
    thrown_away: int
    attempts: int
    stripped: int
    failed: bool
    finish: str | None
    constraint: str
    rejected: tuple[dict[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str, float, int]:
        return self.question, self.mode, self.temperature, self.seed


def play(
    planner: Planner,
    wanted: PlaySetup,
    folder: Path,
    *,
    settings: dict[str, Any],
    advance: Callable[[int], None] = lambda done: None,
    clock: Callable[[], float] = time.perf_counter,
) -> list[PlayedReply]:
    """Ask all that is not in the folder already, and give every reply.

    Args:
        folder: keeps the replies, so that a run that was stopped goes on.
        settings: what the replies depend on besides; a folder of other settings is not gone on with.

    Raises:
        InputError: the folder holds replies of other settings, or cannot be written.
    """
    file = folder / KEPT
    done = {reply.key: reply for reply in _kept(file, settings)}
    if not file.exists() or not file.stat().st_size:
        append_line(file, json.dumps(settings, ensure_ascii=False))
    found = []
    for question, temperature, seed in _rounds(wanted):
        if any((question.text, mode, temperature, seed) not in done for mode in wanted.modes):
            _read_prompt(planner, wanted, question)
        for mode in wanted.modes:
            reply = done.get((question.text, mode, temperature, seed))
            if reply is None:
                reply = _ask(planner, wanted, question, mode, temperature, seed, clock)
                append_line(file, json.dumps(asdict(reply), ensure_ascii=False))
            found.append(reply)
            advance(1)
    return found


def _rounds(wanted: PlaySetup) -> Iterator[tuple[BenchQuestion, float, int]]:
    for number in range(wanted.seeds):
        for temperature in wanted.temperatures:
            for question in wanted.questions:
                yield question, temperature, wanted.seed + number


def _kept(file: Path, settings: dict[str, Any]) -> Iterable[PlayedReply]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file.parent} cannot be used: {error}.") from None
    if not lines:
        return []
    if _parsed(lines[0]) != json.loads(json.dumps(settings)):
        raise InputError(f"{file} holds replies of another model or of other settings.", hint="Name another --out.")
    return [PlayedReply(**{**one, "rejected": tuple(one["rejected"])}) for one in map(_parsed, lines[1:]) if one]


def _parsed(line: str) -> dict[str, Any]:
    """A line's document; an empty one where a run was stopped while it wrote."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _read_prompt(planner: Planner, wanted: PlaySetup, question: BenchQuestion) -> None:
    """Have the engine read the prompt: one out of its cache gives other logits than one that is read anew."""
    _ask(planner, replace(wanted, max_tokens=1), question, "off", 0.0, 0, time.perf_counter)


def _ask(
    planner: Planner,
    wanted: PlaySetup,
    question: BenchQuestion,
    mode: str,
    temperature: float,
    seed: int,
    clock: Callable[[], float],
) -> PlayedReply:
    sampling = {"temperature": temperature, "top_p": 1.0, "top_k": 0, "min_p": 0.0}
    asked = GenerationOptions(max_tokens=wanted.max_tokens, seed=seed, sampling=sampling)
    message = {"role": "user", "content": question.text}
    (planned,) = planner.chat([message], asked, request=Choice(wanted.role, mode, "none"))
    begun, first = clock(), None
    stream = planned.stream(planner.engine.backend, Event())
    pieces = []
    try:
        for piece in stream:
            first = clock() - begun if first is None and piece else first
            pieces.append(piece)
    finally:
        stream.close()
    seconds, report = clock() - begun, planned.report
    rejected = tuple(
        {"kind": span.kind, "text": span.text, "before": spot.before + spot.lead, "instead": spot.instead}
        for span, spot in zip(report.rejected, report.spots, strict=False)
    )
    return PlayedReply(
        category=question.category,
        question=question.text,
        mode=mode,
        temperature=temperature,
        seed=seed,
        text="".join(pieces),
        first=first,
        seconds=seconds,
        tokens=report.tokens_delivered,
        thrown_away=report.tokens_rejected + report.tokens_dropped,
        attempts=report.attempts,
        stripped=report.stripped,
        failed=report.failed,
        finish=report.finish,
        constraint=report.constraint,
        rejected=rejected,
    )
