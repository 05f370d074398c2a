"""Blocks of Markdown, AsciiDoc and reStructuredText: pieces of the file, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from role_engine.bench.prose.block import Block, Place

MARKDOWN = frozenset({".md", ".mdx", ".markdown"})
ASCIIDOC = frozenset({".adoc", ".asciidoc", ".asc"})
RST = frozenset({".rst"})

# What holds no prose in Markdown. It is blanked out before lines are looked at, so that it parts blocks.
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_NO_PROSE = re.compile(r"(?is)<!--.*?-->|<(script|style|pre)\b.*?</\1\s*>")
_VISIBLE = re.compile(r"[^\n]")

_FENCE = re.compile(r"(?P<quote>[ \t>]*>)?[ \t]*(?:(?:[*+\-]|\d{1,3}[.)])[ \t]+)*(?P<marks>`{3,}|~{3,})(?P<info>.*)")
_QUOTE_MARKS = re.compile(r"[ \t>]*")
# Delimiters of AsciiDoc's listing, literal, passthrough and comment blocks.
_ADOC_FENCE = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,}|`{3,})[ \t]*\Z")
_ADOC_COMMENT = re.compile(r"//(?!/)")
_RST_CODE_FOLLOWS = re.compile(r"(?![ \t]*\.\. ).*::[ \t]*\Z")
# A directive, or without a name a comment, a target, a substitution; footnotes are prose.
_RST_DIRECTIVE = re.compile(r"[ \t]*\.\.(?:[ \t]+(?P<name>[^\s:]+(?::[^\s:]+)*)::|[ \t]+(?!\[)|\Z)")
_RST_CODE = frozenset(
    {"code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "math", "raw", "highlight"}
)
_RST_CODE |= {"productionlist", "graphviz", "image", "toctree", "index", "doctest", "testcode", "testoutput", "include"}
_ATX_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_ADOC_HEADING = re.compile(r"={1,6}[ \t]")
_UNDERLINE = re.compile(r"[ \t]*([=\-~^\"'*+#`:.])\1*[ \t]*\Z")
_LIST = re.compile(r"[ \t]*(?:[*+\-•.]{1,5}|\d{1,3}[.)]|#\.)[ \t]")
_RULE_OF_TABLE = re.compile(r"(?=[ \t|:]*-)[ \t|:\-]*\Z")
_RST_TABLE = re.compile(r"[ \t]*(?:\+[-=]{2,}\+|={2,}[ \t]+={2,})")
_CODE_INDENT = re.compile(r"(?: {4}| {0,3}\t)")


def read_text(path: Path, text: str, suffix: str) -> Iterator[Block]:
    """What is neither AsciiDoc nor reStructuredText is read as Markdown."""
    kind = _Adoc if suffix in ASCIIDOC else _Rst if suffix in RST else _Markdown
    reader = kind()
    lines, begin = list[str](), 0
    masked = reader.blank_out(text).split("\n")
    for number, (line, seen) in enumerate(zip([*text.split("\n"), ""], [*masked, ""], strict=True), start=1):
        passed = reader.passes_over(seen, lines)
        if passed or not seen.strip() or reader.begins_block(seen):
            if lines and (place := reader.place(lines)):
                yield Block(path, begin, place, "\n".join(lines))
            lines = []
        if passed or not seen.strip():
            continue
        if not lines:
            begin = number
        lines.append(line)
        if reader.ends_block(seen):
            if place := reader.place(lines):
                yield Block(path, begin, place, line)
            lines = []


class _Markdown:
    """What a line of Markdown is."""

    def __init__(self) -> None:
        self._closer, self._quoted = "", False

    def blank_out(self, text: str) -> str:
        """`text` without what is no prose, of the same length and with the same lines."""
        for pattern in (_FRONT_MATTER, _NO_PROSE):
            text = pattern.sub(lambda found: _VISIBLE.sub(" ", found[0]), text)
        return text

    def passes_over(self, line: str, before: list[str]) -> bool:
        """Whether `line`, behind the block's lines `before`, belongs to code."""
        bare = line[_QUOTE_MARKS.match(line).end() :].rstrip()  # type: ignore[union-attr]
        if self._closer:
            if self._quoted and line.strip() and not line.lstrip().startswith(">"):
                self._closer = ""  # a fence ends with the quotation that it is in
            else:
                if bare.startswith(self._closer) and not bare.strip(self._closer[0]):
                    self._closer = ""
                return True
        opened = _FENCE.match(line)
        if opened is None or ("`" in opened["marks"] and "`" in opened["info"]):
            return False
        self._closer, self._quoted = opened["marks"], opened["quote"] is not None
        return True

    def begins_block(self, line: str) -> bool:
        return _ATX_HEADING.match(line) is not None

    def ends_block(self, line: str) -> bool:
        return _ATX_HEADING.match(line) is not None

    def place(self, lines: list[str]) -> Place | None:
        """Where the block stands; None where it is no prose."""
        if all(_CODE_INDENT.match(line) and not _LIST.match(line) for line in lines):
            return None  # indented code, or what cannot be told from it
        return "heading" if self.begins_block(lines[0]) else _place(lines)


