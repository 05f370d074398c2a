"""A chat's request that is larger than any prompt can be: its oldest turns go before it is parsed.

A chat that is too long for the model loses its oldest turns anyway, once they have been parsed, checked, rendered and
counted. What cannot fit by its length alone need not be.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from role_engine.hosts.http.json_shape import Elements

ROUND_THE_TEXT = 2**20
"""Bytes that a request may have beside its text: settings, keys, white space."""
LONGEST_ESCAPE = 6
"""Bytes of JSON for one byte of text: `\\u000a`."""

BYTES_OF_A_TOKEN = 32
"""Of a history, on the average: several times what any language takes."""

_SMALL = 2**16  # bytes: a message of this size is parsed to be measured, a larger one is weighed as it stands
_COUNTED_AT_ONCE = 2**22  # bytes: other threads wait meanwhile
_FRAME = 2**12  # bytes of a message that are not its text
_ROLE = re.compile(rb'"role"\s*:\s*"(\w+)"')


@dataclass(frozen=True, slots=True)
class TextLimit:
    """What a model can read at most, whatever the text.

    Attributes:
        most: bytes of UTF-8.
        token: bytes of its longest token; a message counts as one at least.
        history: bytes of earlier turns that are looked at. The longest token is mostly a run of blanks or dashes; a
            history is no such text, see `BYTES_OF_A_TOKEN`.
    """

    most: int
    token: int
    history: int

    @classmethod
    def of_context(cls, context: int, token: int) -> TextLimit:
        """Of a model that holds `context` tokens, the longest of them of `token` bytes."""
        return cls(context * token, token, context * min(token, BYTES_OF_A_TOKEN))


ANY_MODEL = TextLimit(2**24, 1, sys.maxsize)
"""Where the model's context is not known: no model reads more than 16 MB, and nothing is left out."""


class CannotFit(Exception):
    """What may not be left out is longer than the model can read."""


def cut_history(body: bytearray, elements: Elements | None, limit: TextLimit) -> tuple[int, int]:
    """Leave the oldest turns out of `body` that cannot fit; never a leading system message nor the last turn.

    Args:
        elements: where the messages stand in it; None: nobody found them.

    Returns:
        From where to where the body was that is left out; (0, 0): nothing is.

    Raises:
        CannotFit
    """
    too_many = elements is not None and len(elements.starts) * limit.token > limit.most
    left_out = 0, 0
    if elements is not None and (too_many or len(body) > limit.history):
        with contextlib.suppress(ValueError):  # a message is no JSON: the app has its own words for that
            left_out = _cut(body, elements, limit)
    refuse_too_long(body, limit.most)
    return left_out


def refuse_long_string(body: bytearray, strings: Iterable[tuple[int, int]], most: int) -> None:
    """Refuse a body one of whose long `strings`, from where to where, must have more than `most` bytes of text.

    Raises:
        CannotFit
    """
    if any(end - start > most and _least_text(body, start, end) > most for start, end in strings):
        raise CannotFit


def refuse_too_long(body: bytearray, most: int) -> None:
    """Refuse a body in which more than `most` bytes of text must be, and what may stand round them.

    Raises:
        CannotFit
    """
    most += ROUND_THE_TEXT
    if len(body) > most and _least_text(body, 0, len(body)) > most:
        raise CannotFit


def _cut(body: bytearray, elements: Elements, limit: TextLimit) -> tuple[int, int]:
    count = len(elements.starts)
    first = head = 0
    for role, size in _messages(body, elements, range(count)):
        if role not in ("system", "developer"):
            break
        first, head = first + 1, head + size
    needed = shown = head  # bytes of text that are needed in any case, and such as a history has them
    later_turn = None
    numbers = range(count - 1, first - 1, -1)
    for number, (role, size) in zip(numbers, _messages(body, elements, numbers), strict=True):
        needed += max(size, limit.token)
        shown += max(size, BYTES_OF_A_TOKEN)
        if later_turn is None and needed > limit.most:
            raise CannotFit
        if later_turn is not None and (needed > limit.most or shown > head + limit.history):
            start, end = elements.starts[first], elements.starts[later_turn]
            del body[start:end]
            return start, end
        if role == "user":
            later_turn = number
    if needed > limit.most:
        raise CannotFit
    return 0, 0


def _messages(body: bytearray, elements: Elements, numbers: range) -> Iterator[tuple[str, int]]:
    """Role and least bytes of text of each of those messages."""
    for number in numbers:
        start, end = elements.starts[number], elements.ends[number]
        if end - start > _SMALL:
            yield _role(body, start, end), max(0, _least_text(body, start, end) - _FRAME)
            continue
        message = json.loads(body[start:end])
        if not isinstance(message, dict):
            raise ValueError("A message is no object.")
        yield str(message.get("role")), _text_size(message.get("content"))


def _role(body: bytearray, start: int, end: int) -> str:
    found = _ROLE.search(body, start, start + _FRAME) or _ROLE.search(body, end - _FRAME, end)
    return found[1].decode() if found is not None else "user"


def _least_text(body: bytearray, start: int, end: int) -> int:
    """Bytes of text that stand in this JSON at least: an escape is one byte, in the Cyrillic block two."""
    least = end - start
    for at in range(start, end, _COUNTED_AT_ONCE):
        up_to = min(at + _COUNTED_AT_ONCE, end)
        least -= 4 * body.count(b"\\u", at, min(up_to + 1, end)) + body.count(b"\\", at, up_to)
        least += body.count(b"\\u04", at, up_to)
    return least


def _text_size(content: Any) -> int:
    if isinstance(content, str):
        return len(content.encode("utf-8", "replace"))
    if not isinstance(content, list):
        return 0
    return sum(_text_size(part.get("text")) for part in content if isinstance(part, dict))
