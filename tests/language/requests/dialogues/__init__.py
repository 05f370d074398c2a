"""Dialogues in which another language is asked for, and others that look alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml


class Dialogue(NamedTuple):
    """The user's messages, oldest first, and a reply. `language`: what is asked for, if anything."""

    messages: tuple[str, ...]
    reply: str
    language: str | None = None

    @property
    def user(self) -> str:
        """The last message."""
        return self.messages[-1]

    def __str__(self) -> str:
        return " / ".join(self.messages)


def _load(name: str, part: str | None = None) -> list[Dialogue]:
    entries = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return [_dialogue(**entry) for entry in (entries[part] if part else entries)]


def _dialogue(user: str | list[str], **rest: Any) -> Dialogue:
    return Dialogue((user,) if isinstance(user, str) else tuple(user), **rest)


# Text in another language is asked for, or is not.
RELAX, KEEP = _load("relax.yaml"), _load("keep.yaml")
# Foreign words are what it is about, or are not; and what slips into such replies.
ABOUT_WORDS, ABOUT_OTHER_THINGS = _load("about_words.yaml"), _load("about_other_things.yaml")
SECOND_ABOUT_WORDS, SECOND_ABOUT_OTHER_THINGS = (_load("second_set.yaml", part) for part in ("about", "other"))
SLIPS_IN_LESSONS = _load("slips_in_lessons.yaml")
