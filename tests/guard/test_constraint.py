"""Which attempts are decoded under a constraint, by the policy's `decoder` and what the engine can do."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

from role_engine import Capabilities, Chunk, GenerationRequest, LanguagePolicy, guarded_stream
from role_engine.backends.base import Constraint


class Leaky:
    """Writes a Latin word unless it is constrained; notes what each attempt ran under."""

    def __init__(self, capabilities: Capabilities, constraint: Constraint) -> None:
        self.capabilities, self._constraint = capabilities, constraint
        self.seen: list[Constraint] = []

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        return self._constraint

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        self.seen.append(request.constraint)
        yield Chunk(" friend" if request.constraint == "none" else " друг")
        yield Chunk(".", finish="stop")


MASKS = Capabilities(resume="prefix", mask=True)
BIAS = Capabilities(resume="prefix", bias=True)
GRAMMAR = Capabilities(resume="prefix", grammar=True)


def run(engine: Any, context: tuple[str, ...] = (), **policy: Any) -> Any:
    request = GenerationRequest(
        prompt="Кто?", max_tokens=20, context=context, policy=LanguagePolicy(**{"mode": "strict", **policy})
    )
    stream = guarded_stream(engine, request)
    text = "".join(stream)
    return text, stream.report


def test_where_tokens_are_masked_auto_means_always_in_strict() -> None:
    engine = Leaky(MASKS, "mask")
    text, report = run(engine)
    assert (text, engine.seen) == (" друг.", ["mask"])
    assert (report.constraint, report.as_dict()["constraint"], report.tokens_rejected) == ("mask", "mask", 0)


def test_where_tokens_are_masked_auto_means_the_last_try_in_balanced() -> None:
    engine = Leaky(MASKS, "mask")
    assert run(engine, mode="balanced", attempts=3)[0] == " друг."
    assert engine.seen == ["none", "none", "mask"]


def test_a_bias_is_cheap_and_auto_takes_it_as_a_mask() -> None:
    engine = Leaky(BIAS, "bias")
    report = run(engine)[1]
    assert (engine.seen, report.constraint) == (["bias"], "bias")
    engine = Leaky(BIAS, "bias")
    run(engine, mode="balanced", attempts=3)
    assert engine.seen == ["none", "none", "bias"]


def test_a_grammar_is_slow_and_auto_does_without() -> None:
    engine = Leaky(GRAMMAR, "grammar")
    report = run(engine)[1]
    assert set(engine.seen) == {"none"}
    assert report.failed


def test_after_a_rejection() -> None:
    engine = Leaky(GRAMMAR, "grammar")
    text, report = run(engine, decoder="after_reject")
    assert (text, engine.seen) == (" друг.", ["none", "grammar"])
    assert (report.constraint, report.attempts) == ("grammar", 2)


def test_always_is_from_the_first_token_on() -> None:
    engine = Leaky(GRAMMAR, "grammar")
    assert run(engine, decoder="always")[1].attempts == 1
    assert engine.seen == ["grammar"]


def test_off_is_never_though_the_reply_fails() -> None:
    engine = Leaky(MASKS, "mask")
    report = run(engine, decoder="off")[1]
    assert set(engine.seen) == {"none"}
    assert (report.constraint, report.failed) == ("none", True)


def test_the_last_try_is_under_the_constraint_even_where_it_is_the_first() -> None:
    engine = Leaky(GRAMMAR, "grammar")
    assert run(engine, attempts=1, decoder="after_reject")[0] == " друг."
    assert engine.seen == ["grammar"]


def test_an_engine_that_cannot_constrain_this_request_is_left_to_the_guard() -> None:
    engine = Leaky(MASKS, "none")
    report = run(engine, attempts=2)[1]
    assert engine.seen == ["none", "none"]
    assert (report.constraint, report.failed) == ("none", True)


def test_balanced_leaves_a_reply_in_another_language_alone() -> None:
    engine = Leaky(MASKS, "mask")
    run(engine, ("Переведи на китайский: «Доброе утро».",), mode="balanced", decoder="always")
    assert "mask" not in engine.seen
    run(engine, ("Переведи на китайский: «Доброе утро».",), mode="strict")
    assert engine.seen[-1] == "mask"
