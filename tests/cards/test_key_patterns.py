"""Words are read out of keys that are regular expressions; nothing is ever matched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.cards.key_patterns import MOST_WORDS, words_of_key


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("/foo|bar/i", ["foo", "bar"]),
        (r"\bfoo\b", ["foo"]),
        (r"/(?:^|\W)замок(?:\W|$)/iu", ["замок"]),
        ("(foo|bar)s?", ["foo", "foos", "bar", "bars"]),
        ("/драк(он|ошка)(ов)?/", ["дракон", "драконов", "дракошка", "дракошкаов"]),
        ("/ведьм[аыу]/", ["ведьма", "ведьмы", "ведьму"]),
        ("/[Дд]ракон/", ["Дракон"]),
        (r"/дракон\w*/", ["дракон"]),
        ("/дракон[а-я]+/", ["дракон"]),
        (r"/король\s+артур/", ["король артур"]),
        ("/меч.*камень/", ["меч камень"]),
        (r"/Mr\. Smith|C\+\+/", ["Mr. Smith", "C++"]),
        ("/(?<!тёмный )эльф(?=ы)/", ["эльф"]),
        (r"/\u0434ом/", ["дом"]),
        ("/(?i)эльф/", ["эльф"]),
        ("/foo/bar/", ["foo/bar"]),
        ("/a{2,}b/", ["ab"]),
    ],
)
@pytest.mark.parametrize("pattern", [False, True])
def test_a_patterns_words(key: str, words: list[str], pattern: bool) -> None:
    assert words_of_key(key, pattern=pattern) == words


@pytest.mark.parametrize("key", ["дракон", "C++", "Mr. Smith", "что?", "а/б", "Нью-Йорк", "/", "10%", "Дом №5"])
@pytest.mark.parametrize("pattern", [False, True])
def test_a_plain_key_is_itself_whatever_the_entry_says_of_its_keys(key: str, pattern: bool) -> None:
    assert words_of_key(f" {key} ", pattern=pattern) == [key]


def test_brackets_in_a_plain_key_stay_unless_the_entry_has_patterns() -> None:
    assert words_of_key("Дракон (старый)") == ["Дракон (старый)"]
    assert words_of_key("Дракон (старый)", pattern=True) == ["Дракон старый"]


@pytest.mark.parametrize(
    "key", ["", "/.*/", r"/\d+/", "/д.акон/", "/foo(/", "/a/", "/[/", "/(?P>x)/", r"/\ud800/", "/*/"]
)
def test_what_has_no_words_gives_none(key: str) -> None:
    assert words_of_key(key, pattern=True) == []


def test_what_would_be_thousands_of_words_is_cut() -> None:
    for key in (
        "/" + "(а|б|в|г)" * 12 + "/",
        "/" + "а?" * 900 + "/",
        "/" + "|".join(f"слово{n}" for n in range(999)) + "/",
    ):
        assert len(words_of_key(key)) <= MOST_WORDS


@pytest.mark.parametrize(
    "key", ["/" + "(" * 5_000 + "/", "/" + "(?:" * 600 + "аб" + ")" * 600 + "/", "/" + "а" * 9_000 + "/"]
)
def test_what_is_too_deep_or_long_gives_none(key: str) -> None:
    assert words_of_key(key) == []


@given(st.text(alphabet="аб()[]{}|?*+\\.^$/ 1,-bw:=!<>uxP", max_size=40), st.booleans())
def test_any_key_is_read_or_passed_over(key: str, pattern: bool) -> None:
    words = words_of_key(key, pattern=pattern)
    assert len(words) <= MOST_WORDS
    assert all(word == word.strip() and word and "\ufffc" not in word for word in words)
    "".join(words).encode()
