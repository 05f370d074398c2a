"""The summary of a run, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from role_engine.bench.replies.summary import ModeSummary

ROWS: tuple[tuple[str, Callable[[ModeSummary], str]], ...] = (
    ("replies", lambda one: f"{one.replies:,}"),
    ("broken, judged from outside", lambda one: f"{one.broken:,}"),
    ("clean ones delivered letter for letter", lambda one: _of(one.identical, one.clean_pairs)),
    ("failed", lambda one: f"{one.failed:,}"),
    ("with a span left out", lambda one: f"{one.stripped:,}"),
    ("ending in a loop (the unguarded one not)", lambda one: f"{one.looping} ({one.looping_alone})"),
    ("blocks of code that parse", lambda one: _of(one.code_parsed, one.code)),
    ("tokens thrown away per token", lambda one: f"{one.thrown_away:.3f}"),
    ("length, to the unguarded", lambda one: _ratio(one.length)),
    ("time to the first character", lambda one: _ratio(one.first)),
    ("time per token", lambda one: _ratio(one.per_token)),
)


def table(modes: Sequence[ModeSummary], report: str) -> str:
    """The modes side by side; `report`: where the page lies that shows the replies."""
    rows = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    rows.add_column("")
    for one in modes:
        rows.add_column(one.mode, justify="right")
    for name, cell in ROWS:
        rows.add_row(name, *(cell(one) for one in modes))
    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as view:
        console.print(rows)
    return f"{view.get()}The replies, and what was rejected: {report}\n"


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" if whole else "–"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
