"""The demo's result for people: every question with both replies beside each other, the counts below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from role_engine.hosts.cli.demo.comparison import Comparison, DemoReply, Pair
from role_engine.hosts.cli.program_name import NAME
from role_engine.hosts.cli.writing import escape_for_terminal
from role_engine.i18n.catalogue import Texts, name_violation_kind, number
from role_engine.language.verdict import Violation

REFUSED = "bold red"
BRACKETS = ("⟦", "⟧")
"""Round what is refused, where there are no colours."""
NARROW = 72
"""Columns of a terminal that is too narrow for two replies beside each other."""


def view(result: Comparison, texts: Texts, console: Console, program: str = NAME) -> RenderableType:
    """Everything, for this console's width and colours; `program` is what to type for more."""
    marks = ("", "") if console.color_system is not None and not console.no_color else BRACKETS
    beside = console.width >= NARROW
    parts: list[RenderableType] = [Text(_title(result, texts), style="dim"), _legend(texts, marks), Text()]
    for n, pair in enumerate(result.pairs, 1):
        parts.append(Text(f"{n}. {pair.question}", style="bold"))
        parts.append(_beside(pair, texts, marks) if beside else _stacked(pair, texts, marks))
    parts.append(_counts(result, texts))
    again = texts("again", program=program, seed=result.seed + len(result.pairs))
    parts.append(Text(f"{again}\n{texts('talk', program=program)}", style="dim"))
    return Group(*parts)


def _title(result: Comparison, texts: Texts) -> str:
    role = result.role_name or texts("no role")
    return texts("title", model=result.model, role=role, mode=result.mode, seed=result.seed)


def _legend(texts: Texts, marks: tuple[str, str]) -> Text:
    before, after = texts("marked").split("{mark}")
    sample = "…".join(marks) if marks[0] else "abc"
    return Text().append(before, style="dim").append(sample, style=REFUSED).append(after, style="dim")


def _beside(pair: Pair, texts: Texts, marks: tuple[str, str]) -> Table:
    table = Table(box=ROUNDED, expand=True, border_style="dim", header_style="dim", pad_edge=True)
    table.add_column(texts("unguarded"), ratio=1)
    table.add_column(texts("guarded"), ratio=1)
    table.add_row(_unguarded(pair, marks), _guarded(pair, texts, marks))
    return table


def _stacked(pair: Pair, texts: Texts, marks: tuple[str, str]) -> Group:
    return Group(
        Text(f"{texts('unguarded')}:", style="dim"), _unguarded(pair, marks),
        Text(f"{texts('guarded')}:", style="dim"),
        _guarded(pair, texts, marks), Text(),
    )  # fmt: skip


def _unguarded(pair: Pair, marks: tuple[str, str]) -> Text:
    reply = pair.unguarded
    return _thoughts(reply).append(mark_refused(reply.text, reply.verdict.violations, marks))


def _thoughts(reply: DemoReply) -> Text:
    """What was thought before the answer; nothing checks it."""
    text = Text()
    return text.append(f"{_lines(reply.thoughts)}\n\n", style="dim italic") if reply.thoughts else text


def _guarded(pair: Pair, texts: Texts, marks: tuple[str, str]) -> Text:
    reply = pair.guarded
    text = _thoughts(reply).append(mark_refused(reply.text, reply.verdict.violations, marks))
    if reply.report.rejected:
        said = texts("attempts of reply", attempts=reply.report.attempts, tokens=_thrown_away(reply))
        text.append(f"\n({said})", style="dim")
    return text


def mark_refused(text: str, violations: Iterable[Violation], marks: tuple[str, str]) -> Text:
    """A reply with its refused spans in red, and between `marks`."""
    out, at = Text(), 0
    for violation in violations:
        out.append(_lines(text[at : violation.start]))
        out.append(f"{marks[0]}{_lines(text[violation.start : violation.end])}{marks[1]}", style=REFUSED)
        at = violation.end
    return out.append(_lines(text[at:]))


def _lines(text: str) -> str:
    return "\n".join(escape_for_terminal(line) for line in text.split("\n"))


def _thrown_away(reply: DemoReply) -> int:
    return reply.report.tokens_rejected + reply.report.tokens_dropped


def _counts(result: Comparison, texts: Texts) -> Table:
    off, on, many = result.unguarded, result.guarded, len(result.pairs)
    table = Table(box=SIMPLE_HEAD, header_style="bold")
    table.add_column()
    table.add_column(texts("unguarded"))
    table.add_column(texts("guarded"))

    def broken(n: int) -> Text:
        return Text(texts("n of m", n=n, m=many), style="bold red" if n else "bold green")

    def seconds(value: float) -> str:
        return texts("in seconds", seconds=number(texts.language, value))

    table.add_row(texts("broken"), broken(off.broken), broken(on.broken))
    table.add_row(texts("spans"), _by_kind(off.spans, texts), _by_kind(on.spans, texts))
    table.add_row(texts("rejected"), "–", _by_kind(on.rejected, texts))
    table.add_row(texts("attempts"), str(off.attempts), str(on.attempts))
    table.add_row(texts("tokens"), str(off.tokens), str(on.tokens))
    table.add_row(texts("thrown away"), "–", number(texts.language, on.thrown_away_per_token, 3))
    table.add_row(texts("stripped"), "–", str(on.stripped))
    table.add_row(texts("seconds"), seconds(off.seconds), seconds(on.seconds))
    return table


def _by_kind(counted: Counter[str], texts: Texts) -> str:
    kinds = ", ".join(f"{name_violation_kind(texts.language, kind)} {count}" for kind, count in counted.most_common())
    return f"{counted.total()}: {kinds}" if kinds else "0"
