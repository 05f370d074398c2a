# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The open role's file: as YAML and in a form, checked while it is typed, saved, opened again, deleted."""

from typing import Any

from role_engine.hosts.panel import markup
from role_engine.hosts.panel.open_role import QUICK, At, OpenRole
from role_engine.hosts.panel.role_files import Opened
from role_engine.hosts.panel.role_form import FIELDS, fields_of, with_field
from role_engine.hosts.panel.role_list import RoleList
from role_engine.hosts.panel.role_seen import RoleSeen
from role_engine.hosts.panel.texts import say


class RoleEditor:
    """The file's text is the truth; the form shows it, and changes it."""

    def __init__(self, opened: OpenRole, *, fixed: bool) -> None:
        import gradio as gr

        self._opened = opened
        with gr.Accordion(self._text("form"), open=False, elem_id="role-engine-form"):
            self._fields = [
                gr.Textbox(
                    label=self._text(f"field {field}"),
                    lines=5 if field == "system" else 1,
                    max_lines=14,
                    elem_id=f"role-engine-field-{field}",
                    interactive=not fixed,
                )
                for field in FIELDS
            ]
        self._yaml = gr.Textbox(
            label=self._text("yaml"), lines=18, max_lines=30, elem_id="role-engine-yaml", interactive=not fixed
        )
        self._problems = gr.HTML("", elem_id="role-engine-problems")
        with gr.Row():
            self._save = gr.Button(
                self._text("save"), variant="primary", elem_id="role-engine-save", interactive=not fixed
            )
            self._revert = gr.Button(self._text("revert"), elem_id="role-engine-revert")
            self._delete = gr.Button(self._text("delete"), elem_id="role-engine-delete", interactive=not fixed)
            self._sure = gr.Button(self._text("delete sure"), variant="stop", visible=False, elem_id="role-engine-sure")
        self.outputs = [self._yaml, self._problems, self._sure, *self._fields]

    def shown(self, file: Opened | None, note: str) -> list[Any]:
        import gradio as gr

        if file is None:
            return ["", note, gr.update(visible=False), *_in_fields("")]
        own = "" if file.own else markup.note(self._text("copied from project"))
        said = note or self._opened.page.problems(file.id, file.text) + own
        return [file.text, said, gr.update(visible=False), *_in_fields(file.text)]

    def connect(self, roles: RoleList, seen: RoleSeen) -> None:
        import gradio as gr

        opened, page = self._opened, self._opened.page

        def check(content: str, at: At) -> list[Any]:
            return [page.problems(at["id"], content), *_in_fields(content)]

        def put_in(field: str) -> Any:
            def put(value: str, content: str, at: At) -> tuple[str, str]:
                content = with_field(content, field, value)
                return content, page.problems(at["id"], content)

            return put

        def store(content: str, at: At, words: str) -> tuple[Any, ...]:
            if not at["id"]:
                return gr.update(), gr.update(), gr.update(), gr.update()
            note, version = page.save(at["id"], content, at["version"])
            kept = version != at["version"]
            return (
                note,
                {**at, "version": version},
                page.seen(at["id"]) if kept else gr.update(),
                page.listed(words, at["id"]) if kept else gr.update(),
            )

        def again(at: At) -> list[Any]:
            return opened.show(at["id"])

        def ask() -> Any:
            return gr.update(visible=True)

        def remove(words: str, at: At) -> list[Any]:
            gone, note = page.deleted(at["id"])
            there = "" if gone and at["id"] not in page.host.library else at["id"]
            return [page.listed(words, there), *opened.show(there, note)]

        last: dict[str, Any] = {"trigger_mode": "always_last", **QUICK}
        self._yaml.input(check, [self._yaml, opened.state], [self._problems, *self._fields], **last)
        for field, box in zip(FIELDS, self._fields, strict=True):
            box.input(put_in(field), [box, self._yaml, opened.state], [self._yaml, self._problems], **last)
        stored = [self._problems, opened.state, seen.prompt, roles.listed]
        self._save.click(store, [self._yaml, opened.state, roles.search], stored, **QUICK)
        self._revert.click(again, opened.state, opened.outputs, **QUICK)
        self._delete.click(ask, None, self._sure, **QUICK)
        self._sure.click(remove, [roles.search, opened.state], [roles.listed, *opened.outputs], **QUICK)

    def _text(self, key: str) -> str:
        return say(self._opened.page.language, key)


def _in_fields(content: str) -> list[Any]:
    """What the form's fields show; a file that cannot be read leaves them as they are."""
    import gradio as gr

    there = fields_of(content) if content else dict.fromkeys(FIELDS, "")
    return list(there.values()) if there is not None else [gr.update() for _ in FIELDS]
