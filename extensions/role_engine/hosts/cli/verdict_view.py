"""A verdict for people: every line that holds something, the spans in colour, and what is wrong with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from role_engine.hosts.cli.writing import escape_for_terminal, put
from role_engine.language.explain import WordExplanation
from role_engine.language.letters.sign_loops import sign_loops
from role_engine.language.letters.suggestions import suggestion
from role_engine.language.verdict import Verdict, Violation

REASONS = {
    "cjk": "Chinese, Japanese or Korean",
    "script": "letters of another script",
    "cyrillic": "letters of another Cyrillic alphabet",
    "mixed": "one word out of two alphabets",
    "latin": "Latin letters where Russian was asked for",
    "translit": "Russian in Latin letters",
    "garbage": "broken, hidden or control characters",
    "language": "not Russian, though its letters are",
}

AROUND = 60
"""Characters of a long line that are shown on each side of what was found."""


@dataclass(frozen=True, slots=True)
class _Look:
    word: str
    colour: str


REFUSED, LATE = _Look("", "red"), _Look("late: ", "yellow")
"""`late`: seen when a stream would have shown it already."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: int
    text: str


def print_verdict(text: str, verdict: Verdict, name: str) -> None:
    """To standard output; colours only where it is a terminal that has them."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    with console.capture() as view:
        for line, found in _by_line(text, verdict.violations):
            _print_line(console, line, found, name, REFUSED)
        for line, found in _by_line(text, verdict.late):
            _print_line(console, line, found, name, LATE)
        console.print(_summary(verdict))
    put(view.get(), end="")


def _by_line(text: str, violations: Sequence[Violation]) -> list[tuple[_Line, list[Violation]]]:
    """The lines in which something begins, with what does. Violations come in order."""
    groups: list[tuple[_Line, list[Violation]]] = []
    number, start, end = 1, 0, _line_end(text, 0)
    for violation in violations:
        while violation.start > end:
            number, start = number + 1, end + 1
            end = _line_end(text, start)
        if not groups or groups[-1][0].number != number:
            groups.append((_Line(number, start, text[start:end]), []))
        groups[-1][1].append(violation)
    return groups


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _print_line(console: Console, line: _Line, found: Sequence[Violation], name: str, look: _Look) -> None:
    first = max(0, found[0].start - line.start - AROUND)
    last = min(len(line.text), found[-1].end - line.start + AROUND)
    if last - first > 8 * AROUND:  # far apart: one excerpt would be a wall of text
        middle = len(found) // 2 or 1
        if len(found) > 1:
            _print_line(console, line, found[:middle], name, look)
            _print_line(console, line, found[middle:], name, look)
            return
        last = first + 8 * AROUND
    shown_line, marks = Text("  " + ("…" if first else "")), Text("  " + (" " if first else ""))
    at = first
    for violation in found:
        begin, end = violation.start - line.start, min(violation.end - line.start, last)
        before, span = escape_for_terminal(line.text[at:begin]), escape_for_terminal(line.text[begin:end])
        shown_line.append(before).append(span, style=f"bold {look.colour}")
        marks.append(" " * cell_len(before)).append("^" * max(1, cell_len(span)), style=look.colour)
        at = max(at, end)
    shown_line.append(escape_for_terminal(line.text[at:last]) + ("…" if last < len(line.text) else ""))
    for violation in found:
        place = Text(_place(name, line, violation), style="bold")
        console.print(place.append(f": {look.word}{_said(violation)}", style="not bold"))
    console.print(shown_line)
    console.print(marks)


def _place(name: str, line: _Line, violation: Violation) -> str:
    return f"{name}:{line.number}:{violation.start - line.start + 1}"


def _said(violation: Violation) -> str:
    text = escape_for_terminal(violation.text)
    if len(text) > AROUND:
        text = text[:AROUND] + "…"
    instead = suggestion(violation)
    advice = "" if instead is None else f"; write «{instead}»" if instead else "; leave it out"
    reason = REASONS[violation.kind]
    if violation.kind == "mixed" and violation.text.isascii():
        reason = "Latin letters that look Russian"
    elif violation.kind == "garbage" and sign_loops(violation.text):
        reason = "the same signs over and over"
    return f"{violation.kind}: «{text}»: {reason}{advice}"


def _summary(verdict: Verdict) -> Text:
    asked = f" Asked for: {verdict.relaxed}." if verdict.relaxed else ""
    late = f" {len(verdict.late)} late." if verdict.late else ""
    if verdict.ok:
        return Text(f"Clean.{late}{asked}", style="green")
    kinds = Counter(violation.kind for violation in verdict.violations)
    counted = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    return Text(f"{len(verdict.violations)} found: {counted}.{late}{asked}", style="bold")


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
