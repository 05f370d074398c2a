"""The language check's benchmark for people."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from role_engine.bench.check import AGAINST, TARGET, CheckBenchmark


def table(result: CheckBenchmark) -> str:
    """The result as text, in colour where standard output is a terminal.

    The last three columns count sentences taken for Russian: right in the column `ru` alone.
    """
    rows = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("", "per s", f"{AGAINST}=1", "start", "memory", "ru", "others", "worst"):
        rows.add_column(heading, no_wrap=True, justify="right" if heading else "left")
    for row in result.rows:
        ratio = result.ratio(row.name)
        others = {code: share for code, share in row.passed.items() if code != TARGET}
        worst = max(others, key=lambda code: others[code], default="")
        rows.add_row(
            row.name,
            f"{row.rate:,.0f}",
            "—" if ratio is None else f"{ratio:.3g}",
            f"{row.start:.2f} s",
            "—" if row.memory is None else f"{row.memory:.0f} MB",
            f"{row.passed[TARGET]:.1%}" if TARGET in row.passed else "—",
            f"{sum(others.values()) / len(others):.1%}" if others else "—",
            f"{worst} {others[worst]:.0%}" if others else "—",
        )
    console = Console(highlight=False)
    with console.capture() as view:
        console.print(rows)
        console.print("ru, others, worst: share of a language's sentences that were taken for Russian")
        if result.missing:
            names, packages = ", ".join(result.missing), " ".join(result.missing.values())
            console.print(f"not installed: {names} (pip install {packages})")
        if result.labelled:
            runs = result.labelled
            console.print(
                f"{runs.runs} labelled Latin runs, balanced: {runs.right:.1%} right, "
                f"{runs.defects_found:.1%} of the defects found, {runs.ok_left_alone:.1%} of the others left alone"
            )
    return view.get()
