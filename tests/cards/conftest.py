"""A library with the shipped roles behind an empty folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from role_engine.cards import ImportedRole, file_of, gather_export, import_card, read_card
from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary

CHECKOUT = Path(__file__).parents[2]
SHIPPED = CHECKOUT / "roles"
TEMPLATES = TemplateLibrary([CHECKOUT / "prompt-templates"])


class Place:
    """A folder of roles of one's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = RoleLibrary([folder / "roles", SHIPPED])

    def bring(
        self, raw: bytes, role_id: str | None = "aya", *, name: str = "card", extends: str | None = None
    ) -> ImportedRole:
        path = self.folder / name
        path.write_bytes(raw)
        return import_card(
            read_card(path),
            self.folder / "roles",
            self.library,
            role_id=role_id,
            extends=extends,
            templates=TEMPLATES.names(),
        )

    def take(self, to: Any, suffix: str, role_id: str = "aya") -> bytes:
        return file_of(gather_export(role_id, self.library)[0], to, suffix)

    def edit(self, old: str, new: str, role_id: str = "aya") -> None:
        path = self.folder / "roles" / f"{role_id}.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@contextmanager
def a_place() -> Iterator[Place]:
    """The same for each example of a property."""
    with tempfile.TemporaryDirectory() as folder:
        yield Place(Path(folder))
