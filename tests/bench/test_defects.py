"""Defects put into clean sentences: they stand where it is said, and are of their class."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from role_engine.bench.defects import CLASSES, DefectClass, put_in
from role_engine.bench.defects.english import english_for, english_words, translations
from role_engine.bench.defects.measure import measure, work
from role_engine.bench.defects.sentences import read_sentences, sample
from role_engine.bench.defects.words import LEAD_INS, SCRIPTS
from role_engine.errors import InputError
from role_engine.hosts.cli.app import app

CLASS = st.sampled_from(CLASSES)
SENTENCES = sample()


def scripts(text: str) -> set[str]:
    return {unicodedata.name(char).split()[0] for char in text if char.isalpha()}


@given(sentence=st.one_of(st.sampled_from(SENTENCES), st.text(max_size=80)), of=CLASS, seed=st.integers(0, 99))
def test_all_but_the_defect_is_the_sentence(sentence: str, of: DefectClass, seed: int) -> None:
    defect = put_in(sentence, of, random.Random(seed))
    if defect is None:
        return
    text, start, end = defect
    assert 0 <= start < end <= len(text)
    rest = text[end:]
    assert sentence.startswith(text[:start]) and sentence.endswith(rest.lstrip() if of == "lead-in" else rest)
    assert put_in(sentence, of, random.Random(seed)) == defect


@pytest.mark.parametrize("of", CLASSES)
def test_the_defect_is_of_its_class(of: DefectClass) -> None:
    put = [defect for n, one in enumerate(SENTENCES) if (defect := put_in(one, of, random.Random(n)))]
    assert len(put) > 20
    for text, start, end in put:
        said = text[start:end]
        names = scripts(said)
        if of in ("look-alike", "other-letters", "english-stem"):
            assert names == {"LATIN", "CYRILLIC"}, said
        elif of in ("word", "word-technical"):
            assert said.islower() and said.isalpha() and said.isascii()
        elif of == "word-capital":
            assert said == said.capitalize() and start > 0
        elif of == "phrase":
            assert 2 <= len(said.split()) <= 6 and names == {"LATIN"}
        elif of == "chinese-in-word":
            assert names == {"CJK", "CYRILLIC"}
        elif of == "cyrillic":
            assert set(said) - set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
        elif of in SCRIPTS:
            assert "LATIN" not in names and "CYRILLIC" not in names
        else:
            assert names == {"LATIN"}, said


def test_an_english_word_stands_for_the_russian_one() -> None:
    found = {put_in("Мы это важно решили.", "word", random.Random(seed)) for seed in range(9)}
    assert ("Мы это important решили.", 7, 16) in found
    assert put_in("Мы тут.", "translit", random.Random(1)) is None


def test_what_is_quoted_or_part_of_something_stays() -> None:
    for sentence in ("Это: «важно».", "Это ещё (важно).", "Это #важно и важно_всем.", "Это Важно."):
        assert put_in(sentence, "word", random.Random(1)) is None, sentence


def test_the_lists_are_as_long_as_is_said() -> None:
    general = {word for part in ("noun", "adjective", "verb", "other") for word in english_words(part)}
    assert len(general) >= 380 and len(english_words("technical")) >= 100
    assert len(set(LEAD_INS)) >= 40
    assert len(set(SENTENCES)) >= 300
    assert english_for("данные", "technical") == ("data",) and english_for("командой") == ("team",)
    assert all(word.isascii() for table in translations().values() for words in table.values() for word in words)


def test_what_is_found_and_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    result = measure(SENTENCES[:30], advance=done.append)
    assert sum(done) == work(SENTENCES[:30])
    assert not result.false_alarms
    by_class = {one.of: one for one in result.classes}
    assert by_class["chinese"].share == by_class["look-alike"].share == by_class["lead-in"].share == 1
    assert by_class["word"].kinds["latin"] == by_class["word"].found > 20
    assert all(one.put_in == one.found + len(one.missed) for one in result.classes)
    assert measure(SENTENCES[:30], seed=1).as_dict() != result.as_dict() == measure(SENTENCES[:30]).as_dict()


def test_sentences_of_files_and_of_documentation(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Первое предложение целиком.\n\nВторое: с git.\n", "utf-8")
    (tmp_path / "b.conllu").write_text("# text = Третье предложение здесь.\n1\tТретье\t_\n", "utf-8")
    (tmp_path / "c.md").write_text(
        "# Имя\n\nВот одно предложение тут. А это с `git` внутри. И ещё\nодно в две строки!\n", "utf-8"
    )
    assert read_sentences([tmp_path / "a.txt", tmp_path / "b.conllu", tmp_path]) == [
        "Первое предложение целиком.",
        "Второе: с git.",
        "Третье предложение здесь.",
        "Вот одно предложение тут.",
        "И ещё одно в две строки!",
    ]
    with pytest.raises(InputError, match=r"none\.txt"):
        read_sentences([tmp_path / "none.txt"])


def test_false_alarms_are_counted_by_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Это чистая русская фраза без затей.\nЭто great и такое wonderful предложение.\n", "utf-8")
    result = CliRunner().invoke(app, ["bench", "check", "--defects", str(file), "--json"])
    found = json.loads(result.stdout)
    assert found["sentences"] == 2 and found["false_alarm_share"] == 0.5
    assert [alarm["refused"] for alarm in found["false_alarms"]] == ["great", "wonderful"]


def test_the_command_for_people() -> None:
    result = CliRunner().invoke(app, ["bench", "--defects", "--limit", "25", "--samples", "1"])
    assert result.exit_code == 0 and "25 sentences (seed 0)" in result.stdout
    assert all(f" {of} " in result.stdout for of in CLASSES)
