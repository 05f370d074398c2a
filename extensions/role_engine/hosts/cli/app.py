"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from role_engine.hosts.cli import bench, check, grammar, inspect_model, render, roles, serve, tokens
from role_engine.hosts.cli.chat.command import chat
from role_engine.hosts.cli.demo.command import demo
from role_engine.paths import HOME_VARIABLE
from role_engine.version import __version__

app = typer.Typer(
    name="role-engine",
    help="Roles and clean Russian for any local model.",
    epilog="Exit codes: 0 fine, 1 the answer is no, 2 wrong use or unreadable input.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Folder with your own roles/ and prompt-templates/; they win over those that come along. "
            f"Default: ${HOME_VARIABLE}, else the current folder.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    from role_engine.app.leftovers import clear_at_start
    from role_engine.paths import cache_folder, folders

    context.obj = folders(home)
    clear_at_start(context.obj.home, cache_folder())


app.add_typer(roles.app, name="roles")
app.add_typer(tokens.app, name="tokens")
app.command("bench")(bench.bench)
app.command("render")(render.render)
app.command("check")(check.check)
app.command("grammar")(grammar.grammar)
app.command("demo")(demo)
app.command("chat")(chat)
app.command("serve")(serve.serve)
app.command("inspect")(inspect_model.inspect_model)
