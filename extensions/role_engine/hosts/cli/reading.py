"""Text from outside: files, standard input, the key of a server."""

from __future__ import annotations

import codecs
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from role_engine.errors import InputError

STDIN = "-"
_PIECE = 1 << 18
"""Bytes of a long text that are read at a time."""


def name_of(source: str) -> str:
    """What to call it in a message."""
    return "standard input" if source == STDIN else source


def read_bytes(source: str) -> bytes:
    """The whole of a file, or of standard input for «-».

    Raises:
        InputError: it is not there or cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
    except OSError as error:
        raise _unreadable(source, error) from None


def read_text(source: str) -> str:
    """The same as text: UTF-8, line ends as they are, a byte-order mark at the very start left out."""
    return decode(read_bytes(source), name_of(source))


def read_pieces(source: str) -> Iterator[str]:
    """The same as `read_text`, piece by piece.

    Raises:
        InputError: as `read_text`; what came before the fault has been given.
    """
    decoder, done = codecs.getincrementaldecoder("utf-8-sig")(), 0
    try:
        with nullcontext(sys.stdin.buffer) if source == STDIN else Path(source).open("rb") as stream:
            while True:
                raw = stream.read(_PIECE)
                begun = len(decoder.getstate()[0])
                try:
                    piece = decoder.decode(raw, final=not raw)
                except UnicodeDecodeError as error:
                    raise _not_utf8(name_of(source), done - begun + error.start) from None
                if piece:
                    yield piece
                if not raw:
                    return
                done += len(raw)
    except OSError as error:
        raise _unreadable(source, error) from None


def size_of(source: str) -> int | None:
    """In bytes; None where it is not known beforehand."""
    try:
        status = os.fstat(sys.stdin.fileno()) if source == STDIN else os.stat(source)
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def read_lines(source: str) -> Iterator[tuple[int, str]]:
    """Line after line as it comes, with its number, from 1; blank lines are passed over."""
    try:
        with nullcontext(sys.stdin.buffer) if source == STDIN else Path(source).open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, decode(line, f"{name_of(source)}:{number}")
    except OSError as error:
        raise _unreadable(source, error) from None


def decode(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(name, error.start) from None


def read_context(path: str) -> tuple[str, ...]:
    """The user's messages, oldest first: a text file is one; a `.json` file is a list of strings or of chat messages.

    Raises:
        InputError: not readable, or JSON of another shape.
    """
    text = read_text(path)
    if Path(path).suffix.lower() != ".json":
        return (text,)
    try:
        return messages_of(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} does not hold a list of messages: {error}.") from None


def messages_of(value: object) -> tuple[str, ...]:
    """User messages out of JSON: a string, or a list of strings or of `{"role", "content"}` (those of the user).

    Raises:
        ValueError: another shape.
    """
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise ValueError("it must be a string or a list")
    found: list[str] = []
    for item in value:
        if isinstance(item, dict):
            if item.get("role", "user") != "user":
                continue
            item = item.get("content")
        if not isinstance(item, str):
            raise ValueError("every message must be a string, or an object with a string in `content`")
        found.append(item)
    return tuple(found)


def text_argument(text: str) -> str:
    """TEXT of the command line; «-» stands for standard input."""
    return read_text(STDIN) if text == STDIN else whole_characters(text)


def whole_characters(text: str) -> str:
    """The text with U+FFFD for what is no character: bytes of a terminal or command line that are not UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def api_key(key_file: str | None) -> str:
    """The key for a server: from a file, else `ROLE_ENGINE_API_KEY`, else `OPENAI_API_KEY`, else none.

    Keys are not taken from the command line, where other users of the machine can see them.
    """
    if key_file is not None:
        return read_text(key_file).strip()
    return os.environ.get("ROLE_ENGINE_API_KEY") or os.environ.get("OPENAI_API_KEY") or ""


def _not_utf8(name: str, byte: int) -> InputError:
    return InputError(f"{name} is not UTF-8 text (byte {byte}).", hint="Convert it first.")


def _unreadable(source: str, error: OSError) -> InputError:
    return InputError(f"{name_of(source)} cannot be read: {error.strerror or error}.")
