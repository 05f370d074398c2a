"""The check of a long text that nobody waits for any more ends; one that somebody waits for is as ever."""

from __future__ import annotations

import sys
import threading

import pytest

from role_engine.language import LanguagePolicy, check
from role_engine.language.check import CheckCancelled

POLICY = LanguagePolicy(mode="balanced", hold="sentence")
TEXT = "Он сказал hello и ушёл. Стоит $5建立$ сегодня! " * 1_200


def test_one_that_is_cancelled_ends() -> None:
    gone = threading.Event()
    gone.set()
    with pytest.raises(CheckCancelled):
        check(TEXT, POLICY, cancel=gone)


@pytest.mark.parametrize("mode", ["balanced", "strict"])
def test_the_verdict_does_not_depend_on_the_pieces(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = POLICY.model_copy(update={"mode": mode})
    text = TEXT[:3_000]
    whole = check(text, policy, cancel=threading.Event())
    monkeypatch.setattr(sys.modules[CheckCancelled.__module__], "_PIECE", 7)
    assert check(text, policy, cancel=threading.Event()) == whole == check(text, policy)
    assert not whole.ok
