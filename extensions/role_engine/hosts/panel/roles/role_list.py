# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The roles of the library, found and picked."""

from typing import Any

from role_engine.hosts.panel.roles.open_role import QUICK, OpenRole
from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.i18n.catalogue import say


class RoleList:
    """A search box and a button for each role that it finds."""

    def __init__(self, opened: OpenRole) -> None:
        import gradio as gr

        language = opened.page.language
        self._opened = opened
        self.search = gr.Textbox(
            label=say(language, "search"), placeholder=say(language, "search hint"), elem_id="role-engine-search",
            max_lines=1,
        )  # fmt: skip
        self.listed = gr.HTML(opened.page.list_roles(""), elem_id="role-engine-list")
        self._picked = gr.Textbox(elem_id="role-engine-picked", elem_classes="re-off", show_label=False, label="id")

    def connect(self) -> None:
        opened = self._opened

        def pick(value: str) -> list[Any]:
            return opened.show(value.split(" ")[0])

        def find(words: str, draft: Draft) -> str:
            return opened.page.list_roles(words, draft.id)

        self._picked.input(pick, self._picked, opened.outputs, **QUICK)
        self.search.input(find, [self.search, opened.state], self.listed, trigger_mode="always_last", **QUICK)
