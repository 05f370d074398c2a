"""Server-sent events as bytes: find whole events in a stream of pieces, change the JSON of some, leave the rest.

The stream's form is the WHATWG HTML standard's: lines end in LF, CRLF or CR, an empty line ends the event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_EVENT_END = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))")
_LONGEST_END = 4  # bytes: CRLF CRLF


class EventEditor:
    """Passes a stream of server-sent events on, event by event.

    Args:
        edit: gets each event's data where that is a JSON object; changes it in place and says whether it did.

    Bytes of events that are not changed come out as they went in, whatever the pieces; only an event that is not yet
    complete is held.
    """

    def __init__(self, edit: Callable[[dict[str, Any]], bool]) -> None:
        self._edit = edit
        self._held = bytearray()
        self._searched = 0

    def feed(self, piece: bytes) -> bytes:
        """Take the next piece of the stream; give what is complete by now, possibly nothing."""
        self._held += piece
        out = bytearray()
        start = 0
        while end := _EVENT_END.search(self._held, max(start, self._searched)):
            out += self._passed(bytes(self._held[start : end.end()]))
            start = self._searched = end.end()
        del self._held[:start]
        self._searched = max(0, len(self._held) - _LONGEST_END + 1)
        return bytes(out)

    def flush(self) -> bytes:
        """What is left when the stream ends in the middle of an event."""
        rest = bytes(self._held)
        self._held.clear()
        self._searched = 0
        return rest

    def _passed(self, event: bytes) -> bytes:
        lines = event.splitlines(keepends=True)
        data = [_value(line) for line in lines if _is_data(line)]
        content = parse_object(b"\n".join(data)) if data else None
        if content is None or not self._edit(content):
            return event
        replacement = dump(content, ascii_only=event.isascii(), spaced=True)
        out = bytearray()
        for line in lines:
            if not _is_data(line):
                out += line
            elif replacement:
                out += b"data: " + replacement + line[len(line.rstrip(b"\r\n")) :]
                replacement = b""
        return bytes(out)


def parse_object(text: str | bytes | bytearray) -> dict[str, Any] | None:
    """The JSON object that `text` is; None where it is anything else (`[DONE]`)."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def dump(value: dict[str, Any], *, ascii_only: bool, spaced: bool = False) -> bytes:
    """`value` as JSON; letters beyond ASCII are escaped where `ascii_only`, as they were in the text it came from."""
    separators = (", ", ": ") if spaced else (",", ":")
    try:
        return json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode()
    except UnicodeEncodeError:  # half a surrogate pair: it came in escaped, it has to go out escaped
        return json.dumps(value, separators=separators).encode()


def _is_data(line: bytes) -> bool:
    return line.startswith(b"data:")


def _value(line: bytes) -> bytes:
    return line.rstrip(b"\r\n").removeprefix(b"data:").removeprefix(b" ")
