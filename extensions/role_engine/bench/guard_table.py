"""The guard's benchmarks for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from role_engine.bench.guard import GuardBenchmark

if TYPE_CHECKING:
    from role_engine.bench import resume


def table(result: GuardBenchmark) -> str:
    """The result as text, in colour where standard output is a terminal."""
    cost, holding = result.cost, result.holding
    rows = Table("", "bare", "guarded", "langdetect at every token")
    rows.add_row("µs per token", _micro(cost.bare), _micro(cost.guarded), _micro(cost.peer))
    rows.add_row("added, guard = 1", "", "1", "—" if cost.peer_to_guard is None else f"{cost.peer_to_guard:,.0f}")
    missed = "—" if result.peer_misses is None else f"{result.peer_misses:.0%} of those pass"
    rows.add_row("replies with foreign letters", f"{result.violating_off:.0%}", f"{result.violating_on:.0%}", missed)
    rows.add_row("tokens thrown away per token delivered", "", f"{result.thrown_away:.2f}", "")
    rows.add_row("replies with a spot left out", "", f"{result.failed:.0%}", "")
    rows.add_row("characters held before the first is shown", "0", f"{holding.before_first:.0f}", "")
    rows.add_row("characters held, mean and most", "0", f"{holding.mean:.1f}, {holding.most}", "")
    console = Console(highlight=False)
    with console.capture() as view:
        console.print(rows)
    return view.get() + (f"\n{resume_lines(result.resume)}\n" if result.resume is not None else "")


def resume_lines(result: resume.ResumeBenchmark) -> str:
    """What going back costs on Transformers."""
    return "\n".join(
        (
            f"going back, behind a prompt of {result.prompt_tokens} tokens on Transformers, in ordinary token steps:",
            f"  cache kept   {result.kept_in_steps:6.1f}",
            f"  without it   {result.fresh_in_steps:6.1f}   ({result.fresh_to_kept:.0f} times as much)",
        )
    )


def _micro(value: float | None) -> str:
    return "—" if value is None else f"{value:,.1f}"
