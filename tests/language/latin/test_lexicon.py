"""What is known about Latin words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language.latin import lexicon
from role_engine.language.latin.lexicon import UNKNOWN, is_name, is_ordinary, look_up

FILE = Path(lexicon.__file__).parents[1] / "data" / "lexicon.txt"


@pytest.mark.parametrize("word", ["recycling", "Title", "BREAKFAST", "habits", "running", "the", "portion-control"])
def test_english_words_are_ordinary_in_any_case_and_form(word: str) -> None:
    assert is_ordinary(word)
    assert not is_name(word)


@pytest.mark.parametrize("word", ["Tolstoy", "Docker", "docker's", "Windows", "John", "Netflix", "Python"])
def test_names_are_names_though_some_are_words_too(word: str) -> None:
    assert is_name(word)


def test_a_word_may_be_a_name_at_times() -> None:
    assert look_up("Target").name_at_times
    assert look_up("Target").ordinary
    assert not look_up("Target").name


def test_words_that_carry_grammar_are_nobodys_name() -> None:
    for word in ("The", "him", "However", "It's", "Initially", "May"):
        assert look_up(word).function
        assert not look_up(word).name


def test_tools_may_be_written_small() -> None:
    assert look_up("numpy").tool
    assert look_up("pandas").tool
    assert not look_up("table").tool


@pytest.mark.parametrize("word", ["", "a", "\n", "\t", "the\tcf", "zzyzxq", "\ud800x", "привет", "x" * 1000, "a\nb"])
def test_what_is_no_word_is_unknown(word: str) -> None:
    assert look_up(word) == UNKNOWN


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_may_be_asked_for(text: str) -> None:
    look_up(text)


def test_every_word_of_the_file_is_found_and_the_file_is_in_order() -> None:
    lines = FILE.read_bytes().splitlines()
    words = [line.split(b"\t")[0] for line in lines]
    assert lines == sorted(lines)
    assert len(set(words)) == len(words) > 80_000
    for line in lines[::7] + lines[:50] + lines[-50:]:
        word, marks = line.decode().split("\t")
        assert look_up(word).function == ("f" in marks)
        assert look_up(word) != UNKNOWN


def test_the_file_is_small_and_read_when_it_is_needed() -> None:
    assert FILE.stat().st_size < 1_500_000
    code = "import role_engine.language.latin.lexicon as lexicon; print(len(vars(lexicon._TABLE)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FILE.parents[3])
    assert done.stdout.strip() == "1"  # its name
