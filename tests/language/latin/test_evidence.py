"""The evidence for a Latin word: a sum that can be read, a threshold that a role can move."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.language import LanguagePolicy, check
from role_engine.language.explain import weigh_words
from role_engine.language.latin.evidence import load_model
from role_engine.language.latin.observations import FEATURES, TOLD_BY_TABLE, observe_word
from role_engine.language.latin.usage import usage_of
from tests.language.marking import BALANCED
from tests.language.texts import WILD_TEXT

PASSAGES = [
    "Swagger — это стандарт описания API.",
    "Ешьте healthy fats каждый день.",
    "Это очень important для нашей команды.",
    "Пароли хранят с помощью bcrypt.",
    "Here is the summary:\nПушкин родился в Москве.",
    "Наш customer-oriented подход приносит плоды.",
]


@pytest.mark.parametrize("passage", PASSAGES)
def test_what_is_shown_adds_up_to_the_sum(passage: str) -> None:
    base = sum(tree.inner[0] for tree in load_model().trees)
    words = weigh_words(passage, BALANCED)
    assert words
    for one in words:
        assert passage[one.start : one.end] == one.word
        assert base + sum(found.weight for found in one.evidence) == pytest.approx(one.weight, abs=0.01)
        assert {found.name for found in one.evidence} <= set(FEATURES)


@pytest.mark.parametrize("passage", PASSAGES)
def test_a_word_stands_as_the_verdict_says(passage: str) -> None:
    refused = [(found.start, found.end) for found in check(passage, BALANCED).violations]
    for one in weigh_words(passage, BALANCED):
        assert one.stands != any(start <= one.start < end for start, end in refused)


def test_more_tolerance_never_refuses_more() -> None:
    last = None
    for step in range(11):
        policy = LanguagePolicy(mode="balanced", tolerance=step / 10)
        count = sum(len(found.text) for passage in PASSAGES for found in check(passage, policy).violations)
        assert last is None or count <= last
        last = count
    strictest = LanguagePolicy(mode="balanced", tolerance=0)
    most_tolerant = LanguagePolicy(mode="balanced", tolerance=1)
    assert sum(bool(check(passage, strictest).violations) for passage in PASSAGES) >= 4
    assert sum(bool(check(passage, most_tolerant).violations) for passage in PASSAGES) <= 2


@pytest.mark.parametrize("tolerance", [-0.1, 1.1])
def test_tolerance_is_between_0_and_1(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        LanguagePolicy(mode="balanced", tolerance=tolerance)


@given(WILD_TEXT)
def test_any_text_can_be_explained(text: str) -> None:
    for one in weigh_words(text, BALANCED):
        assert text[max(one.start, 0) : one.end].endswith(one.word[max(-one.start, 0) :])


def test_nothing_is_weighed_in_other_modes() -> None:
    assert weigh_words("Это important.", LanguagePolicy(mode="strict")) == []
    assert weigh_words("Это important.", LanguagePolicy(mode="off")) == []


def test_the_file_holds_what_the_code_observes() -> None:
    read = json.loads((files("role_engine.language") / "data" / "evidence.json").read_text("utf-8"))
    assert set(read["tables"]) == set(TOLD_BY_TABLE)
    assert read["trees"]
    for feature, split, yes, no, inner, leaf in read["trees"]:
        assert len(feature) == len(split) == len(yes) == len(no) == len(inner) == len(leaf) - 1
        assert all(0 <= one < len(FEATURES) for one in feature)
        children = sorted(child for child in (*yes, *no))
        assert children == [*range(-len(leaf), 0), *range(1, len(feature))]


@given(st.text(min_size=1, max_size=40).filter(lambda text: text[0].isalpha()))
def test_any_word_can_be_observed(word: str) -> None:
    assert all(float(number) == float(number) for number in observe_word(word))


def test_the_record_knows_plurals_and_genitives() -> None:
    assert usage_of("Docker's") == usage_of("docker")
    assert usage_of("qwertyuiopasdf") == usage_of("zxcvbnmasdfgh")
