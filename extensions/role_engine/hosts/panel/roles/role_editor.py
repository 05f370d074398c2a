# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The open role's file: as YAML and in a form, checked while it is typed, saved, opened again, deleted."""

import threading
from typing import Any

from role_engine.hosts.panel import markup
from role_engine.hosts.panel.roles.form_boxes import FormBoxes
from role_engine.hosts.panel.roles.knowledge_view import KnowledgeView
from role_engine.hosts.panel.roles.open_role import QUICK, OpenRole
from role_engine.hosts.panel.roles.prompt_preview import PromptPreview
from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.hosts.panel.roles.role_files import OpenedRoleFile
from role_engine.hosts.panel.roles.role_list import RoleList
from role_engine.i18n.catalogue import say


class RoleEditor:
    """The file's text is the truth; the form shows it, and changes it."""

    def __init__(self, opened: OpenRole, *, fixed: bool) -> None:
        import gradio as gr

        self._opened, self._form = opened, opened.page.form
        with gr.Row():
            with gr.Column(min_width=300, elem_id="role-engine-form"):
                self._boxes = FormBoxes(opened.page, fixed=fixed)
            with gr.Column(min_width=300, elem_id="role-engine-file"):
                self._yaml = gr.Textbox(
                    label=self._text("yaml"), lines=18, max_lines=30, elem_id="role-engine-yaml", interactive=not fixed
                )
        with gr.Column(elem_id="role-engine-file-actions"):
            self._problems = gr.HTML("", elem_id="role-engine-problems")
            with gr.Row():
                self._save = self._button("save", variant="primary", interactive=not fixed)
                self._revert = self._button("revert")
                self._delete = self._button("delete", interactive=not fixed)
                self._sure = self._button("delete sure", variant="stop", visible=False)
        self.outputs = [self._yaml, self._problems, self._sure, *self._boxes.outputs]

    def show(self, file: OpenedRoleFile | None, draft: Draft, note: str) -> list[Any]:
        import gradio as gr

        said = note
        if file is not None and not note:
            own = "" if file.own else markup.note(self._text("copied from project"))
            said = self._opened.page.problems(file.id, file.text) + own
        return [draft.text, said, gr.update(visible=False), *self._boxes.show(draft)]

    def connect(self, roles: RoleList, seen: PromptPreview, knowledge: KnowledgeView) -> None:  # noqa: C901 - a function within it for each event of the form
        import gradio as gr

        opened, page, form, boxes = self._opened, self._opened.page, self._form, self._boxes
        one_at_a_time = threading.Lock()  # this view's boxes may be filled faster than their handlers run

        def check(content: str, draft: Draft) -> list[Any]:
            with one_at_a_time:
                return [page.problems(draft.id, content), *boxes.show_changes(draft.take_text(content, form), draft)]

        def put_in(key: str) -> Any:
            def put(value: Any, draft: Draft) -> tuple[Any, str]:
                with one_at_a_time:
                    before, taken = draft.text, draft.put(key, value, form)
                    said = page.problems(draft.id, draft.text)
                    if not taken:
                        said += markup.note(self._text("form waits"), "warn")
                    return gr.update() if draft.text == before else draft.text, said

            return put

        def store(content: str, draft: Draft, words: str, *values: Any) -> tuple[Any, ...]:
            if not draft.id:
                return tuple(gr.update() for _ in stored)
            with one_at_a_time:
                text = draft.as_on_page(content, dict(zip(form.fields, values, strict=True)), form)
                note, version = page.save(draft.id, text, draft.version)
                kept, draft.version = version != draft.version, version
            return (
                note,
                text if text != content else gr.update(),
                page.preview_prompt(draft.id) if kept else gr.update(),
                page.list_roles(words, draft.id) if kept else gr.update(),
                *(knowledge.of(draft.id) if kept else (gr.update() for _ in knowledge.outputs)),
            )

        def again(draft: Draft) -> list[Any]:
            return opened.show(draft.id)

        def ask() -> Any:
            return gr.update(visible=True)

        def remove(words: str, draft: Draft) -> list[Any]:
            gone, note = page.delete_role(draft.id)
            there = "" if gone and draft.id not in page.host.library else draft.id
            return [page.list_roles(words, there), *opened.show(there, note)]

        last: dict[str, Any] = {"trigger_mode": "always_last", **QUICK}
        self._yaml.input(check, [self._yaml, opened.state], [self._problems, *boxes.outputs], **last)
        for key, box in boxes.by_key.items():
            box.input(put_in(key), [box, opened.state], [self._yaml, self._problems], **last)
        stored = [self._problems, self._yaml, seen.prompt, roles.listed, *knowledge.outputs]
        asked = [self._yaml, opened.state, roles.search, *boxes.by_key.values()]
        self._save.click(store, asked, stored, **QUICK)
        self._revert.click(again, opened.state, opened.outputs, **QUICK)
        self._delete.click(ask, None, self._sure, **QUICK)
        self._sure.click(remove, [roles.search, opened.state], [roles.listed, *opened.outputs], **QUICK)

    def _button(self, key: str, **how: Any) -> Any:
        import gradio as gr

        name = key.removeprefix("delete ")
        return gr.Button(self._text(key), size="sm", elem_id=f"role-engine-{name}", **how)

    def _text(self, key: str) -> str:
        return say(self._opened.page.language, key)
