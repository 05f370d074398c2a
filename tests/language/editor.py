"""A table of passages as real replies have them, and how well a rule agrees with their editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.language.marking import unmarked

Spans = Sequence[tuple[int, int]]
Rule = Callable[[str], Spans]

_HERE = Path(__file__).parent


class Passage(NamedTuple):
    """A text and the spans of it that an editor strikes out."""

    text: str
    refused: list[tuple[int, int]]


def passages(name: str) -> list[Passage]:
    """Those of `editor_{name}.txt`: `ok` or `defects`."""
    return list(_read((_HERE / f"editor_{name}.txt").read_text("utf-8")))


def _read(table: str) -> Iterator[Passage]:
    for line in table.splitlines():
        if line and (not line.startswith("# ") or "⟦" in line):
            yield Passage(*unmarked(line.replace("\\n", "\n")))


def overlaps(one: tuple[int, int], others: Spans) -> bool:
    return any(start < one[1] and one[0] < end for start, end in others)


def agrees(rule: Rule, passage: Passage) -> bool:
    """Whether `rule` touches everything that the editor struck out, and nothing else."""
    found = rule(passage.text)
    return all(overlaps(span, found) for span in passage.refused) and all(
        overlaps(span, passage.refused) for span in found
    )


def share_agreed(rule: Rule, table: Sequence[Passage]) -> float:
    return sum(agrees(rule, passage) for passage in table) / len(table)
