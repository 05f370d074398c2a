"""Prose that people wrote, as blocks: paragraphs, headings, lists, tables and quotations of documentation.

A block is the text as it stands in the file, markup included, between blank lines. Left out are fenced, literal and
indented code, front matter, comments and scripts: what is measured on blocks is how the prose between them is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from role_engine.bench.prose.block import Block, Place
from role_engine.bench.prose.html import read_html
from role_engine.bench.prose.po import read_po
from role_engine.bench.prose.text import ASCIIDOC, MARKDOWN, RST, read_text

HTML = frozenset({".html", ".htm"})
PO = frozenset({".po"})
SUFFIXES = MARKDOWN | ASCIIDOC | RST | HTML | PO

# What a checkout holds of others' texts, and of none.
_PASSED_OVER = frozenset({".git", "node_modules", ".venv", "venv"})

__all__ = ["SUFFIXES", "Block", "Place", "blocks_of", "find_files", "read_blocks"]


def find_files(folder: Path) -> list[Path]:
    """The files of prose in `folder` and below, in order; of a file, the file."""
    if folder.is_file():
        return [folder]
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not _PASSED_OVER.intersection(path.relative_to(folder).parts)
        and path.is_file()
    )


def read_blocks(path: Path) -> Iterator[Block]:
    """The blocks of one file. Bytes that are no UTF-8 are read as U+FFFD, every line end as a newline."""
    return blocks_of(path, path.read_text("utf-8", errors="replace"))


def blocks_of(path: Path, text: str) -> Iterator[Block]:
    """The blocks of a file that holds `text`; the path's suffix says how it is read, Markdown where it says nothing.

    Those of Markdown, AsciiDoc and reStructuredText are pieces of `text` letter for letter; those of HTML and PO files
    are what a reader sees of them.
    """
    text = text.removeprefix("\ufeff")
    suffix = path.suffix.lower()
    if suffix in HTML:
        return read_html(path, text)
    if suffix in PO:
        return read_po(path, text)
    return read_text(path, text, suffix)
