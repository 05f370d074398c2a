"""Where something was rejected: what the model wanted there, and what was delivered instead."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.guard.rejections import AROUND, MOST_INSTEAD, RejectedSpans
from role_engine.language import LanguagePolicy
from tests.guard.test_attempts import VIOLATIONS, run


@pytest.mark.parametrize("scripts", [scripts for scripts, _ in VIOLATIONS.values()], ids=VIOLATIONS)
def test_both_sides_are_what_they_say(scripts: Any) -> None:
    """What was wanted begins the attempt that was rejected; what was delivered begins the reply."""
    delivered, report, backend = run(scripts)
    assert len(report.spots) == len(report.rejected) == len(scripts) - 1
    for spot, violation, attempt in zip(report.spots, report.rejected, backend.attempts, strict=False):
        assert attempt.whole.startswith(spot.before + spot.lead + violation.text)
        assert spot.instead and delivered.startswith(spot.before + spot.instead)


def test_what_was_written_otherwise_before_the_span_is_no_delivered_text() -> None:
    """The second failure at a spot goes back to what was delivered, here to the beginning of the sentence."""
    policy = LanguagePolicy(mode="strict", hold="sentence")
    delivered, report, _ = run(
        [["Иду", " по", " дороге", " home"], [" way", " к"], ["Лечу", " домой", "."]], policy=policy
    )
    assert delivered == "Лечу домой."
    assert {(spot.before, spot.lead, spot.instead) for spot in report.spots} == {("", "Иду по дороге ", "Лечу домой.")}


def test_what_is_left_out_has_its_place_too() -> None:
    policy = LanguagePolicy(mode="strict", attempts=1)
    delivered, report, _ = run([["Иду", " by", " road", " домой", "."]], policy=policy)
    assert delivered == "Иду домой." and report.stripped
    assert [(spot.before, spot.instead[:6]) for spot in report.spots] == [("Иду ", "домой.")]


def test_a_reply_that_is_ended_early_has_its_places() -> None:
    from role_engine.backends.base import GenerationRequest
    from role_engine.backends.replay import ReplayBackend
    from role_engine.guard import guarded_stream

    backend = ReplayBackend([["Иду", " road"], [" путём", ".", " Дальше", " лес", "."]])
    stream = guarded_stream(backend, GenerationRequest(policy=LanguagePolicy(mode="strict"), max_tokens=50))
    seen = ""
    while "путём" not in seen:
        seen += next(stream)
    stream.close()
    (spot,) = stream.report.spots
    assert spot.before.rstrip() == "Иду" and "путём" in spot.before + spot.instead


@given(st.text(), st.integers(0, 500), st.text(), st.integers(0, 2000))
def test_it_stays_small_and_inside_of_the_text(delivered: str, place: int, held: str, size: int) -> None:
    spots = RejectedSpans()
    spots.add(place, held, size)
    (spot,) = spots.in_text(delivered)
    assert max(len(spot.before), len(spot.lead)) <= AROUND and len(spot.instead) <= MOST_INSTEAD
    assert spot.before + spot.instead in delivered
