"""`usage.txt` and `evidence.json` as they are shipped, and what is looked up in the first."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.language.latin.evidence import Tree, load_model
from role_engine.language.latin.observations import FEATURES, TOLD_BY_TABLE
from role_engine.language.latin.usage import UNUSED, WordUsage, is_used_pair, usage_of
from role_engine.language.latin.word_table import WordTable
from tests.language.test_terms_file import DATA

LINES = (DATA / "usage.txt").read_bytes().splitlines()
SIGNS = dict(line.decode("ascii").split("\t") for line in LINES)
WORDS = sorted(SIGNS)
TABLE = WordTable("usage.txt")


def test_the_file_is_in_order_and_of_one_form() -> None:
    assert sorted(LINES) == LINES
    assert len(SIGNS) == len(LINES) > 30_000
    for word, signs in SIGNS.items():
        assert word == word.lower()
        assert 1 < len(word) <= 40
        assert re.fullmatch("[0-9]{2}" if " " in word else "[0-9]{4}[0-9-]{2}[0-9]", signs), (word, signs)


def test_the_files_stay_small() -> None:
    assert (DATA / "usage.txt").stat().st_size <= 1_200_000
    assert (DATA / "evidence.json").stat().st_size <= 500_000


@given(word=st.sampled_from(WORDS))
@settings(max_examples=300)
def test_every_word_is_found(word: str) -> None:
    assert TABLE.find(word) == SIGNS[word]


def test_the_first_the_last_and_a_sample_are_found() -> None:
    sample = [WORDS[0], WORDS[-1], *random.Random(1).sample(WORDS, 5000)]
    assert [TABLE.find(word) for word in sample] == [SIGNS[word] for word in sample]


near_words = st.tuples(st.sampled_from(WORDS), st.sampled_from(["{}x", "x{}", "{}-", " {}", "{} "])).map(
    lambda made: made[1].format(made[0])
)


@given(word=st.one_of(st.text(max_size=12), st.text("abcdest' -", max_size=8), near_words))
@settings(max_examples=300)
def test_other_words_are_not_found(word: str) -> None:
    assert TABLE.find(word) == SIGNS.get(word, "")


@given(word=st.sampled_from([word for word in WORDS if " " not in word]))
def test_a_record_says_what_the_signs_say(word: str) -> None:
    small, small_sources, capital, capital_sources, translated, english, code = SIGNS[word]
    assert usage_of(word) == WordUsage(
        int(small),
        int(small_sources),
        int(capital),
        int(capital_sources),
        None if translated == "-" else int(translated),
        0 if english == "-" else int(english),
        int(code),
    )


@given(word=st.sampled_from([word for word in WORDS if word.isalpha()]), case=st.sampled_from(["upper", "title"]))
def test_case_makes_no_difference(word: str, case: str) -> None:
    assert usage_of(getattr(word, case)()) == usage_of(word)


# Words whose plural and genitive have no record of their own.
SINGULAR = [
    word
    for word in WORDS
    if re.fullmatch("[a-z]{2,}[bcdfgklmnprt]", word) and not {f"{word}s", f"{word}es", f"{word}'s"} & SIGNS.keys()
]
ENDING_IN_Y = [
    word for word in WORDS if re.fullmatch("[a-z]{2,}[bcdfgklmnprt]y", word) and f"{word[:-1]}ies" not in SIGNS
]


@given(word=st.sampled_from(SINGULAR), ending=st.sampled_from(["s", "es", "'s", "’s"]))
def test_a_plural_or_genitive_without_a_record_has_that_of_its_singular(word: str, ending: str) -> None:
    assert usage_of(word + ending) == usage_of(word)


@given(word=st.sampled_from(ENDING_IN_Y))
def test_so_has_a_plural_in_ies(word: str) -> None:
    assert usage_of(f"{word[:-1]}ies") == usage_of(word)


@pytest.mark.parametrize("word", ["frobnicatable", "s", "'s", "qqzzs", ""])
def test_a_word_without_a_record_is_unused(word: str) -> None:
    assert usage_of(word) is UNUSED


def test_what_authors_leave_is_told_from_what_they_translate() -> None:
    for word in ("commit", "email", "framework"):
        assert usage_of(word).small_sources >= 2, word
    for word in ("house", "water", "important"):
        usage = usage_of(word)
        assert usage.translated is not None
        assert usage.translated >= 3, word
        assert usage.small_sources <= usage_of("email").small_sources
    assert usage_of("the").english > usage_of("house").english > usage_of("acorn").english
    assert usage_of("null").code > usage_of("house").code


def test_neighbours_that_authors_leave_are_pairs() -> None:
    assert is_used_pair("pull", "request")
    assert is_used_pair("Visual", "Studio")
    assert not is_used_pair("request", "pull")
    assert not is_used_pair("house", "table")


@given(pair=st.sampled_from([word for word in WORDS if " " in word]))
def test_every_pair_is_found_in_any_case(pair: str) -> None:
    one, two = pair.split(" ")
    assert is_used_pair(one.title(), two)


# ---- evidence.json


def test_the_model_asks_for_what_is_observed() -> None:
    model = load_model()
    assert model.trees
    for tree in model.trees:
        inner = len(tree.feature)
        assert all(len(one) == inner for one in (tree.split, tree.yes, tree.no, tree.inner))
        assert len(tree.leaf) == inner + 1
        assert set(tree.feature) <= set(range(len(FEATURES)))
        assert sorted(reached(tree)) == sorted([*range(inner), *(~leaf for leaf in range(inner + 1))])


def reached(tree: Tree) -> list[int]:
    """The nodes that are below the root, and the root."""
    found, left = [], [0]
    while left:
        node = left.pop()
        found.append(node)
        if node >= 0:
            left += [tree.yes[node], tree.no[node]]
    return found


def test_the_file_holds_weights_and_no_text() -> None:
    read = json.loads((DATA / "evidence.json").read_text("utf-8"))
    assert set(read) == {"threshold", "tables", "stems", "trees"}
    assert tuple(read["tables"]) == TOLD_BY_TABLE
    longest = max(len(entry) for table in read["tables"].values() for entry in table)
    assert longest <= 9
    assert all(re.fullmatch("[а-яё]{5}", stem) and -2 <= odds <= 2 for stem, odds in read["stems"].items())
