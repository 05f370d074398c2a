"""The open role's file as the page's boxes have it, saved or not."""

from __future__ import annotations

from dataclasses import dataclass, field

from role_engine.hosts.panel.role_files import Opened
from role_engine.hosts.panel.role_form import RoleForm, Shown


@dataclass
class Draft:
    """Kept on the server, one a view: what a box sends is its own value, and two boxes that are filled in one after the
    other do not undo each other.

    Attributes:
        id: the role's, "" where none is open.
        version: of its file, when it was opened or saved last.
        text: the file as the page has it.
        shown: what the form's boxes show, by key; None: a box that cannot be written into.
    """

    id: str = ""
    version: str = ""
    text: str = ""
    shown: dict[str, Shown | None] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Opened | None, form: RoleForm) -> Draft:
        if file is None:
            return cls(shown=form.shown("") or {})
        return cls(file.id, file.version, file.text, form.shown(file.text) or form.shown("") or {})

    def typed(self, text: str, form: RoleForm) -> dict[str, Shown | None]:
        """Another text in the box of the file: the form's boxes that show something else now."""
        self.text, before = text, self.shown
        self.shown = form.shown(text) or before
        return {key: value for key, value in self.shown.items() if value != before[key]}

    def put(self, key: str, value: Shown, form: RoleForm) -> bool:
        """Another value in a box of the form; whether the file could take it."""
        text = form.put(self.text, key, value)
        if text is None:
            return False
        self.text, self.shown[key] = text, value
        return True

    def as_on_page(self, text: str, values: dict[str, Shown], form: RoleForm) -> str:
        """The file when all boxes are looked at: what was typed last may still be on its way here."""
        self.text = text
        for key, value in values.items():
            if self.shown[key] not in (value, None):
                self.put(key, value, form)
        return self.text
