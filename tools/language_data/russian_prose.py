"""Reads texts that Russian authors published, as blocks of prose, for `count_usage.py` and `fit_evidence.py`.

A source is given as `NAME=PATH` or `NAME=PATH=PART`: a folder or a file, and a part that the paths of its files must
hold («.russian.», «/ru/»). Formats: those that `role_engine.bench.prose` reads, DocBook (`<para>` and the like),
CoNLL-U (`# text = …`), SQuAD's JSON (`context`), and plain `.txt`, each line a block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple

from role_engine.bench.prose import SUFFIXES, read_blocks

OTHERS = frozenset({".xml", ".conllu", ".json", ".inc", ".txt"})
_PARAGRAPH = re.compile(r"(?s)<(para|simpara|title|term|listitem|entry)\b[^>]*>(.*?)</\1>")
_DOCBOOK_CODE = re.compile(
    r"(?s)<(literal|function|constant|classname|methodname|varname|parameter|type|command|filename|option|code|"
    r"programlisting|screen|methodsynopsis|property|envar|userinput|computeroutput|link|xref|interfacename|replaceable)\b"
    r"[^>]*?(?:/>|>.*?</\1>)"
)
_TAG = re.compile(r"<[^>]*>|&[\w.\-]+;")
# Code, addresses, formulas and markup: not the author's prose.
_CODE = re.compile(
    r"``[^`\n]+``|`[^`\n]+`|\]\([^)\n]*\)|\{[%{#<][^}\n]*\}|\{[#/][^}\n]*\}|<[^<>\n]*>|https?://\S+|\$[^$\n]{1,80}\$|"
    r"^ *:[\w\-]+:.*$|!?\[[^\[\]а-яёА-ЯЁ\n]*\](?=[(\[])|(?<=\])\[[^\[\]\n]*\]|^\[[^\]\n]*\]: .*$|"
    r"^ *(?:image|include|ifdef|endif|toc)::.*$|^:::.*$",
    re.MULTILINE,
)
_RUSSIAN = re.compile("[а-яё]{3}", re.IGNORECASE)
MASK = "\ufffc"


class Source(NamedTuple):
    """Where texts lie; only files whose path holds `part` are read."""

    name: str
    path: Path
    part: str


def parse_source(text: str) -> Source:
    """The source that an option `NAME=PATH` or `NAME=PATH=PART` names."""
    name, _, rest = text.partition("=")
    path, _, part = rest.partition("=")
    return Source(name, Path(path), part)


def read_source(source: Source) -> Iterator[str]:
    """The blocks of a source that hold Russian; a block that stands there twice is given once."""
    seen: set[int] = set()
    paths = [source.path] if source.path.is_file() else sorted(source.path.rglob("*"))
    for path in paths:
        if source.part not in path.as_posix() or path.suffix.lower() not in SUFFIXES | OTHERS or not path.is_file():
            continue
        for text in _read_file(path):
            if len(_RUSSIAN.findall(text)) >= 2 and hash(text) not in seen:
                seen.add(hash(text))
                yield text


def mask_code(text: str) -> str:
    """`text` with `MASK` in place of each sign of code, addresses and markup; its length stays."""
    return _CODE.sub(lambda found: MASK * len(found.group()), text)


def _read_file(path: Path) -> Iterator[str]:
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        yield from (block.text for block in read_blocks(path))
        return
    text = path.read_text("utf-8", errors="replace")
    if suffix in (".xml", ".inc"):
        for found in _PARAGRAPH.finditer(text):
            yield " ".join(unescape(_TAG.sub(" ", _DOCBOOK_CODE.sub(f" {MASK} ", found[2]))).split())
    elif suffix == ".conllu":
        yield from (line[9:] for line in text.splitlines() if line.startswith("# text = "))
    elif suffix == ".json":
        found = json.loads(text)
        for article in found.get("data", ()) if isinstance(found, dict) else ():
            yield from (paragraph["context"] for paragraph in article["paragraphs"])
    elif suffix == ".txt":
        yield from text.splitlines()
