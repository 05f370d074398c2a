"""A card that was made to do harm is refused with one clear line: no traceback, no hang, nothing written."""

from __future__ import annotations

import base64
import io
import json
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.cards import read_card
from role_engine.cards.limits import MAX_DEPTH, MAX_MEMBERS, MAX_TEXT
from role_engine.errors import RoleEngineError
from tests.cards.building import PICTURE, as_charx, as_json, as_png, card_png, chunk
from tests.cards.conftest import Place, a_place

CARD: dict[str, Any] = {"name": "Ая", "description": "Живёт в лесу."}
SIGNATURE = PICTURE[:8]


def b64(raw: bytes) -> bytes:
    return base64.b64encode(raw)


def bomb(size: int) -> bytes:
    """`size` spaces before a card, deflated."""
    return zlib.compress(b" " * size + as_json(CARD), 9)


def with_lying_length(length: int) -> bytes:
    return SIGNATURE + struct.pack(">I", length) + b"tEXt" + b"chara\0e30=" + b"\0\0\0\0"


def damaged_checksum() -> bytes:
    raw = card_png(CARD)
    at = raw.index(b"chara\0") + 8
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def encrypted() -> bytes:
    raw = bytearray(as_charx(CARD))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    return bytes(raw)


def with_method(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("card.json", as_json(CARD))
    return out.getvalue()


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("card.json", b"{}")
        archive.writestr("card.json", as_json(CARD))
    return out.getvalue()


def lying_size() -> bytes:
    """`card.json` claims 10 bytes."""
    raw = bytearray(as_charx({**CARD, "x": "я" * 5000}))
    raw[raw.index(b"PK\x01\x02") + 24 :][:4] = struct.pack("<I", 10)
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<I", 10)
    return bytes(raw)


def zip_bomb() -> bytes:
    return as_charx({**CARD, "x": " " * (MAX_TEXT + 1)})


def nested(depth: int) -> bytes:
    return b'{"name": "x", "description": ' + b"[" * depth + b"]" * depth + b"}"


EMPTY = b"\0" * (1 << 20)

HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "Is empty"),
    "nothing but noise": (bytes(range(128, 256)) * 9, "neither PNG"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + b"x" * 50, "a JPEG"),
    "a PNG cut short": (PICTURE[:-5], "cut short"),
    "a PNG and no more than its signature": (SIGNATURE, "cut short"),
    "a PNG without a card": (PICTURE, "no card"),
    "a chunk that claims 4 GB": (with_lying_length(2**32 - 1), "claims"),
    "a chunk that claims a byte too much": (with_lying_length(11), "cut short|claims"),
    "a million chunks": (SIGNATURE + chunk(b"tIME", b"") * 100_001, "more than"),
    "a wrong checksum": (damaged_checksum(), "checksum"),
    "no base64": (as_png(chara=b"@@@@"), "not base64"),
    "base64 without its end": (as_png(chara=b"e30"), "not base64"),
    "base64 of no JSON": (as_png(chara=b64(b"\xff\xfe")), "UTF-8"),
    "a zTXt bomb": (as_png(b"zTXt", chara=b" " * (MAX_TEXT * 4)), "larger than"),
    "an iTXt bomb": (as_png(b"iTXt", chara=b" " * (MAX_TEXT * 4)), "larger than"),
    "a zTXt of noise": (SIGNATURE + chunk(b"zTXt", b"chara\0\0noise") + chunk(b"IEND", b""), "unpacked"),
    "an archive without a card": (as_charx(None), "no card.json"),
    "a way up": (as_charx(CARD, {"../../evil.sh": b"x"}), "leaves its folder"),
    "a way up, the Windows one": (as_charx(CARD, {"a\\..\\..\\evil.sh": b"x"}), "leaves its folder"),
    "an absolute path": (as_charx(CARD, {"/etc/cron.d/evil": b"x"}), "leaves its folder"),
    "a drive": (as_charx(CARD, {"C:/evil.exe": b"x"}), "leaves its folder"),
    "a zip bomb": (zip_bomb(), "larger than"),
    "an archive of pictures that are all one colour": (
        as_charx(CARD, dict.fromkeys(map(str, range(40)), EMPTY)),
        "unpacks",
    ),
    "a zip that lies about sizes": (lying_size(), "cannot be unpacked|damaged|JSON"),
    "an encrypted archive": (encrypted(), "encrypted"),
    "an archive packed with LZMA": (with_method(zipfile.ZIP_LZMA), "packed in a way"),
    "an archive cut short": (as_charx(CARD)[:-30], "archive cannot be read"),
    "an archive of thousands": (as_charx(CARD, {f"{n}": b"" for n in range(MAX_MEMBERS)}), "more than"),
    "two cards": (twice(), "two files"),
    "deep nesting": (nested(100_000), "nested"),
    "nesting one too deep": (nested(MAX_DEPTH), "nested"),
    "a huge number": (b'{"name": "x", "description": ' + b"9" * 100_000 + b"}", "too long"),
    "infinity": (b'{"name": "x", "description": 1e999}', "not a number"),
    "NaN": (b'{"name": "x", "description": NaN}', "not a number|not valid JSON"),
    "a NUL": (as_json({**CARD, "scenario": "a\0b"}), "NUL"),
    "half a character": (as_json({**CARD, "scenario": "a\ud800b"}), "half a character"),
    "half a character in a key": (as_json({**CARD, "x\udfff": 1}), "half a character"),
    "JSON cut short": (b'{"name": "x"', "not valid JSON"),
    "too much JSON": (as_json({**CARD, "x": "x" * MAX_TEXT}), "larger than"),
    "a list": (b"[1]", "mapping"),
    "no card": (b'{"a": 1}', "no character card"),
    "a spec without data": (b'{"spec": "chara_card_v2"}', "no `data`"),
    "no name": (as_json({**CARD, "name": " "}), "no name"),
    "a list for a text": (as_json({**CARD, "description": []}), "must be text"),
    "a YAML tag": (b"name: !!python/object/apply:os.system [ls]\ncontext: x\n", "tag"),
    "an alias bomb": (b"name: x\ncontext: &a [x, x]\nb: &b [*a, *a]\n", "alias"),
    "deep YAML": (b"name: x\ncontext: " + b"[" * 5000, "nested"),
    "very many YAML keys": (b"context: x\n" + b"".join(b"k%d: v\n" % n for n in range(90_000)), "keys and values"),
    "very many YAML lists": (b"name: x\ncontext: [" + b"[]," * 300_000 + b"]", "keys and values"),
    "YAML with a NUL": (b'name: x\ncontext: "\\0"\n', "NUL"),
    "YAML with a raw NUL": (b"name: x\ncontext: \0\n", "U\\+0000"),
    "YAML with half a character": (b'name: x\ncontext: "\\ud800"\n', "half a character"),
    "YAML with an infinite number": (b"name: x\ncontext: a\ny: 1e999\n", "number"),
    "too much YAML": (b"name: x\ncontext: " + b"x" * 1_000_001, "larger than"),
    "a book that is none": (as_json({"spec": "chara_card_v2", "data": {**CARD, "character_book": 7}}), "must be"),
    "entries that are none": (
        as_json({"spec": "chara_card_v2", "data": {**CARD, "character_book": {"entries": [7]}}}),
        "must be an object",
    ),
    "an endless book": (
        as_json({"spec": "chara_card_v2", "data": {**CARD, "character_book": {"entries": [{}] * 10_001}}}),
        "more than",
    ),
    "more turns than a role may have": (
        as_json({**CARD, "mes_example": "{{user}}: а\n{{char}}: б\n" * 5_000}),
        "keys and",
    ),
    "more text than a role may have": (as_json({**CARD, "description": "я" * 600_000}), "larger than a role file"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_a_clear_error_and_nothing_is_written(name: str, place: Place) -> None:
    raw, said = HOSTILE[name]
    with pytest.raises(RoleEngineError, match=said) as caught:
        place.bring(raw)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
    assert not (place.folder / "roles").exists()


@pytest.mark.parametrize("kind", ["a folder", "nothing", "a pipe"])
def test_what_is_no_file_is_not_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "card"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)  # nobody writes: reading it would hang
    with pytest.raises(RoleEngineError):
        read_card(path)


