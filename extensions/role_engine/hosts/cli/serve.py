"""`role-engine serve`: the API and a chat page of our own, without the webui."""

from __future__ import annotations

from typing import Annotated

import typer

from role_engine.hosts.cli.model_option import KindOption, ModelOption
from role_engine.hosts.cli.policy_options import ModeOption
from role_engine.hosts.cli.writing import note

DEFAULT_PORT = 7861


def serve(
    context: typer.Context,
    model: ModelOption = None,
    kind: KindOption = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0: any free one.")] = DEFAULT_PORT,
    role: Annotated[
        str | None, typer.Option(metavar="NAME", help="Role where a request names none. Default: no persona.")
    ] = None,
    mode: ModeOption = None,
    thinking: Annotated[
        str | None, typer.Option(metavar="MODE", help="Thinking mode where nobody names one. Default: none.")
    ] = None,
    parallel: Annotated[int, typer.Option(min=1, max=64, help="Replies generated at a time.")] = 1,
    queue: Annotated[int, typer.Option(min=0, max=10_000, help="Requests that may wait; one more gets a 429.")] = 16,
    page: Annotated[bool, typer.Option("--page/--no-page", help="The chat page at /.")] = True,
    key_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="File with the API key. Default: $ROLE_ENGINE_API_KEY.")
    ] = None,
) -> None:
    """Serve a model with roles and clean Russian: an OpenAI- and Anthropic-compatible API, and a chat page.

    Keys come from $ROLE_ENGINE_API_KEY (or --key-file) and $ROLE_ENGINE_ADMIN_KEY, never from the command line. Ctrl-C
    lets running replies end for a few seconds.

    \b
    Example: role-engine serve --model ~/models/Qwen3-4B --role philosopher
    """
    from role_engine.errors import InputError

    try:
        import uvicorn  # noqa: F401
        from fastapi import FastAPI  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"`serve` needs the package {error.name!r}.", hint="Install it: pip install 'role-engine[serve]'"
        ) from None

    from role_engine.app.resolution import Choice
    from role_engine.hosts.cli.knowledge_bar import open_knowledge
    from role_engine.hosts.cli.local_model import load_engine
    from role_engine.hosts.serve.app import make_app
    from role_engine.hosts.serve.request_queue import RequestQueue
    from role_engine.hosts.serve.security.keys import is_loopback, read_keys, refuse_open_door
    from role_engine.hosts.serve.server import Server, listening_socket
    from role_engine.modes.library import ModeLibrary
    from role_engine.prompts import TemplateLibrary
    from role_engine.roles import RoleLibrary

    keys = read_keys(key_file)
    refuse_open_door(host, keys)
    library = RoleLibrary(context.obj.roles)
    if role not in (None, "none"):
        library.get(role)  # an unknown one is an error now, not at the first request
    modes = ModeLibrary(context.obj.modes)
    modes.check_known(thinking)
    if model is None:
        note("No --model: the embedded one answers. It knows nothing, and is there to try things out.")
    listener = listening_socket(host, port)  # before the model: loading takes long, and a taken port is told at once
    try:
        app = make_app(
            load_engine(model, kind=kind.value if kind else None),
            library,
            TemplateLibrary(context.obj.templates),
            keys=keys,
            default=Choice(role, mode.value if mode else None, thinking),
            modes=modes,
            line=RequestQueue(parallel, queue),
            local_only=is_loopback(host),
            page=page,
            knowledge=open_knowledge(),
            model_path=model,
        )
    except BaseException:
        listener.close()
        raise
    served_on = listener.getsockname()[1]
    shown_host = f"[{host}]" if ":" in host else host

    def ready() -> None:
        note(f"Serving on http://{shown_host}:{served_on} (Ctrl-C ends it)")
        app.state.service.warm()

    Server(app).serve_on(listener, ready)
