"""The chats of one browser session. They live as long as its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from role_engine.i18n.catalogue import Language, say

MOST = 50
_TITLE = 40  # characters


@dataclass(frozen=True, slots=True)
class Chats:
    """Every chat as gradio shows it; `at`: the one that is shown."""

    all: tuple[list[Any], ...] = ([],)
    at: int = 0

    @property
    def rows(self) -> list[Any]:
        return self.all[self.at]

    def keep(self, shown: Sequence[Any]) -> Chats:
        """With what is shown now."""
        return replace(self, all=(*self.all[: self.at], list(shown), *self.all[self.at + 1 :]))

    def with_new(self, rows: list[Any]) -> Chats:
        """With one more chat, which is shown; the oldest goes when there are too many."""
        all_ = (*self.all, rows)[-MOST:]
        return Chats(all_, len(all_) - 1)

    def switch(self, number: int) -> Chats:
        return replace(self, at=max(0, min(number, len(self.all) - 1)))

    def title(self, number: int, language: Language) -> str:
        """The first thing that was said in it; numbered, since two may begin alike."""
        said = next((line[0] for line in self.all[number] if line[0]), "")
        words = " ".join(said.split())
        if not words:
            return say(language, "chat number", number=number + 1)
        return f"{number + 1}. {words[:_TITLE]}{'…' if len(words) > _TITLE else ''}"
