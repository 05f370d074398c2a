# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The page at `/`: the chat, the panel's row below it, the tab «Role Engine». Needs gradio, which is imported here."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI

from role_engine.app.resolution import Choice
from role_engine.errors import RoleEngineError
from role_engine.hosts.panel import job_bar, style
from role_engine.hosts.panel import row as panel_row
from role_engine.hosts.panel.page_request import session_of
from role_engine.hosts.panel.row import BUILT_IN, RoleRow
from role_engine.hosts.panel.tab import TITLE, tab_views
from role_engine.hosts.serve.chat_page import look
from role_engine.hosts.serve.chat_page.chats import Chats
from role_engine.hosts.serve.chat_page.conversation import Conversations, greeting
from role_engine.hosts.serve.chat_page.panel_host import ServePanelHost
from role_engine.hosts.serve.event_loop import with_event_loop
from role_engine.hosts.serve.service import ServeService
from role_engine.hosts.serve.settings import ServeSettingsStore
from role_engine.i18n.catalogue import Language, say

FONTS = ["system-ui", "sans-serif"]  # of the system: nothing is fetched from elsewhere
API_LINK = '<a href="docs" target="_blank" rel="noopener">API</a>'
LOGIN = "Пароль — ключ этого сервера, имя — любое."


def mount_page(app: FastAPI, service: ServeService, settings: ServeSettingsStore, *, local_only: bool = True) -> None:
    """Put the page at `/`; with an API key it asks for that key first. `app.state.panel` is its `ServePanelHost`."""
    import gradio as gr

    keys = service.keys
    auth = (lambda user, password: keys.opens_page(password)) if keys.api is not None else None
    app.state.panel = ServePanelHost(service, settings, local_only=local_only)

    def mount() -> None:
        page = make_page(service, app.state.panel)
        gr.mount_gradio_app(app, page, path="/", auth=auth, auth_message=LOGIN)

    with_event_loop(mount)


def upload_folder() -> str:
    """Where gradio puts what the page uploads."""
    from gradio.utils import get_upload_folder

    return str(get_upload_folder())


def make_page(service: ServeService, host: ServePanelHost) -> Any:
    """The page as gradio Blocks."""
    import gradio as gr

    row = RoleRow(host)
    theme = gr.themes.Soft(font=FONTS, font_mono=["ui-monospace", "monospace"])
    css = look.CSS + panel_row.CSS + job_bar.CSS + style.CSS
    with (
        gr.Blocks(title="role_engine", css=css, js=look.FOLLOW, theme=theme, analytics_enabled=False) as page,
        gr.Tabs(),
    ):
        with gr.Tab(say(BUILT_IN, "chat"), elem_id="role-engine-talk"):
            _chat(page, service, host, row)
        with gr.Tab(TITLE) as tab:
            tab_views(tab, host, row)
    return page


