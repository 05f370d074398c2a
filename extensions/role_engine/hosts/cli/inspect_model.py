"""`role-engine inspect`: what a model is, without loading it."""

from __future__ import annotations

from typing import Annotated

import typer

from role_engine.hosts.cli.interface_language import interface_language
from role_engine.hosts.cli.writing import escape_for_terminal, put, put_json


def inspect_model(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A Hugging Face directory, or a GGUF file.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Say what a model is: base or instruct and why, roles, thinking, tokens, spare rows, context, LoRA shapes.

    No weights are loaded: JSON files and the headers of the others are read. What speaks for base or for instruct is
    listed with its weight, since nothing of it is proof: base models of Qwen come with a chat template, too.

    \b
    Examples: role-engine inspect models/Qwen3-30B-A3B-Base
              role-engine inspect models/qwen3-8b-q4_k_m.gguf --json
    """
    from role_engine.models import inspect_model as inspected

    report = inspected(model)
    if as_json:
        put_json(report.model_dump(mode="json"))
        return
    from role_engine.app.model_report import lines_of

    for line in lines_of(report, interface_language()):
        put(escape_for_terminal(line))
