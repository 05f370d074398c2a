"""The scripts that count how Russian authors use Latin words, and make `usage.txt` of it, on small sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.language.latin.word_table import WordTable
from tests.language.scripts import imported, need

latin = st.text("abcdefgh", min_size=2, max_size=6)
# What stands between two rows of Latin words.
between = st.sampled_from([", ", " и слово ", ". Потом ", " (или) ", ": "])


@pytest.fixture(scope="module")
def prose() -> Iterator[ModuleType]:
    with imported("russian_prose") as modules:
        yield modules["russian_prose"]


@pytest.fixture(scope="module")
def counting() -> Iterator[ModuleType]:
    need("pymorphy3", "wordfreq", "tqdm")
    with imported("count_usage") as modules:
        yield modules["count_usage"]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """`build_usage` with an English of five words."""
    need("wordfreq")
    english = {"house": 5.4, "acorn": 2.6, "quagmire": 2.4, "abcd": 2.1, "don't": 6.0}
    with imported("build_usage") as modules:
        script = modules["build_usage"]
        monkeypatch.setattr(script, "get_frequency_dict", lambda language: english)
        monkeypatch.setattr(script, "zipf_frequency", lambda word, language: english.get(word, 0.0))
        yield script


def read(prose: ModuleType, option: str) -> list[str]:
    return list(prose.read_source(prose.parse_source(option)))


# ---- reading


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "```\nкод кода\n```\n\nСделайте commit сейчас.\n"),
        ("a.po", 'msgid ""\nmsgstr "Язык: русский"\n\nmsgid "Commit now."\nmsgstr "Сделайте commit "\n"сейчас."\n'),
        ("a.xml", "<chapter><para>Сделайте\n <emphasis>commit</emphasis> сейчас.</para>код кода</chapter>"),
        ("a.conllu", "# sent_id = 1\n# text = Сделайте commit сейчас.\n1\tСделайте\tсделать\n"),
        ("a.json", json.dumps({"data": [{"paragraphs": [{"context": "Сделайте commit сейчас.", "qas": []}]}]})),
        ("a.txt", "Сделайте commit сейчас.\n"),
    ],
)
def test_every_format_gives_its_prose(prose: ModuleType, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert read(prose, f"one={tmp_path}") == ["Сделайте commit сейчас."]
    assert read(prose, f"one={tmp_path / name}") == ["Сделайте commit сейчас."]


def test_code_in_docbook_is_masked(prose: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<para>Вызовите функцию <function>strlen</function> &amp; ждите.</para>", "utf-8")
    (block,) = read(prose, f"one={tmp_path}")
    assert block.split() == ["Вызовите", "функцию", prose.MASK, "ждите."]


def test_blocks_are_russian_and_given_once(prose: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Слово за слово.\nOnly English here.\nСлово за слово.\nДа, но yes.\n", "utf-8")
    (tmp_path / "b.txt").write_text("Слово за слово.\nДругое слово.\n", "utf-8")
    (tmp_path / "c.jpg").write_text("Не текст, а картинка.", "utf-8")
    assert read(prose, f"one={tmp_path}") == ["Слово за слово.", "Другое слово."]


def test_a_part_of_the_path_chooses_files(prose: ModuleType, tmp_path: Path) -> None:
    for language in ("ru", "uk"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.txt").write_text(f"Просто текст, {language}.", "utf-8")
    assert read(prose, f"one={tmp_path}=/ru/") == ["Просто текст, ru."]


@pytest.mark.parametrize(
    "code",
    ["`git log`", "``a b``", "https://a.org/b?c", "{% include a %}", "<span class='a'>", "$a + b$", "][b]", "](a.png)"],
)
def test_code_addresses_and_markup_are_masked(prose: ModuleType, code: str) -> None:
    before = "[слово" if code.startswith("]") else ""
    masked = prose.mask_code(f"Слово commit {before}{code} и ещё word.").replace("]", prose.MASK)
    assert masked == f"Слово commit {before}{prose.MASK * len(code)} и ещё word."


@given(text=st.text(st.sampled_from("аб ab`[]()<>{}$:/!#\n"), max_size=60))
def test_masking_keeps_every_place(prose: ModuleType, text: str) -> None:
    masked = prose.mask_code(text)
    assert len(masked) == len(text)
    assert all(one in (two, prose.MASK) for one, two in zip(masked, text, strict=True))


# ---- counting


def test_words_pairs_and_code_are_counted(counting: ModuleType) -> None:
    blocks = [
        "Сделайте commit, потом pull request: Commit готов, а `Rebase` и `два слова` не трогайте.",
        "Второй commit, и Pull Request. Это one two three four five слов; фиксации и фиксаций, слова.",
    ]
    found = counting.count_words(blocks, {"фиксация", "дом"})
    assert found["small"] == {"commit": 2, "pull": 1, "request": 1}
    assert found["capital"] == {"commit": 1, "pull": 1, "request": 1}
    assert found["pairs"] == {"pull request": 2}
    assert found["code"] == {"rebase": 1}
    assert found["russian"] == {"фиксация": 2}
    assert found["words"] == len(re.findall("[а-яё]+", " ".join(blocks).lower())) - 2


def test_the_longest_row_that_counts_has_four_words(counting: ModuleType) -> None:
    def small(text: str) -> set[str]:
        return set(counting.count_words([text], set())["small"])

    assert small("Это ab bc cd de слово.") == {"ab", "bc", "cd", "de"}
    assert not small("Это ab bc cd de ef слово.")


def test_an_apostrophe_is_one_sign(counting: ModuleType) -> None:
    assert counting.count_words(["Это don’t и don't."], set())["small"] == {"don't": 2}


@given(rows=st.lists(st.lists(latin, min_size=1, max_size=6), min_size=1, max_size=6), data=st.data())
def test_rows_are_what_only_spaces_divide(counting: ModuleType, rows: list[list[str]], data: st.DataObject) -> None:
    text = "".join(" ".join(row) + data.draw(between) for row in rows)
    assert counting.find_rows(text) == rows


def test_a_dictionary_gives_the_first_words_in_dictionary_form(counting: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "mueller7.dict"
    path.write_text(
        "00-database-short\n     Словарь\n"
        "House\n     [haus]\n  _n.\n     1) дом; жилища, (_разг.) хата; жилой дом\n"
        "     2) раз, два, три, четыре, пять\n"
        "empty\n     смотри там же\n",
        "utf-8",
    )
    assert counting.read_dictionary(path) == {"house": ["дом", "жилище", "хата", "раз", "два", "три"]}


def test_words_that_are_the_same_in_both_languages_are_translations(
    counting: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = {
        "ru": ["глобализация", "глобализации", "фосфор", "контекст", "кот", "домик"],
        "en": ["globalization", "phosphor", "context", "cat", "house", "domestic"],
    }
    monkeypatch.setattr(counting, "top_n_list", lambda language, number: lists[language])
    dictionary = {"context": ["контекст", "связь"], "phosphor": ["сера"], "house": ["дом"]}
    counting.add_cognates(dictionary)
    assert dictionary == {
        "context": ["контекст", "связь"],
        "phosphor": ["сера", "фосфор"],
        "house": ["дом"],
        "globalization": ["глобализация"],
    }


# ---- the table


def source(**counted: dict[str, int]) -> dict[str, Any]:
    return {kind: {} for kind in ("small", "capital", "russian", "code", "pairs")} | counted


def test_each_sign_says_what_the_readme_says(table: ModuleType) -> None:
    counts = {
        "dictionary": {"abcd": ["абвг", "где"], "house": ["дом"]},
        "sources": {
            "one": source(small={"abcd": 3}, capital={"abcd": 1}, russian={"абвг": 31, "где": 2}, code={"abcd": 15}),
            "two": source(small={"abcd": 4}, pairs={"ab cd": 5, "bc de": 9}),
            "three": source(pairs={"ab cd": 2}),
        },
    }
    assert table.usage_of(counts) == {
        # log2(1 + 7), 2 sources; log2(1 + 1), 1 source; log2(32 / 8); Zipf 2.1; log2(1 + 15)
        "abcd": "3211224",
        "house": "0000050",
        "acorn": "0000-30",
        "ab cd": "32",
    }


def test_a_source_that_is_left_out_leaves_nothing(table: ModuleType) -> None:
    words = {"abcd": 3, "defg": 9}
    counts = {"dictionary": {}, "sources": {name: source(small=words, pairs={"a b": 1}) for name in ("one", "two")}}
    assert table.usage_of(counts)["abcd"].startswith("32")
    without = table.usage_of(counts, leave_out="two")
    assert without == table.usage_of({"dictionary": {}, "sources": {"one": counts["sources"]["one"]}})
    assert "abcd" not in without
    assert without["defg"].startswith("41")
    assert "a b" not in without


counted = st.dictionaries(latin, st.integers(1, 2000), max_size=8)
pairs = st.dictionaries(st.tuples(latin, latin).map(" ".join), st.integers(1, 2000), max_size=4)
russian = st.dictionaries(st.sampled_from(["дом", "кот"]), st.integers(1, 10**6))


@given(
    sources=st.dictionaries(
        st.sampled_from("xyz"),
        st.fixed_dictionaries(
            {"small": counted, "capital": counted, "code": counted, "pairs": pairs, "russian": russian}
        ),
    ),
    dictionary=st.dictionaries(latin, st.lists(st.sampled_from(["дом", "кот"]), min_size=1)),
)
def test_whatever_is_counted_the_table_is_well_formed_and_found_again(
    tmp_path_factory: pytest.TempPathFactory, sources: dict[str, Any], dictionary: dict[str, list[str]]
) -> None:
    need("wordfreq")
    with pytest.MonkeyPatch.context() as patch, imported("build_usage") as modules:
        script = modules["build_usage"]
        patch.setattr(script, "get_frequency_dict", lambda language: {})
        patch.setattr(script, "zipf_frequency", lambda word, language: 0.0)
        made = script.usage_of({"dictionary": dictionary, "sources": sources})
        path = tmp_path_factory.mktemp("table") / "usage.txt"
        script.write_table(made, path)
    for word, signs in made.items():
        assert re.fullmatch("[0-9]{2}" if " " in word else "[0-9]{4}[0-9-]-[0-9]", signs)
    lines = path.read_bytes().removesuffix(b"\n").split(b"\n")
    assert lines == sorted(lines)
    if made:
        found = WordTable(str(path))
        assert {word: found.find(word) for word in made} == made


def test_a_word_that_is_used_more_has_no_smaller_sign(table: ModuleType) -> None:
    def small(times: int) -> str:
        one = source(small={"abcd": times})
        return str(table.usage_of({"dictionary": {}, "sources": {"one": one, "two": one}})["abcd"])

    signs = [small(times)[0] for times in range(1, 600)]
    assert signs == sorted(signs)
    assert signs[0] == "2"
    assert signs[-1] == "9"


def test_the_scripts_make_the_file_from_texts(
    counting: ModuleType, table: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "top_n_list", lambda language, number: [])
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text("Сделайте commit фиксации, и ещё pull request.", "utf-8")
    (tmp_path / "mueller7.dict").write_text("commit\n     фиксация, совершать\n", "utf-8")
    counts, out = tmp_path / "counts.json", tmp_path / "usage.txt"
    options = [option for name in ("one", "two") for option in ("--source", f"{name}={tmp_path / name}")]
    options += ["--dictionary", str(tmp_path / "mueller7.dict"), "--out", str(counts)]
    monkeypatch.setattr("sys.argv", ["count_usage.py", *options])
    counting.main()
    monkeypatch.setattr("sys.argv", ["build_usage.py", str(counts), str(out)])
    table.main()
    lines = dict(line.split("\t") for line in out.read_text("utf-8").splitlines())
    assert lines["commit"] == "22000-0"
    assert lines["pull request"] == "22"
    assert "фиксация" not in out.read_text("utf-8")
