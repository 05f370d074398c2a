# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""Where roles come from and go to: new ones, copies, cards taken in and given out."""

from pathlib import Path
from typing import Any

from role_engine.hosts.panel import markup
from role_engine.hosts.panel.page_request import session_of
from role_engine.hosts.panel.roles.open_role import QUICK, OpenRole
from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.hosts.panel.roles.role_list import RoleList
from role_engine.hosts.panel.roles.roles_page import SUFFIXES
from role_engine.i18n.catalogue import say

TAKEN_IN = [".png", ".json", ".charx", ".yaml", ".yml"]


class RoleCards:
    def __init__(self, opened: OpenRole, *, fixed: bool) -> None:
        import gradio as gr

        def text(key: str) -> str:
            return say(opened.page.language, key)

        self._opened = opened
        with gr.Row():
            self._id = gr.Textbox(
                label=text("new id"), max_lines=1, elem_id="role-engine-new-id", interactive=not fixed
            )
            self._name = gr.Textbox(
                label=text("new name"), max_lines=1, elem_id="role-engine-new-name", interactive=not fixed
            )
        with gr.Row():
            self._new = gr.Button(text("new"), size="sm", elem_id="role-engine-new", interactive=not fixed)
            self._copy = gr.Button(text("duplicate"), size="sm", elem_id="role-engine-copy", interactive=not fixed)
        self._card = gr.UploadButton(
            text("import"), size="sm", file_types=TAKEN_IN, elem_id="role-engine-import", interactive=not fixed
        )
        with gr.Row():
            self._form = gr.Dropdown(
                list(SUFFIXES), value="card-v3 PNG", label=text("format"), elem_id="role-engine-format"
            )
            self._export = gr.Button(text("export"), size="sm", elem_id="role-engine-export")
        self._file = gr.File(label=text("file"), show_label=False, visible=False, elem_id="role-engine-card-file")
        self._said = gr.HTML("", elem_id="role-engine-said")

    def connect(self, roles: RoleList, parts: Any) -> None:
        """
        Args:
            parts: the `gradio.Tabs` with the tab `edit`, where a new role is shown.
        """
        import gradio as gr

        opened, page = self._opened, self._opened.page

        def make(how: str) -> Any:
            def show_new(role_id: str, name: str, words: str, draft: Draft) -> list[Any]:
                file, note = page.make_role(how, role_id, name=name, of=draft.id)
                if file is None:
                    return [note, gr.update(), gr.update(), *opened.leave_unchanged()]
                return [note, page.list_roles(words, file.id), gr.update(selected="edit"), *opened.show(file.id)]

            return show_new

        def take_in(path: str, wanted: str, words: str) -> list[Any]:
            try:
                role_id, note = page.import_card(path, wanted)
            finally:
                sent = Path(path).resolve()
                if sent.is_relative_to(Path(self._card.GRADIO_CACHE).resolve()):  # the copy that the browser sent
                    sent.unlink(missing_ok=True)
            if not role_id:
                return [note, gr.update(), *opened.leave_unchanged()]
            return [note, page.list_roles(words, role_id), *opened.show(role_id)]

        def give_out(how: str, draft: Draft, request: gr.Request) -> tuple[Any, str]:
            if not draft.id:
                return gr.update(visible=False), markup.note(say(page.language, "pick a role"))
            made, note = page.export_card(draft.id, how)
            if made is None:
                return gr.update(visible=False), note
            given_out = session_of(page.host.sessions, request).given_out
            path = given_out.put(*made, Path(self._file.GRADIO_CACHE))
            return gr.update(value=str(path), visible=True), note

        asked = [self._id, self._name, roles.search, opened.state]
        show_made = [self._said, roles.listed, parts, *opened.outputs]
        self._new.click(make("new"), asked, show_made, **QUICK)
        self._copy.click(make("duplicate"), asked, show_made, **QUICK)
        taken = [self._said, roles.listed, *opened.outputs]
        self._card.upload(take_in, [self._card, self._id, roles.search], taken, **QUICK)
        self._export.click(give_out, [self._form, opened.state], [self._file, self._said], **QUICK)
