"""Roles: found, seen as the model sees them, written, copied, deleted, taken in and given out as cards."""

from __future__ import annotations

from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.roles.knowledge_view import KnowledgeView
from role_engine.hosts.panel.roles.open_role import OpenRole
from role_engine.hosts.panel.roles.prompt_preview import PromptPreview
from role_engine.hosts.panel.roles.role_cards import RoleCards
from role_engine.hosts.panel.roles.role_editor import RoleEditor
from role_engine.hosts.panel.roles.role_list import RoleList
from role_engine.hosts.panel.roles.roles_page import RolesPage
from role_engine.hosts.panel.row import RoleRow
from role_engine.i18n.catalogue import Language, say


def roles_view(host: PanelHost, row: RoleRow, language: Language) -> None:
    """Lay the view out, inside of a gradio render."""
    import gradio as gr

    page = RolesPage(host, language)
    fixed = bool(host.why_fixed())
    gr.HTML(page.refusal(), visible=fixed)
    opened = OpenRole(page)
    with gr.Row():
        with gr.Column(scale=1, min_width=260):
            roles = RoleList(opened)
        with gr.Column(scale=3, min_width=300), gr.Tabs(selected="view") as parts:
            with gr.Tab(say(language, "view"), id="view", elem_id="role-engine-view"):
                seen = PromptPreview(opened, row)
            with gr.Tab(say(language, "knowledge"), id="knowledge", elem_id="role-engine-knowledge"):
                knowledge = KnowledgeView(opened)
            with gr.Tab(say(language, "edit"), id="edit", elem_id="role-engine-edit"):
                editor = RoleEditor(opened, fixed=fixed)
            with gr.Tab(say(language, "more"), id="more", elem_id="role-engine-more"):
                cards = RoleCards(opened, fixed=fixed)
    opened.add(seen, knowledge, editor)
    roles.connect()
    seen.connect()
    knowledge.connect()
    editor.connect(roles, seen, knowledge)
    cards.connect(roles, parts)
