"""`role-engine chat`: one guarded reply, or a conversation, from a local model or a running server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from role_engine.hosts.cli.exit_codes import NO
from role_engine.hosts.cli.model_option import KindOption, ModelOption
from role_engine.hosts.cli.policy_options import ModeOption
from role_engine.hosts.cli.reading import api_key, text_argument
from role_engine.hosts.cli.writing import note, put, put_json

if TYPE_CHECKING:
    from role_engine.app.resolution import Choice
    from role_engine.hosts.cli.chat.reply import ChatClient
    from role_engine.hosts.cli.chat.session import ChatSession
    from role_engine.i18n.catalogue import Texts
    from role_engine.models.report import Kind
    from role_engine.modes.library import ModeLibrary
    from role_engine.paths import Folders
    from role_engine.roles import RoleLibrary


def chat(
    context: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="[TEXT]", show_default=False, help="What to say; - reads it from standard input."),
    ] = None,
    model: ModelOption = None,
    kind: KindOption = None,
    role: Annotated[
        str | None, typer.Option(metavar="NAME", help="Role; none: no persona. Default: the server's, or none.")
    ] = None,
    mode: ModeOption = None,
    thinking: Annotated[
        str | None, typer.Option(metavar="MODE", help="Thinking mode: none, think, recursion, conflict, or your own.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same reply, if the server can.")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Limit of a reply. Default: the engine's.")] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="A conversation, also where standard input is no terminal.")
    ] = False,
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
        bool, typer.Option("--json", help="One JSON document with text and report; with -i one a reply, one a line.")
    ] = False,
) -> None:
    """Talk with a model, in a role and in clean Russian. TEXT gets one reply; without it a conversation begins.

    A webui that has this extension does everything itself. With any other OpenAI-compatible server, or a model of this
    machine, role and guard are added here: what is not clean is generated again, as far as a server can continue a
    reply. Exit code 1 when some spot could not be made clean.

    \b
    Examples: role-engine chat --role philosopher "Что такое память?"
              role-engine chat --role philosopher --model http://127.0.0.1:5000
    """
    from role_engine.app.resolution import Choice
    from role_engine.hosts.cli.chat.interrupt import Interrupts
    from role_engine.hosts.cli.chat.session import ChatSession
    from role_engine.hosts.cli.interface_language import interface_language
    from role_engine.hosts.cli.local_model import is_address
    from role_engine.i18n.catalogue import Texts

    on_terminal = sys.stdin.isatty()
    if text is None and not (interactive or on_terminal):
        raise typer.BadParameter("say something, or read a conversation from stdin with -i.", param_hint="TEXT")
    first = text_argument(text) if text is not None else None
    texts = Texts(interface_language(), "chat")
    if on_terminal and sys.stderr.isatty() and not is_address(model):
        note(texts("loading"))
    choice = Choice(role, mode.value if mode else None, thinking)
    partner = _partner(model, model_name, api_key(key_file), choice, context.obj, kind.value if kind else None)
    with Interrupts() as interrupts:
        session = ChatSession(partner, choice, seed=seed, max_tokens=max_tokens, interrupts=interrupts)
        if first is None or interactive:
            failed = _converse(session, texts, first, on_terminal=on_terminal, as_json=as_json)
        else:
            failed = _reply(session, texts, first, as_json=as_json)
    if failed:
        raise typer.Exit(NO)


def _partner(
    model: str | None, model_name: str, key: str, choice: Choice, folders: Folders, kind: Kind | None
) -> ChatClient:
    """Who answers.

    Raises:
        BackendError: there is no such server or model.
        UnknownRole, ModeError: said before a model is loaded.
    """
    from role_engine.app.engines import connect_remote_engine
    from role_engine.app.planner import Planner
    from role_engine.backends.openai_server import OpenAIServer
    from role_engine.hosts.cli.chat.reply import LocalChatClient, ServerChatClient, has_role_engine
    from role_engine.hosts.cli.knowledge_bar import open_knowledge
    from role_engine.hosts.cli.local_model import is_address, load_engine
    from role_engine.modes.library import ModeLibrary
    from role_engine.prompts import TemplateLibrary
    from role_engine.roles import RoleLibrary

    library, modes = RoleLibrary(folders.roles), ModeLibrary(folders.modes)
    if model is not None and is_address(model):
        server = OpenAIServer(model, api_key=key)
        if has_role_engine(server):
            return ServerChatClient(server, model_name)
        _look_up(choice, library, modes)
        engine = connect_remote_engine(model, key, name=model_name)
    else:
        _look_up(choice, library, modes)
        engine = load_engine(model, kind=kind)
    templates, knowledge = TemplateLibrary(folders.templates), open_knowledge()
    return LocalChatClient(Planner(engine, library, templates, modes=modes, knowledge=knowledge))


def _look_up(choice: Choice, library: RoleLibrary, modes: ModeLibrary) -> None:
    """Raises:
    UnknownRole, ModeError: there is no such role or thinking mode.
    """
    from role_engine.app.resolution import resolve

    resolve(library, request=choice)
    modes.check_known(choice.thinking)


def _reply(session: ChatSession, texts: Texts, text: str, *, as_json: bool) -> bool:
    """One reply; whether it failed. Here Ctrl-C ends the reply and, as there is nothing else to do, the program."""
    from role_engine.hosts.cli.chat.conversation import summary_of
    from role_engine.hosts.cli.chat.reply_printer import ReplyPrinter

    voice = ReplyPrinter(texts("thinks"))
    try:
        said = session.say(text, (lambda part: None) if as_json else voice)
    finally:
        voice.stop()
    if said.stopped:
        raise KeyboardInterrupt
    if as_json:
        put_json(said.as_dict())
    else:
        put()
        if summary := summary_of(said.report, texts):
            note(summary)
    return said.failed


def _converse(session: ChatSession, texts: Texts, first: str | None, *, on_terminal: bool, as_json: bool) -> bool:
    """A conversation to its end; whether a reply failed, where nobody saw it."""
    from role_engine.hosts.cli.chat.conversation import Conversation
    from role_engine.hosts.cli.chat.lines import LineSource, PipedLines, TypedLines

    lines: LineSource = (
        TypedLines(texts("you"), texts("leave"), session.interrupts) if on_terminal else PipedLines(session.interrupts)
    )
    if on_terminal:
        session.change()  # an unknown role is told before anybody types
        note(texts("hello"))
    conversation = Conversation(session, lines, texts, on_terminal=on_terminal, as_json=as_json)
    conversation.run(first)
    return conversation.failed and not on_terminal
