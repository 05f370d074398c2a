"""Control tokens written out as text, which no reply may hold: `<think>`, `<|im_end|>`, `<|…>`, `<…|>`.

The same as `markers.CONTROL`, from left to right. A state is a short tuple, or None where none can have begun.
"""

from __future__ import annotations

from role_engine.decoder.classes import Partition, Trait

LONGEST_NAME = 32
_TAGS = ("think", "/think", "seed:think", "/seed:think")

Control = tuple[str, int, str] | None
OPENED: Control = ("<", 0, "")


class ControlTokens:
    """Steps through what may become a control token.

    Args:
        classes: the partition.
        counted: whether the length of a name is counted; if not, names longer than 32 characters are refused too.
    """

    def __init__(self, classes: Partition, *, counted: bool = True) -> None:
        self._classes, self._counted = classes, counted

    def step(self, state: Control, group: int) -> tuple[bool, Control]:
        """Whether the text goes on being none behind a character of class `group`, and the state then."""
        char = self._classes.sample[group] if self._classes.single[group] else ""
        if char == "<":
            return True, OPENED
        if state is None:
            return True, None
        kind, size, name = state
        if kind == "closing":
            return char != ">", None
        if self._classes.traits[group] & Trait.SPACE:
            return True, None
        if char == ">":
            return not (kind == "<|" and size) and name not in _TAGS, None
        if char == "|":
            if size:
                return True, ("closing", 0, "")
            return True, ("<|", 0, "") if kind == "<" else None
        return True, self._longer("<|" if kind == "<|" else "<name", size + 1, name, char)

    def _longer(self, kind: str, size: int, name: str, char: str) -> Control:
        name = name + char if kind == "<name" and len(name) == size - 1 and char else ""
        if not any(tag.startswith(name) for tag in _TAGS):
            name = ""
        if not self._counted:
            size = max(1, len(name))
        return (kind, size, name) if size <= LONGEST_NAME else None
