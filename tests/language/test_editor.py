"""Three hundred passages, and whether `balanced` strikes out what their editor does."""

from __future__ import annotations

import pytest

from role_engine.language import check
from tests.language.cheap_rules import CHEAP_RULES
from tests.language.editor import Rule, passages, share_agreed
from tests.language.marking import BALANCED

OK, DEFECTS = passages("ok"), passages("defects")
# A few of the passages are known to be judged wrong; they stay in the table. What an editor leaves weighs more: in
# doubt the author's word stays, above all at the beginning of a sentence.
LEAST, LEAST_OF_DEFECTS = 0.96, 0.92


def balanced(text: str) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in check(text, BALANCED).violations]


def test_the_tables_are_of_a_size_that_says_something() -> None:
    assert len(OK) >= 150
    assert len(DEFECTS) >= 150
    assert not any(passage.refused for passage in OK)
    assert all(passage.refused for passage in DEFECTS)


def test_what_an_editor_leaves_is_left() -> None:
    assert share_agreed(balanced, OK) >= LEAST


def test_what_an_editor_strikes_out_is_found_and_nothing_beside_it() -> None:
    assert share_agreed(balanced, DEFECTS) >= LEAST_OF_DEFECTS


@pytest.mark.parametrize("rule", CHEAP_RULES)
def test_no_cheap_rule_does_as_well(rule: Rule) -> None:
    assert min(share_agreed(rule, OK), share_agreed(rule, DEFECTS)) < 0.6
