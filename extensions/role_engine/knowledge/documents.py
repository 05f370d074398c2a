"""A document as text: paragraphs with blank lines between, headings as Markdown has them.

Text and Markdown files are read as they are. PDF and Word files need `pymupdf` and `python-docx`, which the webui
brings.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from role_engine.errors import InputError
from role_engine.files import UnreadableFile, read_unlinked
from role_engine.roles.role_file import TEXT_SUFFIXES

MAX_DOCUMENT_BYTES = 256 * 2**20
"""Of a file, and of what a Word file unpacks to."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a document whose path was resolved, as a role's paths are: no link that has come since is followed.

    Raises:
        InputError: it cannot be read, or holds more than `MAX_DOCUMENT_BYTES`.
    """
    try:
        return read_unlinked(path, MAX_DOCUMENT_BYTES)
    except UnreadableFile as error:
        if error.too_large:
            raise InputError(f"Is larger than {MAX_DOCUMENT_BYTES // 2**20} MB.", path=path, hint="Split it.") from None
        raise InputError(error.message, path=path) from None


def document_text(path: Path, raw: bytes) -> str:
    """The text of a document whose bytes are `raw`; `path` says of what kind it is.

    Raises:
        InputError: a kind that cannot be read, a broken file, one without text, a package that is missing.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(suffix[1:] for suffix in _READERS)
        raise InputError(f"Files of the kind {path.suffix!r} cannot be read.", path=path, hint=f"Known kinds: {known}.")
    text = reader(path, raw).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError("Holds no text.", path=path, hint="Pictures of text are not read." if raw else "")
    return text


def document_problem(path: Path) -> str:
    """Why a document cannot be used, and what to do about it; empty where it can."""
    try:
        document_text(path, read_bytes(path))
    except InputError as error:
        return f"{error.message} {error.hint}".rstrip()
    return ""


def _plain(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"Is not UTF-8 (byte {error.start}).", path=path, line=line, hint="Save it as UTF-8."
        ) from None


def _pdf(path: Path, raw: bytes) -> str:
    try:
        import pymupdf
    except ImportError:
        raise _missing(path, "pymupdf") from None
    flags = pymupdf.TEXT_DEHYPHENATE | pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    try:
        with pymupdf.open(stream=raw, filetype="pdf") as document:
            if document.needs_pass:
                raise InputError("Is locked with a password.", path=path, hint="Save it without one.")
            blocks = [block for page in document for block in page.get_text("blocks", flags=flags) if block[6] == 0]
    except InputError:
        raise
    except Exception as error:  # the package raises its own and plain ones
        raise InputError(f"Is not a PDF that can be read: {error}.", path=path) from None
    return "\n\n".join(" ".join(block[4].split()) for block in blocks)


def _docx(path: Path, raw: bytes) -> str:
    try:
        import docx
        from docx.table import Table
    except ImportError:
        raise _missing(path, "python-docx") from None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > MAX_DOCUMENT_BYTES:
            raise InputError(f"Unpacks to more than {MAX_DOCUMENT_BYTES // 2**20} MB.", path=path)
        document = docx.Document(io.BytesIO(raw))
        paragraphs, marks = [], dict[Any, str]()
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                rows = _table_rows(item._tbl, partial(_cell_text, item), unpacked, path)
                paragraphs.append("\n".join(" | ".join(row) for row in rows))
                continue
            style = item._p.style
            if style not in marks:  # python-docx looks through all styles each time
                marks[style] = _heading_mark(item.style.name or "" if item.style else "")
            paragraphs.append(marks[style] + item.text.strip())
    except InputError:
        raise
    except Exception as error:  # zipfile, lxml and the package each have their own
        raise InputError(f"Is not a Word file that can be read: {error}.", path=path) from None
    return "\n\n".join(paragraphs)


def _cell_text(table: Any, cell: Any) -> str:
    from docx.table import _Cell

    return str(_Cell(cell, table).text)


def _table_rows(table: Any, text_of: Callable[[Any], str], most: int, path: Path) -> Iterator[list[str]]:
    """The texts of a table's cells, row by row. One that goes over several rows stands in each, over columns once.

    python-docx's own `row.cells` repeats a cell for each of its columns, and goes back through all rows above for one
    that goes on: what a file says in a word may be millions of cells.

    Raises:
        InputError: what is repeated is longer than the whole file.
    """
    above: dict[int, str] = {}
    length = 0
    for row in table.tr_lst:
        column, texts, here = 0, list[str](), dict[int, str]()
        for cell in row.tc_lst:
            text = above.get(column, "") if cell.vMerge == "continue" else " ".join(text_of(cell).split())
            length += len(text)
            if length > most:
                raise InputError("Its table repeats itself without end.", path=path)
            here[column] = text
            texts.append(text)
            column += cell.grid_span
        above = here
        yield texts


def _heading_mark(style: str) -> str:
    name, _, level = style.partition(" ")
    if name == "Title":
        return "# "
    return "#" * min(int(level), 6) + " " if name == "Heading" and level.isdigit() and int(level) > 0 else ""


def _missing(path: Path, package: str) -> InputError:
    return InputError(
        f"Reading {path.suffix} files needs the package `{package}`.", path=path, hint=f"pip install {package}"
    )


_READERS: dict[str, Callable[[Path, bytes], str]] = {
    **dict.fromkeys(TEXT_SUFFIXES, _plain),
    ".pdf": _pdf,
    ".docx": _docx,
}
