"""What Russian authors leave in Latin letters stays, kind by kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from role_engine.language import check
from tests.language.marking import BALANCED

KINDS: dict[str, list[str]] = {}
for _line in Path(__file__).with_name("authors_words.txt").read_text("utf-8").splitlines():
    if _line.startswith("## "):
        KINDS[_line[3:]] = []
    elif _line and KINDS:
        KINDS[list(KINDS)[-1]].append(_line.replace("\\n", "\n"))


@pytest.mark.parametrize(
    ("kind", "passage"), [(kind, passage) for kind, passages in KINDS.items() for passage in passages]
)
def test_the_authors_word_stays(kind: str, passage: str) -> None:
    assert [(found.kind, found.text) for found in check(passage, BALANCED).violations] == []


def test_every_kind_has_examples() -> None:
    assert len(KINDS) >= 7
    assert all(len(passages) >= 2 for passages in KINDS.values())
