"""The spelling before 1918: a quotation may have it, a reply may not."""

from __future__ import annotations

import pytest

from role_engine.language import check
from tests.language.marking import BALANCED, STRICT, assert_refused


@pytest.mark.parametrize(
    "marked",
    [
        "Он писал: «Въ лѣсу было тихо».",
        "«Мѣсто, гдѣ жилъ Ѳёдоръ» — так начинается рассказ.",
        '"Мѣсто, гдѣ жилъ Ѳёдоръ" — так тоже',
        "“мѵро” и „вѣра“",
        "> Въ лѣсу было тихо",
        "«лѣсъ Россіи», «имѣній», «война и міръ»",
        "«Въ лѣсу» и снова ⟦лѣсъ⟧",
        "⟦мѣсто⟧ без кавычек",
        "«⟦він⟧ сказав», «⟦історія⟧» не по-старому, а по-украински",
        "строка «открыта\n⟦лѣсъ⟧ уже на другой",
    ],
)
def test_balanced_lets_it_stand_in_quotation_marks(marked: str) -> None:
    assert_refused(marked, BALANCED, "cyrillic")


def test_strict_never_does() -> None:
    assert [found.kind for found in check("«Въ лѣсу»", STRICT).violations] == ["cyrillic"]
