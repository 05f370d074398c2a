"""`role-engine render`: the exact prompt, and what it costs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

import typer

from role_engine.hosts.cli.exit_codes import EXIT_NEGATIVE
from role_engine.hosts.cli.reading import text_argument
from role_engine.hosts.cli.writing import note, put, put_json

DEFAULT_TEMPLATE = "qwen3-chatml"


def render(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The question; - reads it from standard input.")],
    role: Annotated[str, typer.Option(metavar="NAME", help="Role; none: no persona.")],
    template: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"Prompt template. Default: the role's own, else {DEFAULT_TEMPLATE}."),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            "--context", min=1, metavar="N", help="Tokens of the model's context: the role keeps to its share of it."
        ),
    ] = None,
    tokenizer: Annotated[
        str | None,
        typer.Option(
            metavar="DIR", help="Model folder with tokenizer.json, to count exactly. Without it the bill is estimated."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document with prompt and bill on stdout.")] = False,
) -> None:
    """Print the prompt that a role and a template make of a question; the token bill goes to stderr.

    Exit code 1 when the prompt does not fit into --context.

    \b
    Example: role-engine render --role philosopher --context 4096 "Что такое память?"
    """
    from role_engine.app.resolution import NO_ROLE
    from role_engine.app.token_usage import count_prompt_usage
    from role_engine.budget import ContextWindow, RolePromptBuilder
    from role_engine.hosts.cli.knowledge_bar import open_knowledge
    from role_engine.hosts.cli.token_count import counter
    from role_engine.prompts import TemplateLibrary
    from role_engine.prompts import render as render_prompt
    from role_engine.roles import RoleLibrary

    persona = None if role == NO_ROLE else RoleLibrary(context.obj.roles).get(role)
    chosen = template or (persona.template if persona else None) or DEFAULT_TEMPLATE
    question, found = text_argument(text), TemplateLibrary(context.obj.templates).get(chosen)
    counted = counter(tokenizer)
    window, told = ContextWindow(size, counted.count), None
    if persona is not None:
        told = RolePromptBuilder(open_knowledge()).build(persona, question, window)
    rendered = render_prompt(persona, question, template=found, said=told.said if told else None)
    costs = count_prompt_usage(rendered, told, counted.count, size, counted.starts)
    if as_json:
        put_json({"prompt": rendered.prompt, "bill": costs})
    else:
        put(rendered.prompt, end="")
    _tell(costs, rendered.left_out, counted.starts is not None, to_terminal=not as_json)
    if size is not None and costs["total"] >= size:
        note(f"It does not fit: {costs['total']} tokens, and the context has {size}.")
        raise typer.Exit(EXIT_NEGATIVE)


def _tell(costs: dict[str, Any], without_place: Collection[str], exact: bool, *, to_terminal: bool) -> None:
    if to_terminal:
        note("")
        for part, tokens in costs["parts"].items():
            if tokens:
                note(f"{part:<10} {tokens:>7}")
        note(f"{'total':<10} {costs['total']:>7}")
        if costs["reply"] is not None:
            note(f"{'left':<10} {costs['reply']:>7}")
        cut = len(costs["left_out"]) - len(without_place)
        for i, part in enumerate(costs["left_out"]):
            why = "no room in the role's share of the context" if i < cut else "the template has no place for it"
            note(f"left out: {part} ({why})")
    if not exact:
        note("The bill is an estimate; --tokenizer DIR counts exactly.")
