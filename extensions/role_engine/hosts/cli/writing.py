"""What goes out: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer


def to_json(value: Any) -> str:
    """JSON with readable letters; where a lone surrogate makes that impossible, with escapes."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value)
    return text


class ReaderGone(Exception):
    """Nobody reads standard output any more. (Not an OSError: typer would make exit code 1, an answer, of that.)"""


def put(text: str = "", *, end: str = "\n") -> None:
    """A result, to standard output, at once.

    Raises:
        ReaderGone: the pipe is closed.
    """
    stream = sys.stdout
    try:
        try:
            stream.write(text + end)
        except UnicodeEncodeError:  # a terminal that is not UTF-8, or half a character in the text
            encoding = stream.encoding or "ascii"
            stream.write((text + end).encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        raise ReaderGone from None


def put_json(value: Any) -> None:
    put(to_json(value))


def note(text: str) -> None:
    """A remark, to standard error."""
    typer.echo(text, err=True)


def escape_for_terminal(text: str) -> str:
    """Text that comes from a file or a model, safe for a terminal: nothing in it can move the cursor or hide."""
    return "".join(c if c.isprintable() else " " if c.isspace() else f"<{ord(c):04X}>" for c in text)
