"""Documentation as blocks, and what is refused of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from role_engine.bench.prose import SUFFIXES, Block, blocks_of, find_files
from role_engine.bench.prose.measure import counts, measure, read_sets
from role_engine.bench.prose.slips import read_slips
from role_engine.errors import InputError
from role_engine.hosts.cli.app import app

TEXTS = (".md", ".adoc", ".rst")


def blocks(suffix: str, text: str) -> list[Block]:
    return list(blocks_of(Path(f"page{suffix}"), text))


def told(suffix: str, text: str) -> list[tuple[str, str]]:
    return [(block.place, block.text) for block in blocks(suffix, text)]


# fmt: off
MARKS = [
    "Слово git\n", "\n", "\n\n", "```\n", "````python\n", "> ", "- ", "  ", "    код\n", "|", "|---|\n",
    "# Имя\n", "===\n", "----\n", "....\n", "====\n", "Конец::\n", ".. note:: Да\n", ".. code::\n", "<!--",
    "-->", "<pre>", "</pre>", "~~~\n", "<p>", "</p>", "<li>", "<code>", "</code>", "<![", "<head>", "msgid ",
    "msgstr ", "\"да\"\n", "#, fuzzy\n", "---\n", "\r\n", "\x0b", "\u2028", "\x85", "///", "`", "\"\\", "<",
    "&#x;",
]
# fmt: on
PIECES = st.lists(st.sampled_from(MARKS), max_size=30).map("".join)


@given(text=st.one_of(PIECES, st.text(max_size=200)), suffix=st.sampled_from(sorted(SUFFIXES)))
def test_any_text_is_read(text: str, suffix: str) -> None:
    for block in blocks(suffix, text):
        assert block.text.strip() and 1 <= block.line <= text.count("\n") + 1


@given(text=st.one_of(PIECES, st.text(max_size=200)), suffix=st.sampled_from(TEXTS))
def test_blocks_of_text_are_pieces_of_the_file_and_begin_at_their_line(text: str, suffix: str) -> None:
    lines = text.removeprefix("\ufeff").split("\n")
    for block in blocks(suffix, text):
        number = block.text.count("\n") + 1
        assert "\n".join(lines[block.line - 1 : block.line - 1 + number]) == block.text


@pytest.mark.parametrize(
    ("suffix", "text", "found"),
    [
        (".md", "---\ntitle: Да\n---\n# Имя\nТекст\nещё\n\n- раз\n- два\n", ["heading", "paragraph", "list"]),
        (".md", "| а | б |\n|---|---|\n| в | г |\n\n> Сказано.\n\nИмя\n---\n", ["table", "quote", "heading"]),
        (".md", "До\n\n```sh\nкод\n\nкод\n```\nПосле\n\n    отступ\n", ["paragraph", "paragraph"]),
        (".md", "> ```\n> код\n> ```\n\nПосле\n", ["paragraph"]),
        (".md", "> ```\n> код\n\nПосле\n", ["paragraph"]),
        (".md", "- шаг:\n\n  ````\n  ```\n  код\n  ````\n\nПосле\n", ["list", "paragraph"]),
        (".md", "<!-- нет\n\nнет -->\n\nТекст <!-- вот --> дальше\n<pre>\nкод\n</pre>\n", ["paragraph"]),
        (".md", "Это ```код``` в строке.\n", ["paragraph"]),
        (
            ".adoc",
            "= Имя\n\nДлинная строка прозы.\n----\nкод\n\n--------\nкод\n----\nПосле\n",
            ["heading", "paragraph", "paragraph"],
        ),
        (".adoc", "Раздел\n------\n\nТекст\n", ["heading", "paragraph"]),
        (
            ".adoc",
            "// заметка\nТекст\n\n литерал\n\n* раз\n* два\n\n|===\n|а |б\n|===\n",
            ["paragraph", "list", "table"],
        ),
        (".adoc", "```ruby\nкод\n```\nПосле\n", ["paragraph"]),
        (".rst", "Имя\n===\n\nВот код::\n\n    код\n\n    код\n\nПосле\n", ["heading", "paragraph", "paragraph"]),
        (".rst", ".. code-block:: sh\n   :linenos:\n\n   код\n\nПосле\n", ["paragraph"]),
        (".rst", "* шаг\n\n  .. code:: sh\n\n     код\n\n  продолжение\n", ["list", "paragraph"]),
        (".rst", ".. заметка\n   нет\n\n.. note::\n\n   Да, это проза.\n\n.. [1] Сноска.\n", ["paragraph"] * 3),
        (".rst", "+---+---+\n| а | б |\n+---+---+\n\n====\nИмя!\n====\n", ["table", "heading"]),
    ],
)
def test_the_place_of_each_block_and_no_code(suffix: str, text: str, found: list[str]) -> None:
    seen = told(suffix, text)
    assert [place for place, _ in seen] == found
    assert not any(bad in block for _, block in seen for bad in ("код\n", "нет", "литерал", "отступ"))


def test_a_page_is_what_its_reader_sees() -> None:
    page = (
        "<html><head><title>Нет</title>\n<p>Первый\n<code>git</code> абзац<ul><li>раз<li>два</ul>"
        "<pre><code>код</code></pre><table><tr><td>ячейка</table><blockquote><p>цитата</p></blockquote>"
        "<h2>Имя</h2><nav>меню</nav>конец &amp; всё"
    )
    assert told(".html", page) == [
        ("paragraph", "Первый `git` абзац"),
        ("list", "раз"),
        ("list", "два"),
        ("table", "ячейка"),
        ("quote", "цитата"),
        ("heading", "Имя"),
        ("paragraph", "конец & всё"),
    ]
    assert blocks(".html", page)[0].line == 2


def test_of_a_translation_what_is_translated() -> None:
    po = (
        'msgid ""\nmsgstr ""\n"Language: ru\\n"\n\n#: a.c:1\nmsgid "Open"\nmsgstr ""\n"Открыть \\"git\\"\\n"\n'
        '"сейчас"\n\n'
        '#, fuzzy\nmsgid "No"\nmsgstr "Нет"\n\nmsgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] "файл"\n'
        'msgstr[1] "файла"\n'
        '#~ msgid "old"\n#~ msgstr "старое"\n\n'
        'msgid "if x then"\nmsgstr "if x then\\n  -- всё\\nend"\n'
    )
    assert [(block.line, block.text) for block in blocks(".po", po)] == [
        (7, 'Открыть "git"\nсейчас'),
        (17, "файл"),
        (18, "файла"),
    ]


def test_what_counts() -> None:
    assert counts("Откройте файл в редакторе vim.")
    assert not counts("Откройте файл в редакторе x.")
    assert not counts("Файл vim.")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "handbook"
    (folder / "ru").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("Это важно для всей нашей big команды.", "utf-8")
    (folder / "ru" / "a.md").write_text(
        "# Как собрать проект с помощью Docker\n\n"
        "Это важно для нашей команды:\nделайте healthy паузы, и пейте 水 всегда.\n"
        "\nЧистый абзац по-русски без иных букв, только кириллица.\n\nОткройте Docker и запустите в нём сервер.\n",
        "utf-8",
    )
    (folder / "b.rst").write_text("* Список из одного пункта, в котором есть great слово.\n", "utf-8")
    return folder


def test_counts_and_refusals_with_their_places(checkout: Path) -> None:
    sets = read_sets([checkout])
    result = measure(sets).sets[0]
    assert (result.all.blocks, result.all.blocks_refused, result.all.words, result.all.words_refused) == (4, 2, 4, 2)
    assert dict(result.kinds) == {"latin": 2, "cjk": 1}
    assert {place: (count.blocks, count.blocks_refused) for place, count in result.places.items() if count.blocks} == {
        "paragraph": (2, 1),
        "heading": (1, 0),
        "list": (1, 1),
    }
    assert [(one.file, one.line, one.kind, one.text) for one in result.refusals] == [
        ("b.rst", 1, "latin", "great"),
        ("ru/a.md", 4, "latin", "healthy"),
        ("ru/a.md", 4, "cjk", "水"),
    ]
    assert result.refusals[1].context == "делайте healthy паузы, и пейте 水 всегда."


def test_a_limit_takes_some_by_seed(checkout: Path) -> None:
    def lines(seed: int) -> list[int]:
        return [block.line for block in read_sets([checkout], limit=2, seed=seed)[0].blocks]

    assert len(lines(1)) == 2 and lines(1) == lines(1)
    assert len({tuple(lines(seed)) for seed in range(9)}) > 1


def test_a_folder_without_such_prose_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match=str(folder)):
            read_sets([folder])
    assert find_files(tmp_path) == []


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["bench", *map(str, arguments)])


def test_the_command_tells_of_each_set_and_of_all(checkout: Path) -> None:
    found = json.loads(run("check", "--prose", checkout, "--prose", checkout / "b.rst", "--json").stdout)
    assert [one["set"] for one in found["sets"]] == ["handbook", "b.rst"]
    assert found["sum"]["blocks"] == 5 and found["sum"]["blocks_refused"] == 3
    assert found["sets"][1]["refusals"][0]["file"] == "b.rst"
    text = run("--prose", checkout, checkout / "b.rst", "--samples", 1).stdout
    assert "handbook" in text and "all" in text and "paragraph" in text
    assert text.count("latin: «") + text.count("cjk: «") == 2


def test_the_command_names_what_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "--prose", str(tmp_path / "none")])
    assert isinstance(result.exception, InputError) and "is not there" in str(result.exception)


def test_slips_are_left_out_and_counted(checkout: Path, tmp_path: Path) -> None:
    slips = tmp_path / "slips.tsv"
    slips.write_text("# seen by hand\nhealthy\tделайте healthy\tleft in English\n\n水\tпейте 水\ta sign\n", "utf-8")
    found = json.loads(run("check", "--prose", checkout, "--slips", slips, "--json").stdout)["sum"]
    assert (found["slips"], found["blocks_refused"], found["words_refused"]) == (2, 1, 1)
    assert "2 refusals are listed as slips" in run("check", "--prose", checkout, "--slips", slips).stdout
    elsewhere = slips.with_name("elsewhere.tsv")
    elsewhere.write_text("healthy\tи healthy\tleft in English\n", "utf-8")
    assert json.loads(run("check", "--prose", checkout, "--slips", elsewhere, "--json").stdout)["sum"]["slips"] == 0


@pytest.mark.parametrize("line", ["healthy", "healthy\tделайте", "a\t\tb", "a\tb\tc\td"])
def test_a_line_that_is_no_slip_is_named(line: str, checkout: Path, tmp_path: Path) -> None:
    slips = tmp_path / "slips.tsv"
    slips.write_text(f"# a list\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=r"slips\.tsv, line 2: refused text"):
        read_slips(slips)


def test_the_list_of_slips_that_comes_along_can_be_read() -> None:
    assert len(read_slips(Path(__file__).parents[2] / "tools" / "language_data" / "author_slips.tsv")) > 100
