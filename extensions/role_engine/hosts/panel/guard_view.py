# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""Guard: what it did to this session's last replies, and a box to try it on any text."""

from typing import Any

from role_engine.hosts.panel import markup
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.page_request import session_of
from role_engine.hosts.panel.sessions import ReplyRecord
from role_engine.hosts.panel.status import reply_line
from role_engine.i18n.catalogue import Language, say
from role_engine.language import check

ON_A_PAGE = 8
LONGEST_TRIED = 20_000  # characters
QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}


def replies_page(language: Language, replies: list[ReplyRecord], page: int) -> tuple[str, str, str, int]:
    """One page of the replies, newest first: totals, the replies, where we are, the page that it really is."""
    if not replies:
        return "", markup.note(say(language, "guard empty")), "", 0
    page = max(0, min(page, (len(replies) - 1) // ON_A_PAGE))
    newest = replies[::-1][page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    shown = "".join(markup.reply_view(language, reply, reply_line(reply, language)) for reply in newest)
    first = page * ON_A_PAGE + 1
    where = say(language, "page of", first=first, last=first + len(newest) - 1, all=len(replies))
    return markup.totals(language, replies), shown, markup.note(where), page


def guard_view(tab: Any, host: PanelHost, language: Language) -> None:
    """Lay the view out, inside of a gradio render."""
    import gradio as gr

    def text(key: str) -> str:
        return say(language, key)

    page = gr.State(0)
    totals = gr.HTML("", elem_id="role-engine-totals")
    replies = gr.HTML("", elem_id="role-engine-replies")
    with gr.Row():
        newer = gr.Button(text("newer"), size="sm", elem_id="role-engine-newer")
        older = gr.Button(text("older"), size="sm", elem_id="role-engine-older")
        refresh = gr.Button(text("refresh"), size="sm", elem_id="role-engine-refresh")
        clear = gr.Button(text("clear"), size="sm", elem_id="role-engine-forget")
    where = gr.HTML("", elem_id="role-engine-where")
    log = host.log_file()
    kept = text("kept in memory") + (f" {say(language, 'kept on disk', path=log.name)}" if log is not None else "")
    gr.HTML(markup.note(kept))
    with gr.Accordion(text("try"), open=False, elem_id="role-engine-try"):
        tried = gr.Textbox(label=text("try hint"), lines=4, max_lines=12, elem_id="role-engine-tried")
        mode = gr.Dropdown(
            [(text("balanced"), "balanced"), (text("strict"), "strict")], value="balanced", label=text("mode")
        )
        go = gr.Button(text("check"), elem_id="role-engine-check")
        verdict = gr.HTML("", elem_id="role-engine-verdict")

    shown = [totals, replies, where, page]

    def at(number: int, request: gr.Request) -> tuple[str, str, str, int]:
        return replies_page(language, list(session_of(host.sessions, request).replies), number)

    def back(number: int, request: gr.Request) -> tuple[str, str, str, int]:
        return at(number - 1, request)

    def on(number: int, request: gr.Request) -> tuple[str, str, str, int]:
        return at(number + 1, request)

    def first(request: gr.Request) -> tuple[str, str, str, int]:
        return at(0, request)

    def forget(request: gr.Request) -> tuple[str, str, str, int]:
        session_of(host.sessions, request).replies.clear()
        return at(0, request)

    def look(content: str, how: str) -> str:
        content = (content or "")[:LONGEST_TRIED]
        policy = host.policy().model_copy(update={"mode": how})
        return markup.highlight_violations(language, content, check(content, policy).violations)

    tab.select(first, None, shown, **QUICK)
    refresh.click(first, None, shown, **QUICK)
    newer.click(back, page, shown, **QUICK)
    older.click(on, page, shown, **QUICK)
    clear.click(forget, None, shown, **QUICK)
    go.click(look, [tried, mode], verdict, **QUICK)
