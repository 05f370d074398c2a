"""Runs of Latin letters in real replies, labelled by people: is our check of their opinion?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.language import LanguagePolicy, check


@dataclass(frozen=True, slots=True)
class Labelled:
    """How often `balanced` says what the labels say; `amb` (people were of two minds) is left out.

    Attributes:
        defects_found: share of the runs labelled a defect that are refused, `ok_left_alone` of the others that stand.
    """

    runs: int
    right: float
    defects_found: float
    ok_left_alone: float


def judge_labelled(data: Path, *, with_context: bool = False) -> Labelled | None:
    """Judge the runs of `lcb-ru-dev/labels.jsonl` in their replies; None where the folder has none.

    Args:
        data: the folder that `lcb-ru-dev/` is in.
        with_context: take the prompts as what the user wrote.
    """
    folder = data / "lcb-ru-dev"
    if not (folder / "labels.jsonl").is_file():
        return None
    replies = {_key(reply): reply for reply in _lines(folder / "outputs.jsonl")}
    policy = LanguagePolicy(mode="balanced")
    right: dict[str, list[bool]] = {"ok": [], "defect": []}
    for run in _lines(folder / "labels.jsonl"):
        if run["label"] not in right:
            continue
        reply = replies[_key(run)]
        text = reply["completion"]
        offset = sum(len(line) + 1 for line in text.split("\n")[: run["line"]])
        start, end = offset + run["start"], offset + run["end"]
        verdict = check(text, policy, [reply["prompt"]] if with_context else ())
        refused = any(found.start < end and start < found.end for found in verdict.violations)
        right[run["label"]].append(refused == (run["label"] == "defect"))
    every = right["ok"] + right["defect"]
    return Labelled(len(every), _share(every), _share(right["defect"]), _share(right["ok"]))


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["model"], row["source"], row["id"]


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _share(answers: list[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0
