# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The tab «Role Engine». Its views are made when it is opened for the first time, in the session's own language: until
then the page carries nothing of them."""

from typing import Any

from role_engine.hosts.panel.guard_view import guard_view
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.model.model_tab import model_view
from role_engine.hosts.panel.page_request import session_of
from role_engine.hosts.panel.roles.roles_view import roles_view
from role_engine.hosts.panel.row import RoleRow
from role_engine.hosts.panel.settings_view import settings_view
from role_engine.i18n.catalogue import say

TITLE = "Role Engine"


def tab_views(tab: Any, host: PanelHost, row: RoleRow) -> None:
    """Fill a `gradio.Tab`, which is the context that this is called in."""
    import gradio as gr
    from gradio.context import Context

    language = gr.State("")

    def open_tab(shown: str, request: gr.Request) -> str:
        return shown or session_of(host.sessions, request).language

    def close_tab(request: gr.Request, *more: Any) -> None:
        """`more`: gradio puts the request into the arguments once for each function that waits for this."""
        session_of(host.sessions, request).given_out.clear()

    Context.root_block.unload(close_tab)
    tab.select(open_tab, language, language, show_progress="hidden", api_name=False)

    @gr.render(inputs=[language], triggers=[language.change])  # type: ignore[untyped-decorator]
    def views(shown: Any) -> None:
        with gr.Column(elem_id="role-engine-tab"), gr.Tabs():
            with gr.Tab(say(shown, "roles"), elem_id="role-engine-roles"):
                roles_view(host, row, shown)
            with gr.Tab(say(shown, "guard"), elem_id="role-engine-guard") as guard:
                guard_view(guard, host, shown)
            with gr.Tab(say(shown, "model"), elem_id="role-engine-model") as model:
                model_view(model, host, shown)
            with gr.Tab(say(shown, "settings"), elem_id="role-engine-settings"):
                settings_view(host, row, shown, language)
