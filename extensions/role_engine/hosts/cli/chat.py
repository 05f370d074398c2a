"""`role-engine chat`: one guarded reply from a running server."""

from __future__ import annotations

from typing import Annotated

import typer

from role_engine.hosts.cli.outcome import NO
from role_engine.hosts.cli.policy_options import ModeOption
from role_engine.hosts.cli.reading import api_key, text_argument
from role_engine.hosts.cli.writing import note, put, put_json


def chat(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to say; - reads it from standard input.")],
    model: Annotated[
        str, typer.Option("--model", metavar="URL", help="Address of the server, such as http://127.0.0.1:5000")
    ],
    role: Annotated[
        str | None, typer.Option(metavar="NAME", help="Role; none: no persona. Default: the server's.")
    ] = None,
    mode: ModeOption = None,
    thinking: Annotated[
        str | None, typer.Option(metavar="MODE", help="Thinking mode, where the server has them.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same reply, if the server can.")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Limit of the reply. Default: the server's.")] = None,
    model_name: Annotated[
        str, typer.Option(metavar="NAME", help="Model, on a server with several. Default: its first.")
    ] = "",
    key_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="File with the server's key. Default: $ROLE_ENGINE_API_KEY, $OPENAI_API_KEY."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document with text and report, at the end.")
    ] = False,
) -> None:
    """Ask a running server, in a role, and get clean Russian. Exit code 1 when some spot of it could not be made clean.

    A webui that has this extension does everything itself. Any other OpenAI-compatible server gets role and question
    from here, and its reply is checked here: what is not clean is generated again, as far as that server can continue a
    reply.

    \b
    Example: role-engine chat --role philosopher --model http://127.0.0.1:5000 "Что такое память?"
    """
    from role_engine.backends.openai_server import OpenAIServer
    from role_engine.hosts.cli.reply import Question, ask_guarded_server, ask_plain_server, has_role_engine

    question = Question(
        text=text_argument(text),
        role=role,
        mode=mode.value if mode else None,
        thinking=thinking,
        seed=seed,
        max_tokens=max_tokens,
        model=model_name,
    )
    server = OpenAIServer(model, api_key=api_key(key_file))
    ask = ask_guarded_server if has_role_engine(server) else ask_plain_server
    reply = ask(server, question, context.obj)
    said: list[str] = []
    for piece in reply:
        said.append(piece)
        if not as_json:
            put(piece, end="")
    report = reply.report()
    if as_json:
        put_json({"text": "".join(said), "finish_reason": reply.finish, "report": report})
    else:
        put()
        if summary := _summary(report):
            note(summary)
    if report.get("failed"):
        raise typer.Exit(NO)


def _summary(report: dict) -> str:
    """One line, where there is something to say."""
    rejected = ", ".join(f"{item['kind']} {item['count']}" for item in report.get("rejected", ()))
    if not rejected:
        return ""
    stripped = f", {report['stripped']} left out" if report.get("stripped") else ""
    return f"[{report['attempts']} attempts, rejected: {rejected}{stripped}]"
