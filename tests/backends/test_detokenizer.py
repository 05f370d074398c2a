"""Detokenisers: whole characters only, one U+FFFD for each stray sequence of bytes, no wait for the impossible."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.backends.detokenizer import ByteDetokenizer, Detokenizer, WindowDetokenizer, detokenizers


def bytewise() -> Detokenizer:
    return ByteDetokenizer(lambda token: bytes([token]))


def windowed() -> Detokenizer:
    return WindowDetokenizer(lambda ids: bytes(ids).decode("utf-8", "replace"))


@given(st.binary(max_size=40))
def test_bytes_come_out_as_utf8_decodes_them(raw: bytes) -> None:
    detokenizer = bytewise()
    assert "".join(map(detokenizer.feed, raw)) + detokenizer.finish() == raw.decode("utf-8", "replace")


@given(st.text(max_size=20))
def test_the_window_gives_clean_text_whole(text: str) -> None:
    detokenizer = windowed()
    pieces = [detokenizer.feed(byte) for byte in text.encode()]
    assert "".join(pieces) + detokenizer.finish() == text
    assert all("\ufffd" not in piece for piece in pieces) or "\ufffd" in text


@pytest.mark.parametrize("make", [bytewise, windowed])
def test_a_character_comes_out_when_it_is_whole(make: Any) -> None:
    detokenizer = make()
    seen = [(detokenizer.feed(byte), detokenizer.pending) for byte in "ж€".encode()]
    assert seen == [("", True), ("ж", False), ("", True), ("", True), ("€", False)]


@pytest.mark.parametrize("make", [bytewise, windowed])
def test_lead_bytes_without_end_do_not_block(make: Any) -> None:
    detokenizer = make()
    assert "".join(detokenizer.feed(0xD0) for _ in range(12)).count("\ufffd") >= 8


def test_a_stray_byte_is_known_at_once_and_an_unfinished_character_at_the_end() -> None:
    detokenizer = bytewise()
    assert (detokenizer.feed(0xFF), detokenizer.pending) == ("\ufffd", False)
    assert (detokenizer.feed(0xE2), detokenizer.feed(0x82), detokenizer.finish()) == ("", "", "\ufffd")


class Vocabulary:
    """Stands in for a tokenizer: its decoder's description, its pieces."""

    added_tokens_decoder: dict[int, Any] = {}  # noqa: RUF012

    def __init__(self, state: str, pieces: list[str]) -> None:
        self._pieces, self._state = pieces, state.encode()
        self.backend_tokenizer = self
        self.decoder = self

    def __getstate__(self) -> bytes:
        return self._state

    def convert_ids_to_tokens(self, token: int) -> str:
        return self._pieces[token]


LLAMA = """{"type": "Sequence", "decoders": [
    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
    {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}"""


@pytest.mark.parametrize(
    ("state", "pieces", "text"),
    [
        ('{"type": "ByteLevel"}', ["ĠÐ", "°", "Ċ", "Â«"], " а\n«"),
        (LLAMA, ["▁мир", "<0xE2>", "<0x82>", "<0xAC>", "▁"], " мир€ "),
        ('{"type": "Metaspace"}', ["▁мир", "▁да"], " мир да"),
    ],
)
def test_vocabularies_spell_bytes_in_their_own_ways(state: str, pieces: list[str], text: str) -> None:
    detokenizer = detokenizers(Vocabulary(state, pieces))()
    assert "".join(map(detokenizer.feed, range(len(pieces)))) == text


def test_a_tokenizer_of_another_kind_is_asked_to_decode() -> None:
    class Other(Vocabulary):
        def decode(self, ids: list[int], **how: bool) -> str:
            assert how == {"skip_special_tokens": True, "clean_up_tokenization_spaces": False}
            return "".join(self._pieces[token] for token in ids)

    detokenizer = detokenizers(Other('{"type": "WordPiece"}', ["да", " нет"]))()
    assert detokenizer.feed(1) + detokenizer.feed(0) == " нетда"
