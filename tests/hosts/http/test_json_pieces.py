"""A large JSON text parsed a piece at a time: the same as at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.hosts.http import json_pieces, json_shape
from role_engine.hosts.http.json_pieces import parse_large_object, without
from role_engine.hosts.http.json_shape import JSONShape

PIECES = [
    "а",
    "слово ",
    "x",
    "👍",
    "\\\\",
    '\\"',
    "\\n",
    "\\u0430",
    "\\ud83d\\udc4d",
    "\\uD83D\\uDC4D",
    "\\ud83d",
    "\\udc4d",
    "\\u005c",
]
BROKEN = ["\\", "\\x", "\\u12", "\n", "\x00", "ud83d"]
STRINGS = st.lists(st.sampled_from(PIECES), min_size=10, max_size=60).map("".join)
MAYBE_BROKEN = st.lists(st.sampled_from([*PIECES, *PIECES, *PIECES, *BROKEN]), max_size=60).map("".join)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "PIECE", 24)
    monkeypatch.setattr(json_shape, "LONG_STRING", 30)


def at_once(body: bytes) -> object:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def in_pieces(body: bytes, size: int = 7) -> object:
    shape = JSONShape()
    for at in range(0, len(body), size):
        shape.feed(body[at : at + size])
    taken = bytearray(body)
    value = parse_large_object(taken, shape.long_strings)
    assert not taken  # nothing of it is kept beside what was made of it
    return value


@given(STRINGS, STRINGS, STRINGS)
def test_long_strings_anywhere(key: str, one: str, two: str) -> None:
    body = f'{{"{key}": [{{"a": "{one}"}}, "{one[:3]}", 5, null], "b": "{two}", "c": {{"{two}x": "{key}"}}}}'.encode()
    assert in_pieces(body) == at_once(body)


@given(MAYBE_BROKEN)
def test_what_is_no_json_is_none(text: str) -> None:
    body = f'{{"a": "{text}", "b": 1}}'.encode("utf-8", "surrogatepass")
    assert in_pieces(body) == at_once(body)


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b'{"a": "' + b"x" * 50, b'{"a": "' + b"x" * 50 + b'\xff"}', b'"' + b"x" * 50 + b'"']
)
def test_what_is_no_object_is_none(body: bytes) -> None:
    assert in_pieces(body) is None


def test_where_long_strings_stand() -> None:
    body = b'{"a": "' + b"x" * 40 + b'", "b": "short", "c": ["' + b'\\"' * 20 + b'"]}'
    shape = JSONShape()
    shape.feed(body)
    assert [body[start:end] for start, end in shape.long_strings] == [b"x" * 40, b'\\"' * 20]
    # without the first value and all that stands before the second list
    left = body[:5] + body[54:]
    assert [left[start:end] for start, end in without(shape.long_strings, 5, 54)] == [b'\\"' * 20]