@given(raw=st.binary(max_size=200), before=st.sampled_from([b"", SIGNATURE, b"PK\x03\x04", b'{"name":', b"name: "]))
def test_noise_is_never_a_traceback(tmp_path_factory: pytest.TempPathFactory, raw: bytes, before: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes(before + raw)
    with pytest.raises(RoleEngineError):
        read_card(path)


WHOLE = {
    "png": card_png(CARD),
    "ztxt": card_png(CARD, kind=b"zTXt"),
    "charx": as_charx(CARD),
    "json": as_json({"spec": "chara_card_v2", "data": {**CARD, "character_book": {"entries": [{"keys": ["a"]}]}}}),
    "yaml": "name: Ая\ncontext: |\n  Живёт.\n".encode(),
}


@pytest.mark.parametrize("kind", WHOLE)
@given(data=st.data())
def test_a_damaged_card_is_a_card_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    raw = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(["change", "cut", "double"])):
            case "change":
                raw[at] = data.draw(st.integers(0, 255))
            case "cut":
                del raw[at : at + data.draw(st.integers(1, 8))]
            case _:
                raw[at:at] = raw[at : at + 8]
        if not raw:
            break
    path = tmp_path_factory.getbasetemp() / f"damaged-{kind}"
    path.write_bytes(raw)
    try:
        card = read_card(path)
    except RoleEngineError:
        return
    json.dumps(card.raw, allow_nan=False, ensure_ascii=False).encode()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
BOOK_KEYS = ["entries", "keys", "key", "content", "enabled", "constant", "insertion_order", "name", "token_budget"]
OWN = ["language", "thinking", "sampling", "budget", "knowledge", "handoff", "lora", "negative", "template", "override"]
FIELDS = ["name", "nickname", "description", "mes_example", "system_prompt", "extensions", "alternate_greetings"]


@pytest.mark.slow
@given(
    fields=st.dictionaries(st.sampled_from(FIELDS), VALUES),
    entry=st.dictionaries(st.sampled_from(BOOK_KEYS), VALUES),
    book=st.none() | st.dictionaries(st.sampled_from(BOOK_KEYS), VALUES),
    own=st.dictionaries(st.sampled_from([*OWN, "extends", "examples", "written", "description"]), VALUES),
)
def test_fields_of_the_wrong_kind_are_an_error_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, fields: Any, entry: Any, book: Any, own: Any
) -> None:
    data = {"name": "Ая", "extensions": {"role_engine": own}, **fields}
    if book is not None:
        data["character_book"] = {"entries": [entry], **book}
    with a_place() as place:
        try:
            place.bring(as_json({"spec": "chara_card_v3", "data": data}))
        except RoleEngineError:
            return
        assert place.library.get("aya").jinja is False
        place.take("card-v2", ".json")
        place.take("webui", ".yaml")
