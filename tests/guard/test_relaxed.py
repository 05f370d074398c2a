"""Replies in a language that the user asked for, from the engine to the report."""

from __future__ import annotations

import pytest

from role_engine.backends.base import GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.guard import guarded_stream
from role_engine.language import LanguagePolicy

BALANCED = LanguagePolicy(mode="balanced")
REQUEST = ("Переведи на английский «Дорогие друзья, приезжайте к нам летом».",)
REPLY = [
    "Вот",
    " перевод",
    ":\n\n",
    "Dear",
    " friends",
    ", come",
    " and see us",
    " in summer",
    ".\n\n",
    "Вот",
    " так",
    ".",
]


def test_what_was_asked_for_is_delivered_and_reported() -> None:
    stream = guarded_stream(ReplayBackend([REPLY]), GenerationRequest(policy=BALANCED, context=REQUEST, max_tokens=200))
    assert "".join(stream) == "".join(REPLY)
    assert (stream.report.attempts, stream.report.relaxed, stream.report.failed) == (1, "en", False)
    assert stream.report.as_dict()["relaxed"] == "en"


@pytest.mark.parametrize(
    ("policy", "context"),
    [
        (BALANCED, ()),
        (BALANCED, (*REQUEST, "Спасибо! А теперь ответь по-русски.")),
        (LanguagePolicy(mode="strict"), REQUEST),
    ],
)
def test_it_is_not_where_nobody_asked_or_in_strict(policy: LanguagePolicy, context: tuple[str, ...]) -> None:
    backend = ReplayBackend([REPLY, ["Дорогие", " друзья", "."]])
    stream = guarded_stream(backend, GenerationRequest(policy=policy, context=context, max_tokens=200))
    assert "Dear" not in "".join(stream)
    assert stream.report.attempts > 1
    assert stream.report.relaxed is None


def test_a_slip_inside_the_translation_is_generated_again_and_the_rest_stays_relaxed() -> None:
    slip = ["Dear", " friends", ", come", " and", " see", " us", " in", " our", " old", " little", " town", " near",
            " the", " sea", " 夏天", " now"]  # fmt: skip
    backend = ReplayBackend([slip, [" in", " summer", ", all of you", "."]])
    stream = guarded_stream(backend, GenerationRequest(policy=BALANCED, context=REQUEST, max_tokens=200))
    assert "".join(stream) == "".join(slip[:14]) + " in summer, all of you."
    assert (stream.report.attempts, stream.report.relaxed) == (2, "en")
    assert [violation.kind for violation in stream.report.rejected] == ["cjk"]
