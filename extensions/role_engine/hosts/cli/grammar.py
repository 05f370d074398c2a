"""`role-engine grammar`: the language policy as a grammar for llama.cpp."""

from __future__ import annotations

from typing import Annotated

import typer

from role_engine.hosts.cli.policy_options import ModeOption, policy_for
from role_engine.hosts.cli.writing import put


def grammar(
    context: typer.Context,
    mode: ModeOption = None,
    role: Annotated[
        str | None, typer.Option(metavar="NAME", help="The policy of this role, its allowed words included.")
    ] = None,
    common: Annotated[
        bool,
        typer.Option("--common", help="Only ordinary characters: no emoji, no rare signs. Much faster in llama.cpp."),
    ] = False,
) -> None:
    """Print the language policy as GBNF, the grammar that llama.cpp generates by.

    What the grammar lets through the check finds clean; `balanced` leaves Latin words to the check, and knows neither
    code in other scripts nor foreign names. With `in_thinking: free` a reply may begin with `<think>…</think>`.

    \b
    Examples: role-engine grammar --mode strict >strict.gbnf
              role-engine grammar --role philosopher --common
    """
    from role_engine.decoder.gbnf import gbnf

    policy = policy_for(mode)
    if role is not None:
        from role_engine.roles import RoleLibrary

        policy = RoleLibrary(context.obj.roles).get(role).language
        policy = policy if mode is None else policy.model_copy(update={"mode": mode.value})
    put(gbnf(policy, common=common), end="")
