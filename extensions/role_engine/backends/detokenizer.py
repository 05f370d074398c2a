"""Tokens to text, one at a time: never half a character, and never a wait for a character that cannot come.

A token is a run of bytes, and its ends need not be ends of characters. Where the tokenizer tells a token's bytes
(byte-level and byte-fallback vocabularies: nearly all), they go through an incremental UTF-8 decoder; bytes that belong
to no character become U+FFFD, one for each such sequence, as soon as that is certain. Other tokenizers are asked to
decode the last few tokens again and again.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

REPLACEMENT = "\ufffd"
LONGEST_CHARACTER = 4  # bytes, and so tokens, of one UTF-8 character
_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_SPACE = "▁"  # a space, in vocabularies after SentencePiece


class Detokenizer(Protocol):
    """One generation's. `pending`: the last token ends inside a character."""

    @property
    def pending(self) -> bool: ...

    def feed(self, token: int) -> str: ...

    def finish(self) -> str:
        """What the last bytes are when nothing follows them."""
        ...


class ByteDetokenizer:
    """From each token's bytes."""

    def __init__(self, bytes_of: Callable[[int], bytes]) -> None:
        self._bytes_of = bytes_of
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def pending(self) -> bool:
        return bool(self._decoder.getstate()[0])

    def feed(self, token: int) -> str:
        return self._decoder.decode(self._bytes_of(token))

    def finish(self) -> str:
        return self._decoder.decode(b"", final=True)


class WindowDetokenizer:
    """By decoding the tokens since the last whole character, behind those of the character before it.

    (The latter because many decoders treat the first token of a sequence otherwise than the rest.)
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._read = 0  # of them, tokens whose text is out

    @property
    def pending(self) -> bool:
        return len(self._ids) > self._read

    def feed(self, token: int) -> str:
        self._ids.append(token)
        text = self._new()
        if text.endswith(REPLACEMENT) and len(self._ids) - self._read < LONGEST_CHARACTER:
            return ""
        return self._out(text)

    def finish(self) -> str:
        return self._out(self._new()) if self.pending else ""

    def _new(self) -> str:
        return self._decode(self._ids)[len(self._decode(self._ids[: self._read])) :]

    def _out(self, text: str) -> str:
        self._ids = self._ids[self._read :]
        self._read = len(self._ids)
        return text


def detokenizers(tokenizer: Any) -> Callable[[], Detokenizer]:
    """How to make a detokenizer for a Hugging Face tokenizer. Special tokens give no text."""
    to_bytes = _bytes_of_pieces(tokenizer)
    if to_bytes is None:
        return lambda: WindowDetokenizer(
            lambda ids: str(tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))
        )
    added = {
        token: b"" if one.special else one.content.encode() for token, one in tokenizer.added_tokens_decoder.items()
    }
    known: dict[int, bytes] = {}

    def bytes_of(token: int) -> bytes:
        if token in added:
            return added[token]
        if token not in known:
            piece = tokenizer.convert_ids_to_tokens(token)
            known[token] = to_bytes(piece) if piece else b""  # a padded row of the embedding has no piece
        return known[token]

    return lambda: ByteDetokenizer(bytes_of)


def _bytes_of_pieces(tokenizer: Any) -> Callable[[str], bytes] | None:
    """How this tokenizer writes bytes in its vocabulary; None where that cannot be told."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    decoder = getattr(backend, "decoder", None)
    if decoder is None:
        return None
    try:
        state = json.loads(decoder.__getstate__())
    except (TypeError, ValueError):
        return None
    steps = state.get("decoders", [state])
    kinds = {step.get("type") for step in steps}
    if kinds == {"ByteLevel"}:
        return _from_byte_level
    spaces = any(step.get("pattern") == {"String": _SPACE} and step.get("content") == " " for step in steps)
    if kinds == {"Metaspace"} or (spaces and kinds <= {"Replace", "ByteFallback", "Fuse", "Strip"}):
        return _from_byte_fallback
    return None


def _byte_level_alphabet() -> dict[str, int]:
    """GPT-2's: printable bytes stand for themselves, the rest are moved behind U+0100, in order."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + n): byte for n, byte in enumerate(others)}


_BYTE_OF = _byte_level_alphabet()


def _from_byte_level(piece: str) -> bytes:
    try:
        return bytes(_BYTE_OF[char] for char in piece)
    except KeyError:  # a piece of plain text among them
        return piece.encode()


def _from_byte_fallback(piece: str) -> bytes:
    byte = _BYTE.fullmatch(piece)
    return bytes.fromhex(byte[1]) if byte else piece.replace(_SPACE, " ").encode()