class _Adoc(_Markdown):
    def blank_out(self, text: str) -> str:
        return text

    def passes_over(self, line: str, before: list[str]) -> bool:
        if self._closer:
            if line.rstrip() == self._closer:
                self._closer = ""
            return True
        found = _ADOC_FENCE.match(line)
        if found is None:
            if line.startswith("```") and "`" not in line[3:]:  # with a language behind it
                self._closer = "```"
            return bool(self._closer) or _ADOC_COMMENT.match(line) is not None
        if len(before) == 1 and abs(len(before[0]) - len(found[1])) <= 1 and found[1][0] != "/":
            return False  # it underlines a title
        self._closer = found[1]
        return True

    def begins_block(self, line: str) -> bool:
        return _ADOC_HEADING.match(line) is not None

    ends_block = begins_block

    def place(self, lines: list[str]) -> Place | None:
        if lines[0][:1] in (" ", "\t") and not _LIST.match(lines[0]):
            return None  # literal
        return "heading" if self.begins_block(lines[0]) else _place(lines)


class _Rst(_Markdown):
    def __init__(self) -> None:
        super().__init__()
        self._literal: int | None = None
        """How far the paragraph is indented whose code may follow, further in; None where none may."""

    def blank_out(self, text: str) -> str:
        return text

    def passes_over(self, line: str, before: list[str]) -> bool:
        indent = len(line) - len(line.lstrip())
        if self._literal is not None:
            if not line.strip() or indent > self._literal:
                return True
            self._literal = None
        if found := _RST_DIRECTIVE.match(line):
            name = found["name"]
            if name is None or name.lower() in _RST_CODE:
                self._literal = indent
                return True
        elif not line.strip() and before and _RST_CODE_FOLLOWS.match(before[-1]):
            self._literal = len(before[0]) - len(before[0].lstrip())
            return True
        return False

    def begins_block(self, line: str) -> bool:
        return False

    ends_block = begins_block

    def place(self, lines: list[str]) -> Place | None:
        return "paragraph" if lines[0].lstrip().startswith(".. ") else _place(lines)


def _place(lines: list[str]) -> Place:
    first = lines[0].lstrip()
    underlined = len(lines) == 2 and _UNDERLINE.match(lines[1]) and len(lines[1].strip()) > 1
    if underlined or (len(lines) == 3 and _UNDERLINE.match(first) and lines[0].strip() == lines[2].strip()):
        return "heading"
    if first.startswith("|") or _RST_TABLE.match(first):
        return "table"
    if len(lines) > 1 and "|" in first and _RULE_OF_TABLE.match(lines[1]):
        return "table"
    if _LIST.match(lines[0]):
        return "list"
    return "quote" if first.startswith((">", "____")) else "paragraph"
