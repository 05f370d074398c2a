"""Events are found whatever the pieces; what is not edited is not touched."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.hosts.http.sse import EventEditor, dump, parse_object


def mark_last(event: dict[str, Any]) -> bool:
    if event.get("last"):
        event["marked"] = True
    return bool(event.get("last"))


def passed(pieces: list[bytes], edit: Any = mark_last) -> bytes:
    editor = EventEditor(edit)
    return b"".join(editor.feed(piece) for piece in pieces) + editor.flush()


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(stream) + 1) for place in places} | {0, len(stream)})
    return [stream[start:end] for start, end in pairwise(ends)]


line_ends = st.sampled_from([b"\n", b"\r\n", b"\r"])
lines = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b"", b": ping", b"event: x", b"data: [DONE]", b'data: {"a": 1}', b'data:{"last":1}', b"data", b"id: 7"]
    ),
    st.text(max_size=8).map(lambda text: b"data: " + json.dumps({"text": text}).encode()),
)
streams = st.lists(st.tuples(lines, line_ends), max_size=12).map(lambda pairs: b"".join(a + b for a, b in pairs))
places = st.lists(st.integers(0, 10_000), max_size=20)


@given(stream=streams, places=places)
def test_an_unedited_stream_comes_out_as_it_went_in(stream: bytes, places: list[int]) -> None:
    assert passed(cut(stream, places), edit=lambda event: False) == stream


@given(stream=streams, places=places)
def test_the_pieces_make_no_difference_to_what_is_edited(stream: bytes, places: list[int]) -> None:
    assert passed(cut(stream, places)) == passed([stream])


@given(texts=st.lists(st.text(max_size=5), min_size=1, max_size=5), end=line_ends, places=places)
def test_every_event_is_seen_once_and_in_order(texts: list[str], end: bytes, places: list[int]) -> None:
    stream = b"".join(b"data: " + json.dumps({"text": text}).encode() + end + end for text in texts)
    seen: list[str] = []

    def note(event: dict[str, Any]) -> bool:
        seen.append(event["text"])
        return False

    passed(cut(stream, places), edit=note)
    assert seen == texts


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_only_the_data_of_an_edited_event_changes(end: bytes) -> None:
    before = b": hi" + end * 2 + b"event: a" + end + b'data: {"text":  "x"}' + end * 2
    event = b"event: b" + end + b'data: {"last": 1}' + end + b"id: 7" + end * 2
    after = b"data: [DONE]" + end * 2
    edited = event.replace(b'{"last": 1}', b'{"last": 1, "marked": true}')
    assert passed([before + event + after]) == before + edited + after


def test_data_in_several_lines_is_one_text() -> None:
    assert passed([b'data: {"last":\ndata: 1}\nid: 3\n\n']) == b'data: {"last": 1, "marked": true}\nid: 3\n\n'


@pytest.mark.parametrize("piece", [b'data: {"a": 1}\n\n', b'data: {"a": 1}\r\n\r\n', b": ping\n\n", b"\r\n"])
def test_a_whole_event_is_passed_on_at_once(piece: bytes) -> None:
    editor = EventEditor(lambda event: False)
    out = editor.feed(b"data: x\n\n") + editor.feed(piece)
    assert out.rstrip() == (b"data: x\n\n" + piece).rstrip()


def test_an_event_cut_off_by_the_end_of_the_stream_still_comes_out() -> None:
    editor = EventEditor(mark_last)
    assert editor.feed(b'data: {"last"') == b""
    assert editor.flush() == b'data: {"last"'


@pytest.mark.parametrize("text", [b"[DONE]", b"", b"[1]", b"5", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_none(text: bytes) -> None:
    assert parse_object(text) is None


def test_letters_are_escaped_where_they_were() -> None:
    value = {"text": "мир"}
    assert dump(value, ascii_only=False) == '{"text":"мир"}'.encode()
    assert dump(value, ascii_only=True).isascii()
    assert dump({"text": "мир\ud800"}, ascii_only=False) == b'{"text":"\\u043c\\u0438\\u0440\\ud800"}'
