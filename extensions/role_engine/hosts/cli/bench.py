"""`role-engine bench …`: the benchmarks."""

from __future__ import annotations

from pathlib import Path
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


@app.command("resume")
def resume(
    model: Annotated[
        Path | None, typer.Option("--model", metavar="DIR", help="A Hugging Face model; default: a small random one.")
    ] = None,
    prompt_tokens: Annotated[int, typer.Option(min=16, help="Tokens of the prompt.")] = 2000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """What going back a few words costs on Transformers: with what was read kept, and without, in token steps.

    \b
    Example: role-engine bench resume --prompt-tokens 2000
    """
    from role_engine.bench.resume import measure

    result = measure(model=model, prompt_tokens=prompt_tokens, progress=note)
    if as_json:
        put_json(result.as_dict())
        return
    put(f"prompt of {result.prompt_tokens} tokens, a resume in ordinary token steps:")
    put(f"  cache kept   {result.kept_in_steps:6.1f}")
    put(f"  without it   {result.fresh_in_steps:6.1f}   ({result.fresh_to_kept:.0f} times as much)")
