"""The shape of JSON is what a parser finds in it, whatever the pieces it comes in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.hosts.http.json_shape import BadShape, JSONShape

TEXTS = st.text(st.sampled_from('a\\"[]{},:\n я😀'), max_size=6) | st.just("messages")
VALUES: Any = st.recursive(
    st.none() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def feed(shape: JSONShape, text: bytes, size: int) -> None:
    for start in range(0, len(text), size):
        shape.feed(text[start : start + size])


@given(
    messages=st.lists(VALUES, max_size=4),
    before=st.dictionaries(TEXTS.filter(lambda key: key != "messages"), VALUES, max_size=2),
    size=st.integers(1, 50),
    ascii_only=st.booleans(),
    indent=st.none() | st.just(1),
)
def test_the_elements_of_the_list_are_found(
    messages: list[Any], before: dict[str, Any], size: int, ascii_only: bool, indent: int | None
) -> None:
    document = {**before, "messages": messages, "after": ["messages", {"messages": [1]}]}
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    shape = JSONShape(listed="messages")
    feed(shape, text, size)
    found = shape.elements
    assert found is not None
    parts = [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    assert [json.loads(part) for part in parts if part.strip()] == messages


@pytest.mark.parametrize(
    "text", [b"{}", b'{"messages": 5}', b'{"messages": [1], "messages": [2]}', b'{"messages": [1', b"["]
)
def test_there_is_none(text: bytes) -> None:
    shape = JSONShape(listed="messages")
    shape.feed(text)
    assert shape.elements is None


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    ("fine", "broken"),
    [
        (b"[" * 5 + b"]" * 5, b"[" * 6),
        (b'{"a": [[[{}]]]}', b'{"a": [[[[[]]]]]}'),
        (b"[1, 2, 3, 4, 5, 6]", b"[" + b"1, " * 10),
        (b"[" + b"1" * 20 + b"]", b"[" + b"1" * 21),
        (b'["' + b'\\"[,1' * 50 + b'"]', b'["\\"", [[[[[["'),
    ],
)
def test_limits(fine: bytes, broken: bytes, size: int) -> None:
    limits: dict[str, Any] = {"max_depth": 5, "max_values": 9, "max_digits": 20}
    feed(JSONShape(**limits), fine, size)
    with pytest.raises(BadShape):
        feed(JSONShape(**limits), broken, size)


def test_blanks_are_no_value() -> None:
    feed(JSONShape(max_digits=20), b"[" + b" \t\r\n" * 100 + b"1]", 9)
