"""Parsing of a large JSON text piece by piece, so that other threads get their turn.

The parser of the standard library keeps every other thread waiting until it is done. Of a large text most is in a few
long strings: these are parsed a piece at a time, and the rest of the text without them.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from typing import Any

PIECE = 2**19
"""Bytes of a string that are parsed at once."""

_LONGEST_ESCAPES = 12  # bytes: a pair of surrogates, «\\ud83d\\ude00»
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]")
_BACKSLASH = 0x5C


def parse_large_object(body: bytearray, strings: Sequence[tuple[int, int]]) -> dict[str, Any] | None:
    """The JSON object that `body` is, None where it is anything else; `body` is empty afterwards.

    Args:
        strings: where long strings stand in it, without their quotation marks, in order (`JSONShape.long_strings`).
    """
    mark = secrets.token_hex(16)  # nothing of the text's own looks like it
    try:
        found = {f"{mark}{number}": _parse_string(body, *string) for number, string in enumerate(strings)}
        rest, at = bytearray(), 0
        for name, (start, end) in zip(found, strings, strict=True):
            rest += body[at:start] + name.encode()
            at = end
        rest += body[at:]
        body.clear()
        value = json.loads(rest.decode("utf-8", "surrogatepass"))
        return _put_back(value, found) if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        return None
    finally:
        body.clear()


def without(strings: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Where `strings` stand once [start, end) of the text, which cuts none of them, is left out."""
    size = end - start
    return [(at, to) for at, to in strings if to <= start] + [(at - size, to - size) for at, to in strings if at >= end]


def _parse_string(body: bytearray, start: int, end: int) -> str:
    """The text of the string at [start, end).

    Raises:
        ValueError: it is none.
    """
    parts = []
    while start < end:
        until = _piece_end(body, start, end)
        parts.append(json.loads(f'"{body[start:until].decode("utf-8", "surrogatepass")}"'))
        start = until
    return "".join(parts)


def _piece_end(body: bytearray, start: int, end: int) -> int:
    """Where a piece that begins at `start` may end: within no character, no escape and no pair of escapes."""
    if end - start <= PIECE:
        return end
    at = start + PIECE
    last = body.rfind(b"\\", at - _LONGEST_ESCAPES, at)
    if last < 0:
        while body[at] & 0xC0 == 0x80:
            at -= 1
        return at
    at = _escape_start(body, start, last)
    if _PAIR.match(body, at - 6):
        at = _escape_start(body, start, at - 6)
    return at


def _escape_start(body: bytearray, start: int, backslash: int) -> int:
    """Where the escape begins that the backslash is of: there, or one before, where it is escaped itself."""
    first = backslash
    while first > start and body[first - 1] == _BACKSLASH:
        first -= 1
    return backslash - (backslash - first) % 2


def _put_back(value: Any, found: dict[str, str]) -> Any:
    """`value` with the strings that are `found` by name."""
    if isinstance(value, str):
        return found.get(value, value)
    if isinstance(value, list):
        return [_put_back(one, found) for one in value]
    if isinstance(value, dict):
        return {found.get(key, key): _put_back(one, found) for key, one in value.items()}
    return value
