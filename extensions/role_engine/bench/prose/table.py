"""What was refused of people's prose, for people."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from role_engine.bench.prose.measure import ProseResult, RefusalCount, SetResult

WIDEST = 160


def table(result: ProseResult, samples: int) -> str:
    """The result as text, in colour where standard output is a terminal."""
    total = result.sum
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=WIDEST)
    with console.capture() as view:
        console.print(_counts("", [(one.name, one) for one in result.sets] + [("all", total)] * (len(result.sets) > 1)))
        places = _headed("place of all")
        for place, count in total.places.items():
            if count.blocks:
                places.add_row(place, *_cells(count))
        console.print(places)
        if total.slips:
            console.print(f"{total.slips:,} refusals are listed as slips of the authors, and left out.")
        for name, refusals in result.samples(samples).items():
            if refusals:
                console.print(f"{name}:")
            for one in refusals:
                console.print(f"  {one.file}:{one.line}: {one.kind}: «{_plain(one.text)}» in: {_plain(one.context)}")
    return view.get()


def _counts(heading: str, rows: list[tuple[str, SetResult]]) -> Table:
    found = _headed(heading)
    kinds = sorted({kind for _, one in rows for kind in one.kinds})
    for kind in kinds:
        found.add_column(kind, no_wrap=True, justify="right")
    for name, one in rows:
        found.add_row(name, *_cells(one.all), *(str(one.kinds[kind]) for kind in kinds))
    return found


def _headed(heading: str) -> Table:
    rows = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    rows.add_column(heading, no_wrap=True)
    for name in ("blocks", "refused", "%", "Latin words", "refused", "%"):
        rows.add_column(name, no_wrap=True, justify="right")
    return rows


def _cells(count: RefusalCount) -> tuple[str, ...]:
    shares = count.as_dict()
    return (
        f"{count.blocks:,}",
        f"{count.blocks_refused:,}",
        f"{shares['blocks_refused_share']:.1%}",
        f"{count.words:,}",
        f"{count.words_refused:,}",
        f"{shares['words_refused_share']:.1%}",
    )


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
