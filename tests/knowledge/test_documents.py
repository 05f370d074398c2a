"""Documents as text, and what is said of those that cannot be read."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import pytest

from role_engine.errors import InputError
from role_engine.knowledge import documents
from role_engine.knowledge.documents import document_problem, document_text, read_bytes


def text_of(path: Path) -> str:
    return document_text(path, read_bytes(path))


def test_text_and_markdown(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.MARKDOWN"):
        path = tmp_path / name
        path.write_bytes("\ufeffПервая строка.\r\nВторая.".encode())
        assert text_of(path) == "Первая строка.\nВторая."


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.txt", "Привет".encode("cp1251"), "Is not UTF-8 (byte 0). Save it as UTF-8."),
        ("a.txt", b" \n", "Holds no text."),
        ("a.exe", b"MZ", "Files of the kind '.exe' cannot be read. Known kinds: md, markdown, txt, pdf, docx."),
        ("a.pdf", b"%PDF-1.7 broken", "Is not a PDF that can be read"),
        ("a.docx", b"PK broken", "Is not a Word file that can be read"),
    ],
)
@pytest.mark.filterwarnings("ignore:builtin type:DeprecationWarning")  # of pymupdf's own bindings
def test_what_cannot_be_read(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    if name.endswith("pdf"):
        pytest.importorskip("pymupdf", reason="needs pymupdf")
    if name.endswith("docx"):
        pytest.importorskip("docx", reason="needs python-docx")
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        text_of(path)
    assert message in str(caught.value) and caught.value.path == path
    assert document_problem(path).startswith(message.split(".")[0])


def test_a_file_that_is_not_there_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert document_problem(tmp_path / "no.md") == "There is no such file."
    assert document_problem(tmp_path) == "Is not a file."
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 10)
    (tmp_path / "large.txt").write_text("Одиннадцать букв и больше.", encoding="utf-8")
    assert "Is larger than" in document_problem(tmp_path / "large.txt")


@pytest.mark.filterwarnings("ignore:builtin type:DeprecationWarning")
def test_pdf(tmp_path: Path) -> None:
    pymupdf = pytest.importorskip("pymupdf", reason="needs pymupdf")
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_htmlbox((50, 50, 500, 150), "<p>Чеснок сажают в&nbsp;октябре.</p>")
        page.insert_htmlbox((50, 300, 500, 400), "<p>Тыкву убирают до морозов.</p>")
        document.save(tmp_path / "a.pdf")
        document.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
    assert text_of(tmp_path / "a.pdf") == "Чеснок сажают в октябре.\n\nТыкву убирают до морозов."
    assert "locked with a password" in document_problem(tmp_path / "locked.pdf")


def test_docx(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="needs python-docx")
    document = docx.Document()
    document.add_heading("Огород", 1)
    document.add_paragraph("Чеснок сажают в октябре.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "тыква", "до морозов"
    document.save(str(tmp_path / "a.docx"))
    assert text_of(tmp_path / "a.docx") == "# Огород\n\nЧеснок сажают в октябре.\n\nтыква | до морозов"


def test_a_table_whose_cells_go_over_rows_and_columns(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="needs python-docx")
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "овощи"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "тыква"
    document.save(str(tmp_path / "a.docx"))
    assert text_of(tmp_path / "a.docx") == "овощи | 2\nтыква | 4 | 5\nтыква | 7 | 8"


def table_of(path: Path, rows: str) -> Path:
    docx = pytest.importorskip("docx", reason="needs python-docx")
    document = docx.Document()
    document.add_table(rows=1, cols=1)
    plain, made = io.BytesIO(), io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = re.sub(rb"<w:tr>.*</w:tr>", rows.encode(), content, flags=re.DOTALL)
            target.writestr(name, content)
    path.write_bytes(made.getvalue())
    return path


CELL = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


def test_a_cell_of_four_million_columns(tmp_path: Path) -> None:
    wide = CELL.format('<w:gridSpan w:val="4000000"/>', "тыква")
    path = table_of(tmp_path / "a.docx", f"<w:tr>{wide}{CELL.format('', 'чеснок')}</w:tr>")
    assert text_of(path) == "тыква | чеснок"


def test_a_long_cell_that_goes_over_very_many_rows(tmp_path: Path) -> None:
    top = CELL.format('<w:vMerge w:val="restart"/>', "я" * 100_000)
    more = f"<w:tr>{CELL.format('<w:vMerge/>', '')}</w:tr>" * 3000
    path = table_of(tmp_path / "a.docx", f"<w:tr>{top}</w:tr>{more}")
    assert "repeats itself" in document_problem(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("docx", reason="needs python-docx")
    monkeypatch.setattr(documents, "MAX_DOCUMENT_BYTES", 10_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b"0" * 1_000_000)
    (tmp_path / "a.docx").write_bytes(packed.getvalue())
    assert "Unpacks to more than" in document_problem(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("name", "module", "package"), [("a.pdf", "pymupdf", "pymupdf"), ("a.docx", "docx", "python-docx")]
)
def test_without_the_package_it_says_what_to_install(
    tmp_path: Path, name: str, module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(b"x")
    assert f"pip install {package}" in document_problem(tmp_path / name)
