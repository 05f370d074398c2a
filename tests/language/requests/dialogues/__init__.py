"""Dialogues in which another language is asked for, and others that look alike."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml


class Dialogue(NamedTuple):
    """The last message of the user, and a reply. `language`: what is asked for, if anything."""

    user: str
    reply: str
    language: str | None = None

    def __str__(self) -> str:
        return self.user


def _load(name: str) -> list[Dialogue]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [Dialogue(**entry) for entry in yaml.safe_load(text)]


RELAX, KEEP = _load("relax.yaml"), _load("keep.yaml")
