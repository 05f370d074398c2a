"""The texts of a PNG, in and out. The picture itself is never decoded.

Own code rather than Pillow: the command line does without Pillow, and Pillow would open the picture to get at the
texts behind it. Chunks: https://www.w3.org/TR/png-3/#5DataRep and #11textinfo.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from role_engine.cards.limits import MAX_CHUNKS, MAX_TEXT
from role_engine.errors import InputError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_BASE64 = MAX_TEXT * 4 // 3 + 4
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")


def texts(raw: bytes, keywords: tuple[str, ...], path: Path) -> dict[str, bytes]:
    """The texts under `keywords` (compared without case), as bytes; of several under one keyword the first.

    Raises:
        InputError: a damaged file, or a text of more bytes than a card may have.
    """
    found: dict[str, bytes] = {}
    for kind, data, sound in _chunks(raw, path):
        keyword = _keyword(kind, data)
        if keyword not in keywords or keyword in found:
            continue
        if not sound:
            raise InputError(f"The PNG is damaged: the checksum of `{keyword}` is wrong.", path=path)
        found[keyword] = _text(kind, data[len(keyword) + 1 :], path)
    return found


def with_texts(raw: bytes, put: Mapping[str, bytes], without: tuple[str, ...], path: Path) -> bytes:
    """The same PNG with `put` as tEXt chunks before its end, and with no texts under the keywords `without`."""
    pieces = [SIGNATURE]
    for kind, data, _ in _chunks(raw, path):
        if kind == b"IEND":
            pieces += [_chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + text) for keyword, text in put.items()]
        if _keyword(kind, data) not in without:
            pieces.append(_chunk(kind, data))
    return b"".join(pieces)


def blank(width: int = 256, height: int = 384) -> bytes:
    """A plain grey PNG, for a card without a picture of its own."""
    rows = (b"\0" + b"\x80" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunks(raw: bytes, path: Path) -> Iterator[tuple[bytes, bytes, bool]]:
    """(type, data, whether the checksum is right) up to IEND; what follows that is no part of the PNG."""
    at = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if at + 12 > len(raw):
            raise InputError("The PNG is cut short.", path=path, hint="Get the file again.", kind="png cut")
        length, kind = struct.unpack_from(">I4s", raw, at)
        end = at + 12 + length
        if end > len(raw):
            message = f"The PNG is damaged: a chunk claims {length:,} bytes, and {len(raw) - at - 12:,} are left."
            raise InputError(message, path=path, kind="png cut")
        data = raw[at + 8 : end - 4]
        sound = zlib.crc32(raw[at + 4 : end - 4]) == struct.unpack_from(">I", raw, end - 4)[0]
        yield kind, data, sound
        if kind == b"IEND":
            return
        at = end
    raise InputError(f"The PNG has more than {MAX_CHUNKS:,} chunks.", path=path)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _keyword(kind: bytes, data: bytes) -> str:
    if kind not in _TEXT_CHUNKS:
        return ""
    return data[:80].partition(b"\0")[0].decode("latin-1").lower()


def _text(kind: bytes, rest: bytes, path: Path) -> bytes:
    """What follows the keyword and its NUL."""
    compressed = kind == b"zTXt"
    if kind == b"zTXt":
        rest = rest[1:]  # the method, always deflate
    elif kind == b"iTXt":
        compressed, rest = rest[:1] == b"\1", rest[2:]
        _language, _, rest = rest.partition(b"\0")
        _translated, _, rest = rest.partition(b"\0")
    if compressed:
        unpacker = zlib.decompressobj()
        try:
            rest = unpacker.decompress(rest, _MAX_BASE64 + 1)
        except zlib.error:
            raise InputError("The PNG is damaged: a compressed text cannot be unpacked.", path=path) from None
    if len(rest) > _MAX_BASE64:
        raise InputError(f"The card's text is larger than {MAX_TEXT:,} bytes.", path=path)
    return rest
