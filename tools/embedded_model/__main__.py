"""`python -m tools.embedded_model`: makes the embedded model anew, and on request its GGUF file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from role_engine.hosts.cli.writing import note, put, put_json


def train_embedded(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the model; made if missing.")],
    gguf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the model as GGUF for llama.cpp, too.")
    ] = None,
    export_only: Annotated[
        bool, typer.Option("--export-only", help="Train nothing: write --gguf from the model that is in DIR.")
    ] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Another corpus and other first weights.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Stop after so many steps: a quick try.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Train the embedded model: some six minutes on one core. Needs torch and transformers, and gguf for --gguf.

    \b
    Examples: python -m tools.embedded_model my-model
              python -m tools.embedded_model my-model --export-only --gguf my-model.gguf
    """
    from role_engine.embedded import export_gguf
    from tools.embedded_model.training import SEED

    if export_only and gguf is None:
        raise typer.BadParameter("--export-only needs --gguf FILE.")
    result: dict[str, object] = {}
    if not export_only:
        result = _trained(out, SEED if seed is None else seed, steps)
    if gguf is not None:
        result["gguf"] = str(export_gguf(out, gguf))
    if as_json:
        put_json(result)
    else:
        for name in ("steps", "tokens", "parameters", "final_loss", "seconds", "gguf"):
            if name in result:
                value = result[name]
                put(f"{name:<12} {value:.4g}" if isinstance(value, float) else f"{name:<12} {value}")


def _trained(out: Path, seed: int, steps: int | None) -> dict[str, object]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from tools.embedded_model.training import train

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TimeRemainingColumn(),
    )
    note("Composing the corpus and learning the tokenizer …")
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("training", total=None, loss="–")
        report = train(
            out,
            seed=seed,
            max_steps=steps,
            progress=lambda done, of, loss: bar.update(task, completed=done, total=of, loss=f"{loss:.3f}"),
        )
    return asdict(report)


if __name__ == "__main__":
    typer.run(train_embedded)
