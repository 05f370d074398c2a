"""What came of adding or removing tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from role_engine.models.token_manifest import Manifest

Progress = Callable[[int, int], None]
"""Told how many bytes have been written, and of how many."""


@dataclass(frozen=True)
class TokensResult:
    """`manifest` is None where nothing of ours is left; `linked` counts files that are links to the model's own."""

    out: Path
    manifest: Manifest | None
    rewritten: tuple[str, ...] = ()
    linked: int = 0
    notes: tuple[str, ...] = field(default=())
