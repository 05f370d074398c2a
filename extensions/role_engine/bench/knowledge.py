"""What looking things up costs: time and memory, against two packages that do the same over the same texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from role_engine.bench.knowledge_contenders import CONTENDERS, PACKAGES

TEXTS = 100_000
QUESTIONS = 100
OURS = "role_engine"
AGAINST = "rank_bm25"
"""The peer that times are compared with: what tutorials take."""
AGAIN = f"{OURS}, index kept"
"""The same in a program that starts when the index is there."""


@dataclass(frozen=True, slots=True)
class KnowledgeRow:
    """What one contender showed.

    Attributes:
        ready: seconds until it could be asked.
        question: milliseconds a question, median.
        held: MB in memory then, over the texts themselves; None where the system does not say.
        peak: the most of them on the way there.
    """

    name: str
    ready: float
    question: float
    held: float | None
    peak: float | None


@dataclass(frozen=True, slots=True)
class KnowledgeBenchmark:
    """One run. `missing`: contenders that are not installed, with what to install."""

    texts: int
    questions: int
    rows: Sequence[KnowledgeRow]
    missing: Mapping[str, str]

    def ratio(self, row: KnowledgeRow) -> float | None:
        """How many times as fast as the peer a question is; None where it is missing."""
        peer = next((one.question for one in self.rows if one.name == AGAINST), None)
        return peer / row.question if peer is not None else None

    def as_dict(self) -> dict[str, Any]:
        rows = [{**asdict(row), f"questions_to_{AGAINST}": self.ratio(row)} for row in self.rows]
        return {
            "benchmark": "knowledge",
            "peer": AGAINST,
            "texts": self.texts,
            "questions": self.questions,
            "rows": rows,
            "missing": dict(self.missing),
        }


def measure(
    *, texts: int = TEXTS, questions: int = QUESTIONS, progress: Callable[[str], None] = lambda text: None
) -> KnowledgeBenchmark:
    """Ask everybody the same, each in a process of its own."""
    rows: list[KnowledgeRow] = []
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="role-engine-bench-") as folder:
        for shown in (OURS, AGAIN, *(name for name in CONTENDERS if name != OURS)):
            name = OURS if shown == AGAIN else shown
            if name in missing:
                continue
            progress(f"{shown}, {texts:,} texts …")
            task = {"texts": texts, "questions": questions, "folder": folder}
            found = _in_process(name, task)
            if found is None:
                missing[name] = PACKAGES[name]
            else:
                rows.append(KnowledgeRow(shown, **found))
    return KnowledgeBenchmark(texts, questions, rows, missing)


def table(result: KnowledgeBenchmark) -> str:
    """The result as text, in colour where standard output is a terminal."""
    rows = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("", "a question", f"{AGAINST}=1", "ready after", "memory", "peak"):
        rows.add_column(heading, no_wrap=True, justify="right" if heading else "left")
    for row in result.rows:
        ratio = result.ratio(row)
        rows.add_row(
            row.name,
            f"{row.question:.2f} ms",
            "—" if ratio is None else f"{ratio:.3g}×",
            f"{row.ready:.1f} s",
            *("—" if size is None else f"{size:,.0f} MB" for size in (row.held, row.peak)),
        )
    console = Console(highlight=False)
    with console.capture() as view:
        console.print(rows)
        console.print(f"{result.texts:,} texts; memory over the texts themselves")
        if result.missing:
            names, packages = ", ".join(result.missing), " ".join(result.missing.values())
            console.print(f"not installed: {names} (pip install {packages})")
    return view.get()


def _in_process(name: str, task: Mapping[str, Any]) -> dict[str, Any] | None:
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-m", "role_engine.bench.knowledge_contenders", name],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{name} failed: {done.stderr.strip()[-500:]}")
    found: dict[str, Any] | None = json.loads(done.stdout.splitlines()[-1])
    return found
