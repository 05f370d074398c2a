"""The open role's file as the page's boxes have it, saved or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from role_engine.hosts.panel.roles.role_files import OpenedRoleFile
from role_engine.hosts.panel.roles.role_form import RoleForm, Shown

_REMEMBERED = 8  # changes that can be on their way at one time


@dataclass
class Draft:
    """Kept on the server, one a view: what a box sends is its own value, and two boxes that are filled in one after the
    other do not undo each other.

    Attributes:
        id: the role's, "" where none is open.
        version: of its file, when it was opened or saved last.
        text: the file as the page has it.
        shown: what the form's boxes show, by key; None: a box that cannot be written into.
        earlier: what the text was before the form changed it, as long as the page's box may still show that.
    """

    id: str = ""
    version: str = ""
    text: str = ""
    shown: dict[str, Shown | None] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: OpenedRoleFile | None, form: RoleForm) -> Draft:
        if file is None:
            return cls(shown=form.show("") or {})
        return cls(file.id, file.version, file.text, form.show(file.text) or form.show("") or {})

    def take_text(self, text: str, form: RoleForm) -> dict[str, Shown | None]:
        """Another text in the box of the file: the form's boxes that show something else now."""
        self.text, self.earlier, before = text, (), self.shown
        self.shown = form.show(text) or before
        return {key: value for key, value in self.shown.items() if value != before[key]}

    def put(self, key: str, value: Shown | None, form: RoleForm) -> bool:
        """Another value in a box of the form; whether the file could take it."""
        text = form.put(self.text, key, value)
        if text is None:
            return False
        if text != self.text:
            self.earlier = (*self.earlier[1 - _REMEMBERED :], self.text)
        self.text, self.shown[key] = text, value or ""
        return True

    def as_on_page(self, text: str, values: Mapping[str, Shown | None], form: RoleForm) -> str:
        """The file when all boxes are looked at: what was typed last may be on its way still, here or back."""
        if text not in self.earlier:
            self.text = text
        for key, value in values.items():
            before = self.shown[key]
            if before is not None and (value or "") != (before or ""):  # an empty list, text or nothing are one
                self.put(key, value, form)
        return self.text
