from __future__ import annotations

from string import Formatter

import pytest

from role_engine.guard.report import ReplyReport
from role_engine.hosts.panel.status import status_line
from role_engine.i18n.catalogue import CATALOGUE, language_of, number, pluralize, say
from role_engine.language.verdict import Violation


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "ru"),
        ("", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("ru;q=0.5,en;q=0.9", "en"),
        ("de-DE,ru;q=0.3", "ru"),
        ("de,fr;q=0.5", "en"),
        ("ru;q=much", "ru"),
    ],
)
def test_the_page_speaks_the_browsers_language(accepted: str | None, language: str) -> None:
    assert language_of(accepted) == language


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_both_languages_have_the_same_places_to_fill(key: str) -> None:
    russian, english = CATALOGUE[key]
    assert russian.strip() and english.strip()
    fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (russian, english)]
    assert fields[0] == fields[1]


def test_counting_and_decimals() -> None:
    words = (("фрагмент", "фрагмента", "фрагментов"), ("fragment", "fragments"))
    assert [pluralize("ru", n, *words) for n in (1, 2, 5, 11, 12, 21, 22, 111)] == [
        *("фрагмент", "фрагмента", "фрагментов", "фрагментов", "фрагментов", "фрагмент", "фрагмента", "фрагментов")
    ]
    assert [pluralize("en", n, *words) for n in (1, 2)] == ["fragment", "fragments"]
    assert (number("ru", 0.42), number("en", 0.42)) == ("0,4", "0.4")
    assert say("en", "role") == "Role"


def test_the_status_of_a_reply() -> None:
    rejected = [Violation("latin", 0, 5, "hello")] * 3
    assert status_line(ReplyReport()) == "чисто"
    assert status_line(ReplyReport(mode="off"), "en") == "not checked"
    report = ReplyReport(rejected=rejected, seconds_wasted=0.42, tokens_delivered=40)
    assert status_line(report) == "отклонено 3 фрагмента, потеряно 0,4 с · 40 ток."
    assert status_line(report, "en") == "3 fragments rejected, 0.4 s lost · 40 tok."
    stripped = ReplyReport(rejected=rejected[:1], stripped=1, finish="length")
    assert status_line(stripped) == "отклонено 1 фрагмент, потеряно 0,0 с, вырезано 1 · достигнут предел длины"
