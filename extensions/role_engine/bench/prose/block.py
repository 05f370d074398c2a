"""One block of prose."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

Place = Literal["paragraph", "heading", "list", "table", "quote"]
PLACES: tuple[Place, ...] = ("paragraph", "heading", "list", "table", "quote")


class Block(NamedTuple):
    """One block of a file; `line`: where it begins, counted from 1."""

    path: Path
    line: int
    place: Place
    text: str
