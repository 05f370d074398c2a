"""The user's lines: typed at a terminal, or from a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Protocol

from role_engine.hosts.cli.chat.interrupt import Interrupts
from role_engine.hosts.cli.reading import STDIN, read_lines, whole_characters
from role_engine.hosts.cli.writing import note


class LineSource(Protocol):
    """Where the next message comes from."""

    def next(self) -> str | None:
        """A line; None: there will be no more."""
        ...


class PipedLines:
    """Standard input that is no terminal; blank lines are passed over."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._lines: Iterator[tuple[int, str]] = read_lines(STDIN)

    def next(self) -> str | None:
        """See `LineSource`.

        Raises:
            InputError: not readable, or not UTF-8.
            KeyboardInterrupt: Ctrl-C; whoever pressed it wants all of it to end.
        """
        with self._interrupts.reading():
            found = next(self._lines, None)
        return found[1].strip() if found is not None else None


class TypedLines:
    """A terminal, with line editing and a history of its own where Python has `readline`.

    Ctrl-C drops the line, a second one on the next line leaves, as Ctrl-D does.

    Args:
        prompt: stands before the line.
        hint: said after the first Ctrl-C.
        interrupts: how Ctrl-C gets here.
    """

    def __init__(
        self, prompt: str, hint: str, interrupts: Interrupts, read: Callable[[str], str] | None = None
    ) -> None:
        self._prompt, self._hint, self._interrupts, self._read = prompt, hint, interrupts, read or _typed
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  (input() then edits lines)

    def next(self) -> str | None:
        warned = False
        while True:
            try:
                with self._interrupts.reading():
                    line = whole_characters(self._read(self._prompt)).strip()
            except EOFError:
                note("")
                return None
            except KeyboardInterrupt:
                note("")
                if warned:
                    return None
                note(self._hint)
                warned = True
                continue
            if line:
                return line
            warned = False


def _typed(prompt: str) -> str:
    if sys.stdout.isatty():
        return input(prompt)
    # input() would write the prompt into the file that standard output is.
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
