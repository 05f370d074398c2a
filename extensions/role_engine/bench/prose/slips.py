"""Slips of authors: refusals of published prose that are right, and that a person has listed with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from role_engine.errors import InputError


@dataclass(frozen=True, slots=True)
class Slip:
    """A refused text, what its line holds, and why it is a slip."""

    text: str
    line: str
    reason: str


def read_slips(path: Path) -> list[Slip]:
    """The slips of a file: a line is the refused text, a tab, a part of its line, a tab, and the reason. `#` begins a
    comment.

    Raises:
        InputError: the file cannot be read, or a line of it has other than three parts.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    slips = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or not all(parts):
            raise InputError(
                f"{path}, line {number}: refused text, a part of its line and the reason are wanted, with tabs between."
            )
        slips.append(Slip(*parts))
    return slips


def is_slip(text: str, line: str, slips: Sequence[Slip]) -> bool:
    """Whether the refusal of `text` in `line` is listed."""
    return any(slip.text == text and slip.line in line for slip in slips)
