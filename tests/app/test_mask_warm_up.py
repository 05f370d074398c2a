"""Masks as a piece of work, and what the page says of them."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

from role_engine.app.jobs import JobRunner
from role_engine.app.mask_warm_up import list_policies, start_mask_job
from role_engine.backends.per_policy import KEPT_POLICIES, PerPolicy
from role_engine.hosts.panel.model.masks_view import masks_facts
from role_engine.language import LanguagePolicy

SECONDS = 20.0
STRICT, BALANCED = LanguagePolicy(mode="strict"), LanguagePolicy(mode="balanced")
STAGES = ("vocabulary", "characters", "trie", "masks")


class Made(PerPolicy[str]):
    """Makes nothing in four stages; is held before the third of `hold` until it is let go on."""

    def __init__(self, hold: str = "") -> None:
        super().__init__(self._made, ("mode", "allow"), "marks")
        self.hold, self.held, self.go = hold, threading.Event(), threading.Event()

    def _made(self, policy: LanguagePolicy) -> str:
        for stage in STAGES:
            self.reach(stage)
            if stage == "trie" and policy.mode == self.hold:
                self.held.set()
                while not self.go.wait(0.01):
                    self.reach(stage)
        return policy.mode


def host(supply: Any, works: JobRunner) -> Any:
    return SimpleNamespace(
        constraints=lambda: supply,
        works=works,
        policy=lambda: STRICT,
        constraint=lambda: "mask",
        model=lambda: "tiny",
    )


def test_what_is_made_before_anybody_asks() -> None:
    own = LanguagePolicy(mode="strict", allow=("Python",))
    assert list_policies(own) == [own, STRICT, BALANCED]
    assert list_policies(STRICT) == [STRICT, BALANCED]
    assert list_policies(LanguagePolicy(mode="off")) == [STRICT, BALANCED]


def test_they_are_made_stage_by_stage_and_cancelled_between_two() -> None:
    works, supply = JobRunner(), Made(hold="balanced")
    work = start_mask_job(works, lambda: supply, [STRICT, BALANCED])
    assert supply.held.wait(SECONDS)
    shown, left = masks_facts(host(supply, works), "ru")
    assert "строго: только кириллица — готово за 0,1 с" in shown and "редактор — ещё не сделано" in shown and left
    assert work.told.text("ru") == "как русский редактор: токены складываются в дерево" and work.told.share == 0.75
    work.cancel()
    assert work.wait(SECONDS) and work.state == "cancelled"
    assert supply.seconds(BALANCED) is None and supply.seconds(STRICT) is not None

    supply.go.set()
    work = start_mask_job(works, lambda: supply, [STRICT, BALANCED])
    assert work.wait(SECONDS) and work.state == "done"
    assert masks_facts(host(supply, works), "ru")[1] is False
    assert supply.of(BALANCED) == "balanced"


def test_where_they_cannot_be_made_it_is_said_why() -> None:
    works, supply = JobRunner(), Made()
    supply._make = lambda policy: int("<none>")  # type: ignore[assignment, return-value]
    work = start_mask_job(works, lambda: supply, [STRICT])
    assert work.wait(SECONDS) and work.state == "failed" and "<none>" in work.error
    shown, left = masks_facts(host(supply, works), "en")
    assert "They cannot be made" in shown and "<none>" not in shown and not left


def test_a_loader_without_them_says_nothing_of_them() -> None:
    works = JobRunner()
    assert masks_facts(host(None, works), "ru") == ("", False)
    work = start_mask_job(works, lambda: None, [STRICT])
    assert work.wait(SECONDS) and work.state == "done"


def test_what_was_dropped_is_not_made_any_more() -> None:
    supply = Made()
    for number in range(KEPT_POLICIES + 1):
        supply.of(LanguagePolicy(mode="strict", allow=(f"W{number}",)))
    assert supply.seconds(LanguagePolicy(mode="strict", allow=("W0",))) is None
    assert supply.seconds(LanguagePolicy(mode="strict", allow=("W1",))) is not None
