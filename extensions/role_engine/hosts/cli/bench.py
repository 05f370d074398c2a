"""`role-engine bench …`: the benchmarks."""

from __future__ import annotations

from typing import Annotated

import typer

from role_engine.hosts.cli.writing import note, put, put_json

app = typer.Typer(help="Benchmarks, each as a ratio against a peer in the same run.", rich_markup_mode=None)


@app.callback()
def benchmarks() -> None:
    """Benchmarks, each as a ratio against a peer in the same run."""


@app.command("guard")
def guard(
    replies: Annotated[int, typer.Option(min=1, help="Replies to play.")] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """What guarding a stream costs, and what it catches: against the bare stream, and against the obvious alternative.

    \b
    Example: role-engine bench guard --json
    """
    from role_engine.bench.guard import measure

    result = measure(replies=replies, progress=note)
    if as_json:
        put_json(result.as_dict())
        return
    from role_engine.bench.guard_table import table

    put(table(result), end="")
