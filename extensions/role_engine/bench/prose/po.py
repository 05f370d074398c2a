"""Translations of gettext: each `msgstr` is a block, as the reader of the translated text sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from role_engine.bench.prose.block import Block

_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)[ \t]*(?=\")")
_STRING = re.compile(r'[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*\Z')
# A message of several lines, one of them indented, is a literal block of the document.
_LITERAL = re.compile(r"\n(?:[ ]{2,}|\t)[^\s]")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def read_po(path: Path, text: str) -> Iterator[Block]:
    """Left out are the header, what is marked `fuzzy` (nobody's finished words), obsolete entries (`#~`), and literal
    blocks."""
    keyword, begin, fuzzy, header = "", 0, False, False
    parts: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        found = _KEYWORD.match(line)
        string = _STRING.match(line, found.end() if found else 0)
        if string is not None and found is None and keyword:
            parts.append(string[1])
            continue
        if keyword == "msgid":
            header = not "".join(parts)
        elif keyword.startswith("msgstr") and not (fuzzy or header):
            said = _unescaped("".join(parts))
            if said.strip() and not _LITERAL.search(said):
                yield Block(path, begin, "paragraph", said)
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        elif not line.strip() or (found and keyword == "msgstr" and found[1] in ("msgid", "msgctxt")):
            fuzzy = False
        keyword = found[1].partition("[")[0] if found and string else ""
        if keyword:
            begin, parts = number, [string[1] if string else ""]


def _unescaped(string: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), string)
