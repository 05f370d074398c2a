"""What spoke for and against each Latin word, for people: `role-engine check -v`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from role_engine.hosts.cli.writing import escape_for_terminal, put
from role_engine.language.explain import WordExplanation

# Weaker observations are left out, and so is what comes after the first few.
LEAST, MOST = 0.1, 6


def print_evidence(text: str, weighed: Sequence[WordExplanation]) -> None:
    """To standard output: every word that was weighed, its place, its sum, and the strongest of what was observed."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    with console.capture() as view:
        if not weighed:
            console.print("No Latin word had to be weighed.")
        for one in weighed:
            line = text.count("\n", 0, one.start) + 1
            column = one.start - (text.rfind("\n", 0, one.start) + 1) + 1
            verdict = Text("stands", style="green") if one.stands else Text("refused", style="red")
            sums = f": {one.weight:+.1f}, wanted {one.threshold:+.1f}"
            console.print(Text(f"{line}:{column} «{escape_for_terminal(one.word)}» ") + verdict + Text(sums))
            for name, value, weight in one.evidence[:MOST]:
                if abs(weight) >= LEAST:
                    console.print(
                        Text(f"    {weight:+.1f}  {name} ({value:g})", style="green" if weight > 0 else "red")
                    )
    put(view.get(), end="")


def evidence_as_dict(weighed: Sequence[WordExplanation]) -> list[dict[str, Any]]:
    """The same for `--json`, complete."""
    return [
        {
            "word": one.word,
            "start": one.start,
            "end": one.end,
            "stands": one.stands,
            "weight": round(one.weight, 3),
            "threshold": round(one.threshold, 3),
            "evidence": [
                {"name": name, "value": round(value, 3), "weight": round(weight, 3)}
                for name, value, weight in one.evidence
            ],
        }
        for one in weighed
    ]
