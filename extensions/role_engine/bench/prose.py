"""Prose that people wrote, as blocks: paragraphs, headings, lists and tables of Markdown, AsciiDoc, reStructuredText, HTML.

A block is the text as it stands in the file, markup included, between blank lines. Left out are fenced, literal and
indented code, front matter, comments and scripts: what is measured on blocks is how the prose between them is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal, NamedTuple

Place = Literal["paragraph", "heading", "list", "table", "quote"]

MARKDOWN = frozenset({".md", ".mdx", ".markdown"})
ASCIIDOC = frozenset({".adoc", ".asciidoc", ".asc"})
RST = frozenset({".rst"})
HTML = frozenset({".html", ".htm"})
SUFFIXES = MARKDOWN | ASCIIDOC | RST | HTML

_LINE = re.compile(r"[^\n]*\n?")
_BLANK = re.compile(r"\s*\n?\Z")
_FENCE = re.compile(r"[ \t>]*(?:[*+\-][ \t]+|\d{1,3}[.)][ \t]+)?(`{3,}|~{3,})")
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SCRIPT = re.compile(r"(?is)<(script|style|pre)\b.*?</\1>")
# Delimiters of AsciiDoc's listing, literal, passthrough and comment blocks.
_ADOC_FENCE = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,})[ \t]*\n?\Z")
_RST_LITERAL = re.compile(r"::[ \t]*\n?\Z|\.\. (?:code|code-block|sourcecode|literalinclude|parsed-literal|math|raw)\b")
_HEADING = re.compile(r"#{1,6}[ \t]|=+[ \t]")
_LIST = re.compile(r"[ \t]*(?:[*+\-•.]{1,5}|\d{1,3}[.)])[ \t]")
_CODE_INDENT = re.compile(r"(?: {4}|\t)")


class Block(NamedTuple):
    """One block of a file; `line`: where it begins, counted from 1."""

    path: Path
    line: int
    place: Place
    text: str


def find_files(folder: Path) -> list[Path]:
    """The files of prose in `folder` and below, in order; of a file, the file."""
    if folder.is_file():
        return [folder]
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and ".git" not in path.parts
    )


def read_blocks(path: Path) -> Iterator[Block]:
    """The blocks of one file. Bytes that are no UTF-8 are read as U+FFFD."""
    text = path.read_text("utf-8", errors="replace").replace("\r\n", "\n").removeprefix("\ufeff")
    suffix = path.suffix.lower()
    if suffix in HTML:
        yield from _html_blocks(path, text)
    else:
        yield from _text_blocks(path, _blank_out(text, suffix), suffix)


def _blank_out(text: str, suffix: str) -> str:
    """`text` without front matter, comments and preformatted HTML; the lines keep their numbers."""
    patterns = [_FRONT_MATTER, _COMMENT, _SCRIPT] if suffix in MARKDOWN else []
    for pattern in patterns:
        text = pattern.sub(lambda found: "\n" * found.group().count("\n"), text)
    return text


def _text_blocks(path: Path, text: str, suffix: str) -> Iterator[Block]:
    lines: list[str] = []
    begin, closer, literal = 0, "", False
    for number, line in enumerate([*text.splitlines(keepends=True), "\n"], start=1):
        if closer:
            if line.strip().startswith(closer) and not line.strip().strip(closer[0]):
                closer = ""
            continue
        if literal:  # an indented block after «::»
            if line.strip() and not line[0].isspace():
                literal = False
            else:
                continue
        opened = _opened(line, suffix)
        if opened or not line.strip():
            if lines and (block := _block(path, begin, lines)):
                yield block
            literal = bool(lines) and suffix in RST and _RST_LITERAL.search(lines[-1]) is not None
            lines, closer = [], opened
            continue
        if suffix in RST and line.startswith(".. ") and _RST_LITERAL.match(line):
            literal = True
            continue
        if not lines:
            begin = number
        lines.append(line)


def _opened(line: str, suffix: str) -> str:
    """What ends the fenced block that `line` opens; "" where it opens none."""
    if suffix in ASCIIDOC:
        found = _ADOC_FENCE.match(line)
        return found[1] if found else ""
    if suffix in MARKDOWN and (fence := _FENCE.match(line)) and "`" not in line[fence.end() :]:
        return fence[1]
    return ""


def _block(path: Path, begin: int, lines: list[str]) -> Block | None:
    if all(_CODE_INDENT.match(line) and not _LIST.match(line) for line in lines):
        return None  # indented code, or what cannot be told from it
    text = "".join(lines).rstrip("\n")
    first = lines[0].lstrip()
    place: Place = "paragraph"
    if _HEADING.match(first) or (len(lines) == 2 and lines[1].strip() and not lines[1].strip().strip("=-~^\"'*+")):
        place = "heading"
    elif first.startswith("|") or (len(lines) > 1 and "|" in first and not lines[1].strip().strip("|:- ")):
        place = "table"
    elif _LIST.match(lines[0]):
        place = "list"
    elif first.startswith(">"):
        place = "quote"
    return Block(path, begin, place, text)


_ENDS = frozenset(
    "p li dt dd h1 h2 h3 h4 h5 h6 td th tr div section article blockquote table ul ol dl br figcaption caption".split()  # noqa: SIM905
)
_SKIPPED = frozenset({"script", "style", "pre", "head", "nav", "noscript"})


class _Paragraphs(HTMLParser):
    """Gathers the text of a page's blocks; `<code>` becomes inline code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, Place, str]] = []
        self._text: list[str] = []
        self._line, self._skipping, self._place = 1, 0, "paragraph"

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        if tag in _ENDS:
            self._end()
            self._place = "heading" if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else "paragraph"
            self._place = {"li": "list", "td": "table", "th": "table", "blockquote": "quote"}.get(tag, self._place)
            self._line = self.getpos()[0]
        if tag == "code":
            self._text.append("`")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(self._skipping - 1, 0)
        if tag == "code":
            self._text.append("`")
        if tag in _ENDS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text = []
        if text:
            self.found.append((self._line, self._place, text))  # type: ignore[arg-type]


def _html_blocks(path: Path, text: str) -> Iterator[Block]:
    parser = _Paragraphs()
    parser.feed(text)
    parser.close()
    for line, place, paragraph in parser.found:
        yield Block(path, line, place, paragraph)
