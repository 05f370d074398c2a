"""Compare two runs of `role-engine bench … --json`.

    role-engine bench guard --json >before.json
    role-engine bench guard --json >after.json
    python tools/compare_bench.py before.json after.json --only '*_to_*' --tolerance 0.1

A line for each number of both runs: before, after, and after divided by before. Times differ from machine to machine
and from run to run: between two machines compare the ratios against a peer of the same run (`--only '*_to_*'`).

Exit: 0 all ratios are within the tolerance, 1 some are not or a number is in one run only, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

NAMES = ("benchmark", "name", "mode", "engine", "label", "tokenizer", "language")
"""Keys by whose value an entry of a list is called; without one by its number."""


@dataclass(frozen=True)
class Difference:
    """A number of both runs, or of one; `ratio` is after ÷ before, None where that has no meaning."""

    name: str
    before: float | None
    after: float | None

    @property
    def ratio(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        if self.before == self.after:
            return 1.0
        return self.after / self.before if self.before else math.inf

    def exceeds(self, tolerance: float) -> bool:
        """Whether it has changed by a greater part than `tolerance`, up or down, or is missing in a run."""
        ratio = self.ratio
        return ratio is None or not 1 / (1 + tolerance) <= ratio <= 1 + tolerance


def read_numbers(file: Path) -> dict[str, float]:
    """All numbers of a run by their dotted place in it.

    Raises:
        ValueError: the file is not to be read, or holds no JSON object.
    """
    try:
        document = json.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file}: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{file}: not the output of `role-engine bench --json`, which is an object")
    return dict(_numbers(document, ""))


def compare_runs(before: dict[str, float], after: dict[str, float]) -> list[Difference]:
    """What stands in either run, in the first one's order."""
    return [Difference(name, before.get(name), after.get(name)) for name in before | after]


def format_table(differences: Sequence[Difference], tolerance: float) -> str:
    """A line for each, `!` before those beyond the tolerance."""
    width = max(map(len, (one.name for one in differences)), default=0)
    lines = [f"  {'':{width}} {'before':>12} {'after':>12} {'ratio':>8}"]
    for one in differences:
        cells = f"{_cell(one.before):>12} {_cell(one.after):>12} {_cell(one.ratio):>8}"
        lines.append(f"{'!' if one.exceeds(tolerance) else ' '} {one.name:{width}} {cells}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="compare_bench.py", description="Compare two runs of `role-engine bench --json`."
    )
    parser.add_argument("before", type=Path, metavar="BEFORE.json")
    parser.add_argument("after", type=Path, metavar="AFTER.json")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="numbers whose place matches; repeatable")
    parser.add_argument("--tolerance", type=float, default=0.15, help="how much may change, as a part; default: 0.15")
    options = parser.parse_args(arguments)
    if not 0 <= options.tolerance < math.inf:
        parser.error("--tolerance must be 0 or more")
    try:
        runs = [read_numbers(file) for file in (options.before, options.after)]
    except ValueError as error:
        parser.error(str(error))
    patterns = options.only or ["*"]
    differences = [one for one in compare_runs(*runs) if any(fnmatchcase(one.name, pattern) for pattern in patterns)]
    if not differences:
        parser.error("there is nothing to compare: no number of either run matches")
    print(format_table(differences, options.tolerance))
    beyond = sum(one.exceeds(options.tolerance) for one in differences)
    print(f"\n{beyond} of {len(differences)} beyond a tolerance of {options.tolerance:.0%}")
    return 1 if beyond else 0


def _numbers(value: Any, place: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _numbers(inner, f"{place}[{_called(inner, number)}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, float(value)


def _called(entry: Any, number: int) -> str:
    named = (entry.get(key) for key in NAMES) if isinstance(entry, dict) else ()
    return next((name for name in named if isinstance(name, str)), str(number))


def _cell(number: float | None) -> str:
    return "—" if number is None else f"{number:.4g}"


if __name__ == "__main__":
    sys.exit(main())
