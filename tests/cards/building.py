"""Cards of every kind, with all the fields that their standards know and some that nobody does."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from role_engine.cards import png

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
PIECES = st.one_of(
    st.text(CHARACTERS, max_size=12),
    st.sampled_from(
        [
            "{{user}}",
            "{{char}}",
            "<USER>",
            "<BOT>",
            "{{random:a,b}}",
            "{% for %}",
            "<|im_end|>",
            "[INST]",
            "<START>\n",
            "{{user}}: да\n{{char}}: нет\n",
            "{{original}}",
            "{{date}}",
            "# ",
            "\n\n",
            "@@depth 4\n",
            "Привет, мир. ",
            ": ",
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)
NAMES = st.text("абвгдеёжз xyz", min_size=1, max_size=20).filter(str.strip)
FLAGS = st.booleans()
COUNTS = st.integers(-5, 100_000)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=6), inner, max_size=3),
    max_leaves=6,
)
UNKNOWN = st.fixed_dictionaries({}, optional={"x_unknown": VALUES, "fav": FLAGS, "create_date": TEXTS})
TAGS = st.lists(TEXTS, max_size=3)


def merged(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


EXTENSIONS = st.fixed_dictionaries(
    {"depth_prompt": st.fixed_dictionaries({"prompt": TEXTS, "depth": COUNTS})},
    optional={
        "regex_scripts": st.lists(st.fixed_dictionaries({"findRegex": TEXTS, "disabled": FLAGS}), max_size=2),
        "other_program": VALUES,
        "role_engine": st.fixed_dictionaries(
            {},
            optional={
                "language": st.fixed_dictionaries({"mode": st.sampled_from(["off", "strict", "balanced"])}),
                "thinking": st.just({"default": "think", "modes": ["think"]}),
                "sampling": st.fixed_dictionaries({"temperature": st.floats(0, 2)}),
                "budget": st.fixed_dictionaries({"max_share": st.floats(0.1, 1)}),
                "knowledge": st.fixed_dictionaries({"top_k": st.integers(1, 9)}),
                "handoff": st.lists(st.sampled_from(["poet", "nobody"]), max_size=2),
                "lora": st.fixed_dictionaries({"path": st.sampled_from(["lora", "../x", "/etc"])}),
                "negative": st.lists(TEXTS, max_size=2),
                "template": st.sampled_from(["qwen3-chatml", "nothing"]),
                "jinja": FLAGS,
                "system_file": TEXTS,
                "x_unknown": VALUES,
            },
        ),
    },
)
V1 = st.fixed_dictionaries(
    {"name": NAMES, **dict.fromkeys(("description", "personality", "scenario", "first_mes", "mes_example"), TEXTS)}
)
ENTRIES = st.fixed_dictionaries(
    {
        "keys": TAGS,
        "content": TEXTS,
        "extensions": st.dictionaries(st.text(CHARACTERS, max_size=6), VALUES, max_size=2),
        "enabled": FLAGS,
        "insertion_order": COUNTS,
    },
    optional={
        **dict.fromkeys(("case_sensitive", "selective", "constant"), FLAGS),
        **dict.fromkeys(("name", "comment"), TEXTS),
        "priority": COUNTS,
        "id": COUNTS,
        "secondary_keys": TAGS,
        "position": st.sampled_from(["before_char", "after_char"]),
        "x_unknown": VALUES,
    },
)


def books(entries: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"extensions": st.just({}), "entries": st.lists(entries, max_size=4)},
        optional={"name": TEXTS, "scan_depth": COUNTS, "token_budget": COUNTS, "recursive_scanning": FLAGS},
    )


V2_FIELDS = st.fixed_dictionaries(
    {
        **dict.fromkeys(
            ("creator_notes", "system_prompt", "post_history_instructions", "creator", "character_version"), TEXTS
        ),
        **dict.fromkeys(("alternate_greetings", "tags"), TAGS),
        "extensions": EXTENSIONS,
    },
    optional={"character_book": books(ENTRIES)},
)
V3_FIELDS = st.fixed_dictionaries(
    {
        "group_only_greetings": TAGS,
        "character_book": books(merged(ENTRIES, st.fixed_dictionaries({"use_regex": FLAGS}))),
        "assets": st.just([{"type": "icon", "uri": "embeded://assets/icon/main.png", "name": "main", "ext": "png"}]),
        "creator_notes_multilingual": st.dictionaries(st.sampled_from(["ru", "en"]), TEXTS),
        "source": TAGS,
        "creation_date": COUNTS,
        "modification_date": COUNTS,
    },
    optional={"nickname": NAMES},
)

v1_documents = merged(UNKNOWN, V1)
v2_documents = st.fixed_dictionaries(
    {
        "spec": st.just("chara_card_v2"),
        "spec_version": st.sampled_from(["2.0", "2.1"]),
        "data": merged(UNKNOWN, V1, V2_FIELDS),
    },
    optional={"x_unknown": VALUES},
)
v3_documents = st.fixed_dictionaries(
    {
        "spec": st.just("chara_card_v3"),
        "spec_version": st.sampled_from(["3.0", "4.7"]),
        "data": merged(UNKNOWN, V1, V2_FIELDS, V3_FIELDS),
    },
    optional={"x_unknown": VALUES},
)
webui_documents = merged(
    UNKNOWN,
    st.fixed_dictionaries({"name": NAMES, "context": TEXTS}, optional={"greeting": TEXTS, "your_name": NAMES})
    | st.fixed_dictionaries(
        {
            "char_name": NAMES,
            **dict.fromkeys(("char_persona", "char_greeting", "world_scenario", "example_dialogue"), TEXTS),
        }
    ),
)

PICTURE = png.blank(3, 2)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def as_json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


def as_png(kind: bytes = b"tEXt", **texts: bytes) -> bytes:
    """A picture with these texts, as they are."""
    middles = {b"tEXt": b"\0", b"zTXt": b"\0\0", b"iTXt": b"\0\1\0ru\0\0"}
    put = b"".join(
        chunk(kind, name.encode() + middles[kind] + (text if kind == b"tEXt" else zlib.compress(text)))
        for name, text in texts.items()
    )
    end = chunk(b"IEND", b"")
    return PICTURE.removesuffix(end) + put + end


def card_png(document: Mapping[str, Any], keyword: str = "chara", kind: bytes = b"tEXt") -> bytes:
    return as_png(kind, **{keyword: base64.b64encode(as_json(document))})


def as_charx(document: Mapping[str, Any] | None, members: Mapping[str, bytes] | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        if document is not None:
            archive.writestr("card.json", as_json(document))
        for name, content in (members or {"assets/icon/main.png": PICTURE, "x/y.bin": b"\0\1"}).items():
            archive.writestr(name, content)
    return out.getvalue()
