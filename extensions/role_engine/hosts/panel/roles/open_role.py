# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""The role that the view has open, and everything on the page that shows it."""

from typing import Any, Protocol

from role_engine.errors import RoleEngineError
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.hosts.panel.roles.role_files import OpenedRoleFile
from role_engine.hosts.panel.roles.roles_page import RolesPage

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}


class RoleView(Protocol):
    """A part of the view that shows the open role."""

    outputs: list[Any]

    def show(self, file: OpenedRoleFile | None, draft: Draft, note: str) -> list[Any]:
        """Values for `outputs`.

        Args:
            file: the role's file; None where no role is open.
            draft: the same for the boxes of the form.
            note: what to say beside it, as HTML.
        """
        ...


class OpenRole:
    """Its state, which handlers take as a `Draft`, and the parts of the view that follow it.

    Attributes:
        outputs: what `show` gives values for; complete when all parts have been added.
    """

    def __init__(self, page: RolesPage) -> None:
        import gradio as gr

        self.page = page
        self.state = gr.State(Draft.of(None, page.form))
        self.outputs: list[Any] = [self.state]
        self._parts: list[RoleView] = []

    def add(self, *parts: RoleView) -> None:
        for part in parts:
            self._parts.append(part)
            self.outputs += part.outputs

    def show(self, role_id: str, note: str = "") -> list[Any]:
        """Everything of a role; one that cannot be opened is none, and the note says why."""
        file = None
        if role_id:
            try:
                file = self.page.files.open(role_id)
            except RoleEngineError as error:
                note = markup.note(self.page.describe_error(error), "warn")
        draft = Draft.of(file, self.page.form)
        return [draft, *(value for part in self._parts for value in part.show(file, draft, note))]

    def leave_unchanged(self) -> list[Any]:
        import gradio as gr

        return [gr.update() for _ in self.outputs]
