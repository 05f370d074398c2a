"""What is left of a chat that is too long: the leading system messages and the last turns, and never less than fits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.hosts.http.history_cut import (
    BYTES_OF_A_TOKEN,
    CannotFit,
    TextLimit,
    cut_history,
    refuse_long_string,
    refuse_too_long,
)
from role_engine.hosts.http.json_shape import JSONShape

CONTENTS = st.text(st.sampled_from('aя\\"\n\x01😀'), max_size=40) | st.builds(
    lambda text: [{"type": "text", "text": text}], st.text(max_size=9)
)
MESSAGES = st.lists(
    st.builds(
        lambda role, content: {"role": role, "content": content},
        st.sampled_from(["user", "user", "assistant", "system", "tool"]),
        CONTENTS,
    ),
    max_size=8,
)


def cut(messages: list[Any], limit: TextLimit, **how: Any) -> list[Any]:
    body = bytearray(json.dumps({"a": [1], "messages": messages, "z": {}}, **how).encode())
    shape = JSONShape(listed="messages")
    shape.feed(bytes(body))
    cut_history(body, shape.elements, limit)
    left = json.loads(body)
    assert (left["a"], left["z"]) == ([1], {})
    return list(left["messages"])


def size(message: dict[str, Any]) -> int:
    content = message["content"]
    text = content if isinstance(content, str) else "".join(part["text"] for part in content)
    return len(text.encode())


@given(MESSAGES, st.integers(1, 120), st.integers(1, 9), st.integers(0, 200), st.booleans())
def test_what_fits_stays(messages: list[Any], most: int, token: int, history: int, ascii_only: bool) -> None:
    try:
        left = cut(messages, TextLimit(most, token, history), ensure_ascii=ascii_only)
    except CannotFit:
        left = None
    system = next((i for i, message in enumerate(messages) if message["role"] != "system"), len(messages))
    head, turns = messages[:system], messages[system:]
    starts = [i for i, message in enumerate(turns) if message["role"] == "user"]
    room = most - sum(map(size, head))

    def fits(turns: list[Any], is_last: bool) -> bool:
        shown = sum(max(size(one), BYTES_OF_A_TOKEN) for one in turns)
        return sum(max(size(one), token) for one in turns) <= room and (is_last or shown <= history)

    fitting = [i for i in (0, *starts) if fits(turns[i:], i == max(starts, default=0))]
    if left is None:
        assert not fitting
        return
    assert left[:system] == head
    assert left[system:] == turns[len(turns) - len(left) + system :]
    if fitting:
        assert len(left) - system >= len(turns) - min(fitting)


@pytest.mark.parametrize("letter", ["a", "я", "\n", "\x01"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_large_message_is_weighed_as_it_stands(letter: str, ascii_only: bool) -> None:
    """It is never weighed as more than it is, nor as less than a third."""
    content = letter * 100_000
    long, short = {"role": "user", "content": content}, {"role": "user", "content": "б"}
    whole = len(content.encode())
    assert cut([long, short], TextLimit(whole + 2, 1, whole + 99), ensure_ascii=ascii_only) == [long, short]
    assert cut([long, short], TextLimit(whole // 3, 1, whole), ensure_ascii=ascii_only) == [short]
    with pytest.raises(CannotFit):
        cut([short, long], TextLimit(whole // 3, 1, whole), ensure_ascii=ascii_only)


def test_settings_do_not_take_the_place_of_text() -> None:
    body = bytearray(json.dumps({"messages": [], "user": "a" * 3_000_000}).encode())
    with pytest.raises(CannotFit):
        cut_history(body, None, TextLimit(1000, 1, 1000))


@pytest.mark.parametrize(("letter", "fits"), [("x", False), ("\\u0430", True), ("\\\\", True)])
def test_a_body_is_refused_by_the_text_that_must_be_in_it(letter: str, fits: bool) -> None:
    """Escapes make few bytes of many."""
    body = bytearray(f'{{"messages": [], "junk": "{letter * (2_500_000 // len(letter))}"}}'.encode())
    if fits:
        refuse_too_long(body, 1_000_000)
    else:
        with pytest.raises(CannotFit):
            refuse_too_long(body, 1_000_000)


def test_a_body_is_refused_by_one_string_that_is_too_long() -> None:
    body = bytearray(b'{"prompt": ["' + b"x" * 50_000 + b'", "' + b"\\u0430" * 9_000 + b'"]}')
    shape = JSONShape()
    shape.feed(bytes(body))
    refuse_long_string(body, shape.long_strings, 50_000)
    with pytest.raises(CannotFit):
        refuse_long_string(body, shape.long_strings, 49_000)


def test_of_a_history_less_is_looked_at_than_a_message_may_have() -> None:
    limit = TextLimit.of_context(1000, 100)
    assert (limit.most, limit.history) == (100_000, 32_000)
    last = {"role": "user", "content": "а" * 45_000}
    history = [{"role": "user", "content": "б" * 1000} for _ in range(40)]
    assert cut([*history, last], limit) == [last]
    assert len(cut([*history, {**last, "content": "?"}], limit)) == 1 + 15
