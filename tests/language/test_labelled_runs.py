"""Latin runs in real replies, labelled by hand: `balanced` finds the defects and leaves the rest.

`ROLE_ENGINE_TEST_DATA` names a folder that holds `lcb-ru-dev/labels.jsonl` and `outputs.jsonl`. Nothing in the package
was made from them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from role_engine.language import check
from tests.language.cheap_rules import CHEAP_RULES
from tests.language.editor import Rule, overlaps
from tests.language.marking import BALANCED

DATA = Path(os.environ.get("ROLE_ENGINE_TEST_DATA", "/nowhere")) / "lcb-ru-dev"

pytestmark = pytest.mark.skipif(
    not (DATA / "labels.jsonl").exists(), reason="ROLE_ENGINE_TEST_DATA names no folder with lcb-ru-dev/labels.jsonl"
)


class Run(NamedTuple):
    """A labelled stretch of a reply, as offsets in it."""

    reply: str
    prompt: str
    span: tuple[int, int]
    defect: bool


class Shares(NamedTuple):
    """How many of the runs are judged as labelled: of all, of the defects, of those that are none."""

    right: float
    defects: float
    ok: float


@cache
def labelled_runs() -> list[Run]:
    """All but those whose labellers could not tell."""
    outputs = {_key(output): output for output in _read("outputs.jsonl")}
    runs = []
    for label in _read("labels.jsonl"):
        if label["label"] == "amb":
            continue
        output = outputs[_key(label)]
        lines = output["completion"].split("\n")
        offset = sum(len(line) + 1 for line in lines[: label["line"]])
        span = offset + label["start"], offset + label["end"]
        runs.append(Run(output["completion"], output["prompt"], span, label["label"] == "defect"))
    return runs


def _read(name: str) -> list[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _key(record: dict[str, Any]) -> tuple[str, str, str]:
    return record["model"], record["source"], record["id"]


def shares(verdicts: Sequence[bool]) -> Shares:
    """`verdicts`: whether each of the labelled runs was refused."""
    right = [refused == run.defect for refused, run in zip(verdicts, labelled_runs(), strict=True)]
    defects = [one for one, run in zip(right, labelled_runs(), strict=True) if run.defect]
    ok = [one for one, run in zip(right, labelled_runs(), strict=True) if not run.defect]
    return Shares(*(sum(of) / len(of) for of in (right, defects, ok)))


@cache
def balanced(with_prompts: bool) -> Shares:
    return shares(
        [
            overlaps(run.span, [(found.start, found.end) for found in check(run.reply, BALANCED, context).violations])
            for run in labelled_runs()
            for context in ([run.prompt] if with_prompts else [],)
        ]
    )


def test_runs_are_judged_as_their_labellers_did() -> None:
    found = balanced(with_prompts=False)
    assert found.right >= 0.95
    assert found.defects >= 0.93
    assert found.ok >= 0.93


def test_what_the_user_wrote_excuses_hardly_a_defect() -> None:
    assert balanced(with_prompts=True).defects >= balanced(with_prompts=False).defects - 0.02
    assert balanced(with_prompts=True).ok >= balanced(with_prompts=False).ok


@pytest.mark.parametrize("rule", CHEAP_RULES)
def test_no_cheap_rule_passes_the_same_measure(rule: Rule) -> None:
    found = shares([overlaps(run.span, rule(run.reply)) for run in labelled_runs()])
    assert found.right < 0.9
    assert min(found.defects, found.ok) < 0.9
