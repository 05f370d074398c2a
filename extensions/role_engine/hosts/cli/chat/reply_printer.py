"""A reply on its way to standard output: the answer always, the reasoning before it where a person looks on."""

from __future__ import annotations

import os
import sys
import unicodedata

from role_engine.hosts.cli.writing import put
from role_engine.modes.reasoning import ReplyPart

_DIM, _NORMAL = "\x1b[2m", "\x1b[22m"


class ReplyPrinter:
    """One reply; call it with each part. On a terminal no control character of the model's gets through.

    Args:
        label: stands before the reasoning.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._on_terminal = sys.stdout.isatty()
        self._dims = self._on_terminal and _has_styles()
        self._reasons = False

    def __call__(self, part: ReplyPart) -> None:
        if part.is_reasoning:
            self._reason(part.text)
            return
        if self._reasons:
            self.stop()
            put()
        put(harmless(part.text) if self._on_terminal else part.text, end="")

    def stop(self) -> None:
        """The reply is over; the terminal is left as it was."""
        if self._reasons and self._dims:
            put(_NORMAL, end="")
        self._reasons = False

    def _reason(self, text: str) -> None:
        if not self._on_terminal:
            return
        if not self._reasons:
            put((_DIM if self._dims else "") + self._label, end="")
            self._reasons = True
        put(harmless(text), end="")


def harmless(piece: str) -> str:
    """A model's text for a terminal: no control character in it moves the cursor or changes a colour."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else "\ufffd" for c in piece)


def _has_styles() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
