"""Which defects were found, for people."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from role_engine.bench.chance import some
from role_engine.bench.defects.measure import DefectsResult

AROUND = 40
WIDEST = 160


def table(result: DefectsResult, samples: int) -> str:
    """The result as text, in colour where standard output is a terminal."""
    rows = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("one in a sentence", "put in", "found", "%", "as"):
        rows.add_column(heading, no_wrap=True, justify="left" if heading in ("one in a sentence", "as") else "right")
    for one in result.classes:
        kinds = ", ".join(f"{kind} {count}" for kind, count in one.kinds.most_common())
        rows.add_row(one.of, f"{one.put_in:,}", f"{one.found:,}", f"{one.share:.1%}", kinds)
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=WIDEST)
    with console.capture() as view:
        console.print(rows)
        console.print(
            f"{result.sentences:,} sentences (seed {result.seed}), refused without a defect: "
            f"{result.false_alarm_share:.2%}"
        )
        for alarm in some(result.false_alarms, samples, result.seed):
            console.print(f"  {alarm.kind}: «{alarm.refused}» in: {alarm.text}")
        for one in result.classes:
            if one.missed and samples:
                console.print(f"missed, {one.of}:")
            for defect in some(one.missed, samples, result.seed):
                begin, end = max(0, defect.start - AROUND), defect.end + AROUND
                text = f"{defect.text[begin : defect.start]}[{defect.text[defect.start : defect.end]}]"
                console.print("  " + " ".join((text + defect.text[defect.end : end]).split()))
    return view.get()
