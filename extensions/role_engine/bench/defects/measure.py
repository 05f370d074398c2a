"""Which defects `balanced` finds when they are put into clean Russian sentences, and what it refuses without them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from role_engine.bench.defects.classes import CLASSES, Defect, DefectClass, put_in
from role_engine.language import Kind, LanguagePolicy, check

BALANCED = LanguagePolicy(mode="balanced")


@dataclass(slots=True)
class ClassResult:
    """What became of one class. `kinds`: under which names the found ones were refused."""

    of: DefectClass
    put_in: int = 0
    found: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    missed: list[Defect] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.found / max(self.put_in, 1)

    def as_dict(self) -> dict[str, Any]:
        return {
            "class": self.of,
            "put_in": self.put_in,
            "found": self.found,
            "found_share": self.share,
            "kinds": dict(self.kinds.most_common()),
            "missed": [
                {**defect._asdict(), "defect": defect.text[defect.start : defect.end]} for defect in self.missed
            ],
        }


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """What was refused of a sentence into which nothing was put."""

    text: str
    kind: Kind
    refused: str


@dataclass(frozen=True, slots=True)
class DefectsResult:
    sentences: int
    seed: int
    classes: Sequence[ClassResult]
    false_alarms: Sequence[FalseAlarm]

    @property
    def false_alarm_share(self) -> float:
        return len({alarm.text for alarm in self.false_alarms}) / max(self.sentences, 1)

    def as_dict(self) -> dict[str, Any]:
        return {
            "benchmark": "check --defects",
            "policy": BALANCED.mode,
            "sentences": self.sentences,
            "seed": self.seed,
            "classes": [one.as_dict() for one in self.classes],
            "false_alarm_share": self.false_alarm_share,
            "false_alarms": [asdict(alarm) for alarm in self.false_alarms],
        }


def work(sentences: Sequence[str]) -> int:
    """How often `measure` advances."""
    return len(sentences) * (len(CLASSES) + 1)


def measure(
    sentences: Sequence[str],
    *,
    policy: LanguagePolicy = BALANCED,
    seed: int = 0,
    advance: Callable[[int], None] = lambda done: None,
) -> DefectsResult:
    """Put one defect of each class into each sentence that has a place for it, and check the sentence by itself.

    What goes where is decided by `seed`, the class and the sentence's number.
    """
    classes = []
    for of in CLASSES:
        found = ClassResult(of)
        for number, sentence in enumerate(sentences):
            defect = put_in(sentence, of, random.Random(f"{seed} {of} {number}"))
            if defect is not None:
                _judge(found, defect, policy)
            advance(1)
        classes.append(found)
    alarms = []
    for sentence in sentences:
        for violation in check(sentence, policy).violations:
            alarms.append(FalseAlarm(sentence, violation.kind, violation.text))
        advance(1)
    return DefectsResult(len(sentences), seed, classes, alarms)


def _judge(found: ClassResult, defect: Defect, policy: LanguagePolicy) -> None:
    hits = [
        violation.kind
        for violation in check(defect.text, policy).violations
        if violation.start < defect.end and defect.start < violation.end
    ]
    found.put_in += 1
    if hits:
        found.found += 1
        found.kinds[hits[0]] += 1
    else:
        found.missed.append(defect)
