"""A folder of documents, and a library over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from role_engine.knowledge import KnowledgeLibrary

NOTES = """\
# Огород

## Чеснок

Озимый чеснок сажают в октябре, за месяц до морозов.

Стрелки обламывают, когда они закрутятся в кольцо.

## Тыква

Тыкву убирают до первых заморозков и хранят в кладовой.
"""

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write("notes.md", text)` → the file."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def notes(write: Write) -> Path:
    return write("notes.md", NOTES)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def library(cache: Path) -> KnowledgeLibrary:
    return KnowledgeLibrary(cache)
