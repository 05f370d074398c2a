"""Every change made to the host, in one place, and its undoing.

The webui has no hook for three things: putting a box's value into the state of a page's request, keeping that value
from becoming every other browser's, and listing the roles among the API's models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from role_engine.hosts.webui.host_api import HostApi
from role_engine.prompts.sandbox import GenerationTag


class Patches:
    """Functions of the host that were wrapped, so that each can be put back."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        self._wrapped: set[tuple[int, str]] = set()

    def wrap(self, owner: Any, name: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        """Replace `owner.name` by `wrapper(owner.name)`, once."""
        if (id(owner), name) in self._wrapped:
            return
        self._wrapped.add((id(owner), name))
        original = getattr(owner, name)
        replacement = wrapper(original)
        setattr(owner, name, replacement)

        def undo() -> None:
            if getattr(owner, name) is replacement:  # else somebody wrapped it after us; ours passes through by then
                setattr(owner, name, original)

        self._undo.append(undo)

    def on_undo(self, action: Callable[[], None]) -> None:
        self._undo.append(action)

    def undo(self) -> None:
        while self._undo:
            self._undo.pop()()
        self._wrapped.clear()


def teach_tags(host: HostApi, patches: Patches) -> None:
    """Let the host read `{% generation %}`, which newer models' templates have and which it stops at."""
    environment = host.template_environment
    if environment is None or any(GenerationTag.tags & extension.tags for extension in environment.extensions.values()):
        return
    environment.add_extension(GenerationTag)
    patches.on_undo(lambda: environment.extensions.pop(GenerationTag.identifier, None))
