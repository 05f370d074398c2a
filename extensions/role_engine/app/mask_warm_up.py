"""The masks or bans of the loaded model: which are made, and the making of them as a piece of long work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from role_engine.app.jobs import Job, JobMessage, JobRunner, Report
from role_engine.backends.per_policy import PerPolicy
from role_engine.errors import ModelError
from role_engine.language.policy import LanguagePolicy

KEY = "masks"
STAGES = {"vocabulary": 0.0, "characters": 0.3, "bans": 0.4, "trie": 0.5, "masks": 0.8}
"""What `make` of a supply reaches, and the share of a policy's whole at which that is."""

Supply = PerPolicy[Any]


def list_policies(in_force: LanguagePolicy) -> list[LanguagePolicy]:
    """What is made before anybody asks: for the policy in force, and for both modes as they come."""
    policies = [in_force, LanguagePolicy(mode="strict"), LanguagePolicy(mode="balanced")]
    return [
        policy for number, policy in enumerate(policies) if policy.mode != "off" and policy not in policies[:number]
    ]


def start_mask_job(works: JobRunner, supply: Callable[[], Supply | None], policies: Sequence[LanguagePolicy]) -> Job:
    """Begin to make what is not made yet.

    Args:
        supply: finds what makes them, on the work's own thread.
    """
    return works.start(KEY, partial(_made, supply, policies))


def _made(supply: Callable[[], Supply | None], policies: Sequence[LanguagePolicy], report: Report) -> JobMessage:
    found = supply()
    if found is None:
        return JobMessage("masks none")
    for number, policy in enumerate(policies):

        def report_stage(stage: str, number: int = number, policy: LanguagePolicy = policy) -> None:
            share = (number + STAGES.get(stage, 0.0)) / len(policies)
            report(
                JobMessage(
                    "masks stage", {"stage": JobMessage(f"masks {stage}"), "mode": JobMessage(policy.mode)}, share
                )
            )

        if found.of(policy, report_stage) is None:
            raise ModelError(found.problem)
    return JobMessage("masks done")