def _chat(page: Any, service: ServeService, host: ServePanelHost, row: RoleRow) -> None:  # noqa: C901 - a function within it for each event of the page
    import gradio as gr

    conversations = Conversations(service, host.sessions)
    texts = ("send", "stop", "regenerate", "edit last", "new chat", "empty")

    kept = gr.State(Chats())
    chat = gr.Chatbot(label=say(BUILT_IN, "chat"), show_label=False, elem_id="role-engine-chat", show_copy_button=True)
    with gr.Row():
        message = gr.Textbox(
            label=say(BUILT_IN, "message"),
            show_label=False,
            placeholder=say(BUILT_IN, "message"),
            elem_id="role-engine-message",
            lines=1,
            max_lines=8,
            scale=8,
            autofocus=True,
        )
        send_button, stop_button = (
            gr.Button(say(BUILT_IN, key), variant=look, elem_id=f"role-engine-{key}", scale=1, min_width=90)
            for key, look in (("send", "primary"), ("stop", "secondary"))
        )
    with gr.Row(elem_id="role-engine-actions"):
        again_button, edit_button, new_button, clear_button = (
            gr.Button(say(BUILT_IN, key), elem_id=f"role-engine-{name}", size="sm", scale=0)
            for key, name in (
                ("regenerate", "again"),
                ("edit last", "edit-last"),
                ("new chat", "new-chat"),
                ("empty", "clear"),
            )
        )
        chats = gr.Dropdown(
            [Chats().title(0, BUILT_IN)],
            type="index",
            label=say(BUILT_IN, "chats"),
            value=Chats().title(0, BUILT_IN),
            show_label=False,
            container=False,
            interactive=True,
            elem_id="role-engine-chats",
        )
        gr.HTML(API_LINK, elem_id="role-engine-api")
    row.render()
    buttons = [send_button, stop_button, again_button, edit_button, new_button, clear_button]

    def greet(role_id: str) -> list[Any]:
        try:
            role = service.planner.in_force(panel=Choice(role=role_id or None)).role
            said = greeting(role) if role is not None else ""
        except RoleEngineError:  # it has gone since the box was filled
            said = ""
        return [[None, said]] if said else []

    async def send_message(
        text: str, before: list[Any], panel: Choice, session: str
    ) -> AsyncIterator[tuple[Any, list[Any], str]]:
        async for state in conversations.say(session, text, before, panel):
            yield ("" if state.first else gr.update()), state.rows, panel_row.live(state.status)

    async def send(
        text: str, shown: list[Any], role: str, mode: str, thinking: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, list[Any], str]]:
        if not text.strip():
            yield gr.update(), shown, panel_row.live("")
            return
        panel = Choice(role or None, mode or None, thinking or None)
        async for state in send_message(text, shown, panel, request.session_hash or ""):
            yield state

    async def again(
        shown: list[Any], role: str, mode: str, thinking: str, request: gr.Request
    ) -> AsyncIterator[tuple[list[Any], str]]:
        if not shown or not shown[-1][0]:
            yield shown, panel_row.live("")
            return
        panel = Choice(role or None, mode or None, thinking or None)
        async for _, rows, status in send_message(shown[-1][0], shown[:-1], panel, request.session_hash or ""):
            yield rows, status

    async def stream_unfiltered(
        shown: list[Any], role: str, thinking: str, request: gr.Request
    ) -> AsyncIterator[tuple[list[Any], str]]:
        async for state in again(shown, role, "off", thinking, request):
            yield state

    def edit(shown: list[Any]) -> tuple[Any, list[Any]]:
        """The last question back into its box, and out of the chat."""
        return (shown[-1][0], shown[:-1]) if shown and shown[-1][0] else (gr.update(), shown)

    def stop(request: gr.Request) -> None:
        conversations.stop(request.session_hash or "")

    def clear(role: str, request: gr.Request) -> tuple[list[Any], str]:
        rows = greet(role)
        conversations.forget(request.session_hash or "", rows)
        return rows, panel_row.live("")

    def list_chats(of: Chats, language: Language) -> Any:
        titles = [of.title(number, language) for number in range(len(of.all))]
        return gr.update(choices=titles, value=titles[of.at])

    def new(of: Chats, shown: list[Any], role: str, request: gr.Request) -> tuple[Any, ...]:
        of = of.keep(shown).with_new(greet(role))
        conversations.forget(request.session_hash or "", of.rows)
        return of, of.rows, list_chats(of, session_of(host.sessions, request).language), panel_row.live("")

    def switch(of: Chats, shown: list[Any], number: int | None, request: gr.Request) -> tuple[Any, ...]:
        of = of.keep(shown).switch(number or 0)
        conversations.forget(request.session_hash or "", of.rows)
        return of, of.rows, list_chats(of, session_of(host.sessions, request).language), panel_row.live("")

    def open_page(request: gr.Request) -> list[Any]:
        language = session_of(host.sessions, request).language
        if language == BUILT_IN:
            return [greet(""), *[gr.update() for _ in range(len(buttons) + 2)]]
        return [
            greet(""),
            *(say(language, key) for key in texts),
            gr.update(placeholder=say(language, "message"), label=say(language, "message")),
            list_chats(Chats(), language),
        ]

    def chosen(role_id: str, shown: list[Any]) -> list[Any]:
        """Another role greets where nothing has been said yet."""
        return shown if any(line[0] for line in shown) else greet(role_id)

    # The server's own queue decides who waits; gradio's must not stand in front of it.
    replies: dict[str, Any] = {"concurrency_limit": None, "show_progress": "hidden", "api_name": False}
    quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}
    boxes = [row.role, row.mode, row.thinking]
    gr.on([message.submit, send_button.click], send, [message, chat, *boxes], [message, chat, row.status], **replies)
    again_button.click(again, [chat, *boxes], [chat, row.status], **replies)
    row.unfiltered.click(stream_unfiltered, [chat, row.role, row.thinking], [chat, row.status], **replies)
    asked = [message.submit, send_button.click, again_button.click, row.unfiltered.click]
    gr.on(asked, row.show_waiting, row.role, row.work.boxes, **quick)
    edit_button.click(edit, chat, [message, chat], **quick)
    stop_button.click(stop, None, None, **quick)
    clear_button.click(clear, row.role, [chat, row.status], **quick)
    new_button.click(new, [kept, chat, row.role], [kept, chat, chats, row.status], **quick)
    chats.input(switch, [kept, chat, chats], [kept, chat, chats, row.status], **quick)
    row.role.change(chosen, [row.role, chat], chat, **quick)
    page.load(open_page, None, [chat, *buttons, message, chats], **quick)
    page.unload(stop)
