# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The form's boxes on the page: texts first, then behaviour, the rest folded, and what can only be changed as YAML."""

from collections.abc import Mapping, Sequence
from typing import Any

from role_engine.hosts.panel import markup
from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.hosts.panel.roles.role_form import NO_ROLE_ABOVE, FormField, Shown
from role_engine.hosts.panel.roles.roles_page import RolesPage
from role_engine.hosts.panel.row import MOST_LISTED
from role_engine.i18n.catalogue import CATALOGUE, say

LINES = {"system": 6, "negative": 2, "greeting": 2, "reminder": 2, "knowledge.files": 2}
MOST_LINES = 14


class FormBoxes:
    """
    Attributes:
        by_key: the boxes of the form's fields.
        outputs: the boxes, and what stands beside them.
    """

    def __init__(self, page: RolesPage, *, fixed: bool) -> None:
        import gradio as gr

        self._page, self._fixed = page, fixed
        self.by_key: dict[str, Any] = {}
        gr.HTML(markup.note(self._text("form note")))
        for group in ("texts", "behaviour", "rest"):
            fields = [field for field in page.form.fields.values() if field.group == group]
            with gr.Accordion(self._text(f"form {group}"), open=group == "texts", elem_id=f"role-engine-form-{group}"):
                if group == "rest":
                    for part in dict.fromkeys(field.part for field in fields):
                        gr.HTML(f"<h4>{self._text(f'form part {part}')}</h4>")
                        self._row([field for field in fields if field.part == part])
                else:
                    self._row(fields)
        self.by_key = {key: self.by_key[key] for key in page.form.fields}
        self._besides = gr.HTML("", elem_id="role-engine-form-besides")
        self.outputs = [*self.by_key.values(), self._besides]

    def show(self, draft: Draft) -> list[Any]:
        """All of them, for a role that has just been opened."""
        return [*(self._value(key, draft.shown[key]) for key in self.by_key), self._what_else(draft)]

    def show_changes(self, values: Mapping[str, Shown | None], draft: Draft) -> list[Any]:
        """Those alone that show something else now."""
        import gradio as gr

        boxes = [self._value(key, values[key]) if key in values else gr.update() for key in self.by_key]
        return [*boxes, self._what_else(draft)]

    def _value(self, key: str, value: Shown | None) -> Any:
        """What a box is told; those that may hold more than they can show are locked then."""
        import gradio as gr

        kind, locked = self._page.form.fields[key].kind, value is None
        if kind == "several":
            return gr.update(value=value or [], interactive=not (self._fixed or locked))
        if kind in ("lines", "words"):
            hint = self._text("in yaml only") if locked else ""
            return gr.update(value=value or "", placeholder=hint, interactive=not (self._fixed or locked))
        return value

    def _row(self, fields: Sequence[FormField]) -> None:
        import gradio as gr

        with gr.Row():
            self.by_key |= {field.key: self._box(field) for field in fields}

    def _box(self, field: FormField) -> Any:
        import gradio as gr

        how: dict[str, Any] = {
            "label": self._text(f"field {field.key}"),
            "elem_id": f"role-engine-field-{field.key.replace('.', '-').replace('_', '-')}",
            "interactive": not self._fixed,
        }
        if field.kind == "role":
            ids = list(self._page.host.library.ids()[:MOST_LISTED])
            return gr.Dropdown([NO_ROLE_ABOVE, *ids], value=NO_ROLE_ABOVE, allow_custom_value=True, **how)
        if field.kind in ("choice", "flag"):
            words = field.choices if field.kind == "choice" else ("true", "false")
            choices = [(self._text("by itself"), ""), *((self._named(field, word), word) for word in words)]
            return gr.Dropdown(choices, value="", **how)
        if field.kind == "several":
            return gr.CheckboxGroup([(self._named(field, word), word) for word in field.choices], **how)
        lines = LINES.get(field.key, 1)
        return gr.Textbox(lines=lines, max_lines=MOST_LINES if lines > 1 else 1, **how)

    def _named(self, field: FormField, word: str) -> str:
        """What a word of the file is called on the page; names of the user's own are not translated."""
        if field.kind == "flag":
            return self._text("yes" if word == "true" else "no")
        if field.key.startswith("thinking."):
            modes = self._page.host.modes
            return modes.get(word).name.lower() if word in modes else self._text("no thinking")
        if field.key == "template":
            return word
        own, common = f"choice {field.where[-1]} {word}", f"choice {word}"
        return self._text(next(key for key in (own, common, word) if key in CATALOGUE))

    def _what_else(self, draft: Draft) -> str:
        turns, others = self._page.form.besides(draft.text)
        return markup.besides_form(self._page.language, turns, others)

    def _text(self, key: str) -> str:
        return say(self._page.language, key)
