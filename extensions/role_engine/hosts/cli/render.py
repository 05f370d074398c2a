"""`role-engine render`: the exact prompt, and what it costs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from role_engine.hosts.cli.outcome import NO
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
    window: Annotated[
        int | None,
        typer.Option("--context", min=1, metavar="N", help="Tokens of the model's context: says what is left."),
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
    from role_engine.hosts.cli.knowledge_bar import open_knowledge
    from role_engine.hosts.cli.token_count import counter
    from role_engine.hosts.in_force import NO_ROLE
    from role_engine.prompts import TemplateLibrary, bill
    from role_engine.prompts import render as render_prompt
    from role_engine.roles import RoleLibrary

    persona = None if role == NO_ROLE else RoleLibrary(context.obj.roles).get(role)
    chosen = template or (persona.template if persona else None) or DEFAULT_TEMPLATE
    question, found = text_argument(text), TemplateLibrary(context.obj.templates).get(chosen)
    count, exact = counter(tokenizer)
    known = open_knowledge().information(persona.knowledge, question, count) if persona else ""
    rendered = render_prompt(persona, question, template=found, knowledge=known)
    costs = _bill(bill(rendered, count, context=window), window)
    if as_json:
        put_json({"prompt": rendered.prompt, "bill": costs})
    else:
        put(rendered.prompt, end="")
    _tell(costs, exact, to_terminal=not as_json)
    if window is not None and costs["total"] >= window:
        note(f"It does not fit: {costs['total']} tokens, and the context has {window}.")
        raise typer.Exit(NO)


def _bill(costs: dict[str, Any], window: int | None) -> dict[str, Any]:
    """What is left of the context is the reply's."""
    return {**costs, "reply": None if window is None else max(0, window - costs["total"])}


def _tell(costs: dict[str, Any], exact: bool, *, to_terminal: bool) -> None:
    if to_terminal:
        note("")
        for part, tokens in costs["parts"].items():
            if tokens:
                note(f"{part:<10} {tokens:>7}")
        note(f"{'total':<10} {costs['total']:>7}")
        if costs["reply"] is not None:
            note(f"{'left':<10} {costs['reply']:>7}")
        for part in costs["left_out"]:
            note(f"left out: {part} (the template has no place for it)")
    if not exact:
        note("The bill is an estimate; --tokenizer DIR counts exactly.")
