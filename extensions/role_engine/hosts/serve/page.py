# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The chat page at `/`. Needs gradio, which is imported when a page is made."""

import html
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI

from role_engine.errors import RoleEngineError
from role_engine.hosts.in_force import NO_ROLE, Choice
from role_engine.hosts.serve.conversation import Conversations, Shown, greeting
from role_engine.hosts.serve.own_sources import OwnSourcesOnly
from role_engine.hosts.serve.service import ServeService

AS_ROLE, AS_SERVER, WITHOUT_ROLE = "как у роли", "как в настройках", "без роли"
MODE_LABELS = (("строго: только кириллица", "strict"), ("как русский редактор", "balanced"), ("без проверки", "off"))
FONTS = ["system-ui", "sans-serif"]  # of the system: nothing is fetched from elsewhere
LOGIN = "Пароль — ключ этого сервера, имя — любое."

CSS = """
#role-engine-chat { height: calc(100vh - 21rem) !important; min-height: 16rem; }
#role-engine-chat details { margin-bottom: 0.8em; opacity: 0.7; }
#role-engine-chat summary { cursor: pointer; }
#role-engine-status { min-height: 1.5em; font-size: 0.9em; opacity: 0.85; }
footer { display: none !important; }
"""


def mount_page(app: FastAPI, service: ServeService) -> None:
    """Put the page at `/`; with an API key it asks for that key first."""
    import gradio as gr

    keys = service.keys
    app.add_middleware(OwnSourcesOnly)
    auth = (lambda user, password: keys.opens_page(password)) if keys.api is not None else None
    gr.mount_gradio_app(app, make_page(service), path="/", auth=auth, auth_message=LOGIN)


def make_page(service: ServeService) -> Any:
    """The page as gradio Blocks."""
    import gradio as gr

    conversations = Conversations(service)

    def roles() -> list[tuple[str, str]]:
        default = service.planner.in_force().role
        server = f"{AS_SERVER} ({default.name})" if default is not None else AS_SERVER
        return [(server, ""), (WITHOUT_ROLE, NO_ROLE), *((role.name, role.id) for role in service.library.all())]

    def role_status(role_id: str) -> str:
        lines = []
        if role_id and role_id in service.library:
            lines.append(service.library.get(role_id).description)
        lines += [f"⚠ {name}: {error.message}" for name, error in service.library.errors().items()]
        return _lines(lines)

    def opened() -> tuple[Any, list[Any], str]:
        return gr.update(choices=roles(), interactive=True), _greeted(service, ""), role_status("")

    def chosen(role_id: str, shown: list[Any]) -> tuple[list[Any], str]:
        """Another role greets where nothing has been said yet."""
        said = any(row[0] for row in shown)
        return shown if said else _greeted(service, role_id), role_status(role_id)

    async def send(
        text: str, shown: list[Any], role: str, mode: str, thinking: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, list[Any], str]]:
        if not text.strip():
            yield gr.update(), shown, ""
            return
        panel = Choice(role or None, mode or None, thinking or None)
        async for state in conversations.say(request.session_hash or "", text, shown, panel):
            yield ("" if state.first else gr.update()), state.rows, _status(state)

    def stop(request: gr.Request) -> None:
        conversations.stop(request.session_hash or "")

    def clear(role: str, request: gr.Request) -> tuple[list[Any], str, str]:
        rows = _greeted(service, role)
        conversations.forget(request.session_hash or "", rows)
        return rows, "", role_status(role)

    theme = gr.themes.Soft(font=FONTS, font_mono=["ui-monospace", "monospace"])
    with gr.Blocks(title="role_engine", css=CSS, theme=theme, analytics_enabled=False) as page:
        chat = gr.Chatbot(show_label=False, elem_id="role-engine-chat", show_copy_button=True)
        with gr.Row():
            message = gr.Textbox(
                show_label=False,
                placeholder="Напишите сообщение и нажмите Enter (новая строка — Shift+Enter)",
                elem_id="role-engine-message",
                lines=1,
                max_lines=8,
                scale=8,
                autofocus=True,
            )
            send_button = gr.Button("Отправить", variant="primary", elem_id="role-engine-send", scale=1, min_width=110)
            stop_button = gr.Button("Стоп", elem_id="role-engine-stop", scale=1, min_width=80)
            clear_button = gr.Button("Очистить", elem_id="role-engine-clear", scale=1, min_width=100)
        with gr.Row():
            role = gr.Dropdown(
                choices=roles(),
                value="",
                label="Роль",
                elem_id="role-engine-role",
                scale=2,
                interactive=False,  # until `opened` has answered: it would undo what was chosen before
            )
            mode = gr.Dropdown(
                choices=[(AS_ROLE, ""), *MODE_LABELS], value="", label="Язык ответа", elem_id="role-engine-mode"
            )
            thinking = gr.Dropdown(
                choices=[
                    (AS_ROLE, ""),
                    ("без размышлений", "none"),
                    *((known.name.lower(), known.id) for known in service.planner.modes.all()),
                ],
                value="",
                label="Размышление",
                elem_id="role-engine-thinking",
            )
        status = gr.HTML("", elem_id="role-engine-status")

        # The server's own queue decides who waits; gradio's must not stand in front of it.
        gr.on(
            [message.submit, send_button.click],
            send,
            [message, chat, role, mode, thinking],
            [message, chat, status],
            concurrency_limit=None,
            show_progress="hidden",
            api_name=False,
        )
        quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}
        stop_button.click(stop, None, None, **quick)
        clear_button.click(clear, role, [chat, message, status], **quick)
        role.change(chosen, [role, chat], [chat, status], **quick)
        page.load(opened, None, [role, chat, status], **quick)
        page.unload(stop)
    return page


def _greeted(service: ServeService, role_id: str) -> list[Any]:
    try:
        role = service.planner.in_force(panel=Choice(role=role_id or None)).role
        said = greeting(role) if role is not None else ""
    except RoleEngineError:  # it has gone since the box was filled
        said = ""
    return [[None, said]] if said else []


def _status(state: Shown) -> str:
    return _lines([state.status] if state.status else [])


def _lines(lines: list[str]) -> str:
    return "<br>".join(html.escape(line) for line in lines)
