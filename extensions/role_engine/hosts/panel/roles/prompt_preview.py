# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""What the model sees of the open role, and the way from here to a talk with it."""

from typing import Any

from role_engine.hosts.panel import markup
from role_engine.hosts.panel.roles.open_role import QUICK, OpenRole
from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.hosts.panel.roles.role_files import OpenedRoleFile
from role_engine.hosts.panel.row import RoleRow
from role_engine.i18n.catalogue import say


class PromptPreview:
    """The prompt and its bill, and the button that puts the role into the row under the chat."""

    def __init__(self, opened: OpenRole, row: RoleRow) -> None:
        import gradio as gr

        self._opened, self._row, self._language = opened, row, opened.page.language
        self._use = gr.Button(
            say(self._language, "use"), size="sm", elem_id="role-engine-use", elem_classes="re-small", interactive=False
        )
        self._used = gr.HTML("")
        self.prompt = gr.HTML(self._nothing(), elem_id="role-engine-seen")
        self.outputs = [self._use, self._used, self.prompt]

    def show(self, file: OpenedRoleFile | None, draft: Draft, note: str) -> list[Any]:
        import gradio as gr

        if file is None:
            return [gr.update(interactive=False), "", self._nothing()]
        page = self._opened.page
        return [
            gr.update(interactive=file.id in page.host.library),
            "",
            page.preview_prompt(file.id) or page.problems(file.id, file.text),
        ]

    def connect(self) -> None:
        import gradio as gr

        def talk(draft: Draft) -> tuple[Any, str]:
            role = self._opened.page.host.library.get(draft.id)
            choices = self._row.role_choices(self._language, role.id)
            said = markup.note(say(self._language, "used", name=role.name), "ok")
            return gr.update(choices=choices, value=role.id), said

        self._use.click(talk, self._opened.state, [self._row.role, self._used], **QUICK)

    def _nothing(self) -> str:
        return markup.note(say(self._language, "pick a role"))
