"""The shape of a form, looked at piece by piece as it arrives: how many fields, how large their heads are.

Parsers of forms take time or memory out of proportion for what no browser sends: a thousand fields, a part whose head
does not end, megabytes before the first boundary or behind the last one.
"""

from __future__ import annotations

from email.message import Message

from role_engine.hosts.http.json_shape import BadShape

MAX_FIELDS = 16
MAX_PART_HEAD = 4 * 2**10
"""Bytes between a boundary and the part's content."""
_MAX_BOUNDARY = 70  # RFC 2046, 5.1.1
_AFTER_LAST = 2  # a line end may follow


class FormShape:
    """Counts the fields of `application/x-www-form-urlencoded`."""

    def __init__(self) -> None:
        self._fields = 1

    def feed(self, piece: bytes) -> None:
        """Look at the next piece.

        Raises:
            BadShape
        """
        self._fields += piece.count(b"&") + piece.count(b";")
        if self._fields > MAX_FIELDS:
            raise BadShape(f"more than {MAX_FIELDS} fields")

    def end(self) -> None:
        """The body is over."""


class MultipartShape:
    """Counts the parts of `multipart/form-data`, and the bytes that stand where only boundaries and heads may stand.

    Args:
        boundary: of the header, without the dashes before it; empty: there is none.

    Raises:
        BadShape: it is none.
    """

    def __init__(self, boundary: str) -> None:
        if not 0 < len(boundary) <= _MAX_BOUNDARY or not boundary.isascii():
            raise BadShape("no parts that a boundary of 1 to 70 ASCII characters divides")
        self._mark = b"\r\n--" + boundary.encode()
        self._held = b"\r\n"  # as if a line had ended before the first boundary
        self._parts = 0
        self._state = "before"

    def feed(self, piece: bytes) -> None:
        """Look at the next piece.

        Raises:
            BadShape
        """
        self._held += piece
        while self._step():
            pass

    def end(self) -> None:
        """The body is over.

        Raises:
            BadShape: it has not ended.
        """
        if self._state != "after":
            raise BadShape("a form that does not end")

    def _step(self) -> bool:  # noqa: C901 - a branch for each state of the parser
        """One step on; False where more has to arrive first."""
        held, mark = self._held, self._mark
        if self._state == "before":
            if not held.startswith(mark[: len(held)]):
                raise BadShape("something before its first boundary")
            return self._begin_part(len(mark)) if len(held) >= len(mark) else False
        if self._state == "boundary":
            if len(held) < 2:
                return False
            if held.startswith(b"--"):
                self._state, self._held = "after", held[2:]
                return True
            self._state = "head"
        if self._state == "head":
            at = held.find(b"\r\n\r\n")
            if at > MAX_PART_HEAD or (at < 0 and len(held) > MAX_PART_HEAD):
                raise BadShape(f"a part whose head is longer than {MAX_PART_HEAD} bytes")
            if at < 0:
                return False
            self._state, self._held = "content", held[at + 2 :]  # an empty content begins with the boundary's line end
            return True
        if self._state == "content":
            at = held.find(mark)
            if at >= 0:
                return self._begin_part(at + len(mark))
            self._held = held[-len(mark) + 1 :]
            return False
        if len(held) > _AFTER_LAST:
            raise BadShape("something behind its last boundary")
        return False

    def _begin_part(self, at: int) -> bool:
        self._parts += 1
        if self._parts > MAX_FIELDS + 1:
            raise BadShape(f"more than {MAX_FIELDS} fields")
        self._state, self._held = "boundary", self._held[at:]
        return True


def boundary_of(content_type: str) -> str:
    """The boundary that a Content-Type header names; empty where it names none."""
    message = Message()
    message["content-type"] = content_type
    found = message.get_param("boundary", "")
    return found if isinstance(found, str) else ""
