"""The language check against language detectors: speed, start, memory, and who is right.

Everybody answers the same question about the same sentences in the same run, each in a process of its own with one
thread. Numbers are to be read as ratios; a detector that is not installed is left out and named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from role_engine.bench.detectors import OURS, PACKAGES, PEERS
from role_engine.bench.labelled_runs import Labelled, judge_labelled
from role_engine.bench.sample_sentences import SAMPLE
from role_engine.errors import InputError

TARGET = "ru"
AGAINST = "fastText"
"""The peer that speed is compared with: the fastest of the accurate ones."""
LETTERS = 40
"""Shorter sentences cannot be told by their words, and are not judged."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What one contender showed.

    Attributes:
        rate: sentences a second, on sentences in Russian.
        start: seconds from nothing imported to the first answer.
        memory: megabytes that the process then holds; None where the system does not say.
        passed: language → share of its sentences that were taken for Russian (right for `ru` alone).
    """

    name: str
    rate: float
    start: float
    memory: float | None
    passed: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CheckBenchmark:
    """One run. `missing`: peers that are not installed, with what to install."""

    sentences: Mapping[str, int]
    rows: Sequence[CheckRow]
    missing: Mapping[str, str]
    labelled: Labelled | None

    def ratio(self, name: str, to: str = AGAINST) -> float | None:
        """How many times as many sentences a second as `to`; None where one of them is missing."""
        rates = {row.name: row.rate for row in self.rows}
        return rates[name] / rates[to] if name in rates and to in rates else None

    def as_dict(self) -> dict[str, Any]:
        rows = [
            {
                "name": row.name,
                "sentences_per_second": row.rate,
                f"rate_to_{AGAINST}": self.ratio(row.name),
                "start_s": row.start,
                "memory_mb": row.memory,
                "taken_for_russian": dict(row.passed),
            }
            for row in self.rows
        ]
        return {
            "benchmark": "check",
            "peer": AGAINST,
            "sentences": dict(self.sentences),
            "rows": rows,
            "missing": dict(self.missing),
            "labelled_runs": asdict(self.labelled) if self.labelled else None,
        }


def measure(*, data: Path | None = None, progress: Callable[[str], None] = lambda text: None) -> CheckBenchmark:
    """Ask everybody.

    Args:
        data: a folder with `sentences/XX.txt` (or `XX.txt`), a sentence a line, by language code; with
            `lcb-ru-dev/` of replies and labelled Latin runs, too, where there is one. None: a small sample.

    Raises:
        InputError: the folder has no Russian sentences.
    """
    sentences = read_sentences(data) if data else SAMPLE
    timed = sentences[TARGET]
    judged = [(code, line) for code, lines in sentences.items() for line in lines if letters(line) >= LETTERS]
    rows, missing = [], {}
    for name in (*OURS, *PEERS):
        progress(f"{name} …")
        found = _in_process(name, timed, [line for _, line in judged])
        if found is None:
            missing[name] = PACKAGES[name]
            continue
        answers = {code: [0, 0] for code in sentences}
        for (code, _), answer in zip(judged, found["answers"], strict=True):
            answers[code][int(answer)] += 1
        passed = {code: yes / (no + yes) for code, (no, yes) in answers.items() if no + yes}
        rows.append(CheckRow(name, found["rate"], found["start"], found["memory"], passed))
    runs = judge_labelled(data) if data else None
    return CheckBenchmark({code: len(lines) for code, lines in sentences.items()}, rows, missing, runs)


def letters(sentence: str) -> int:
    return sum(char.isalpha() for char in sentence)


def read_sentences(data: Path) -> dict[str, list[str]]:
    """Language code → its sentences, Russian first."""
    folder = data / "sentences" if (data / "sentences").is_dir() else data
    files = sorted(folder.glob("??.txt"), key=lambda path: (path.stem != TARGET, path.stem))
    if not files or files[0].stem != TARGET:
        raise InputError(f"{folder} has no {TARGET}.txt.", hint="One sentence a line, files named by language code.")
    return {path.stem: [line for line in path.read_text(encoding="utf-8").splitlines() if line] for path in files}


def _in_process(name: str, timed: Sequence[str], judged: Sequence[str]) -> dict[str, Any] | None:
    package = Path(__file__).parents[2]
    path = os.pathsep.join(filter(None, (str(package), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-m", "role_engine.bench.detectors", name],
        input=json.dumps({"timed": timed, "judged": judged}),
        capture_output=True,
        text=True,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{name} failed: {done.stderr.strip()[-500:]}")
    found: dict[str, Any] | None = json.loads(done.stdout.splitlines()[-1])
    return found
