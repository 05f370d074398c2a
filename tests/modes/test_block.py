"""The think block: however a pass and an answer come, the same reply, one block in it, and no marker outside."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from role_engine.backends.replay import ReplayBackend
from role_engine.modes.block import ThinkBlock
from role_engine.modes.budget import ReplyBudget, reserve_for_answer
from role_engine.modes.markers import forbidden

from .chats import MODES, Answered
from .test_sieve import TEXTS, cut

MARKERS = forbidden(MODES.tokens())


def reply_of(thought: list[str], answer: list[str]) -> str:
    return Answered(ReplayBackend([thought, answer]), "think").run().text


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.lists(st.integers(0, 200), max_size=8))
def test_how_the_texts_are_cut_makes_no_difference(thought: str, answer: str, places: list[int]) -> None:
    whole = reply_of([thought], [answer])
    assert reply_of(cut(thought, places), cut(answer, places)) == whole


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
@example("", "<seed:think>a</think>b</seed:think>c")
def test_one_block_and_no_marker_in_it_or_behind_it(thought: str, answer: str) -> None:
    text = reply_of([thought], [answer])
    assert text.startswith("<think>\n")
    inside, _, behind = text.removeprefix("<think>").partition("</think>")
    assert MARKERS.search(behind) is None
    assert "</think>" not in behind
    assert MARKERS.search(inside) is None


STOPS = st.lists(st.sampled_from(["\n", "\n\n", " ", "а", "а:", ":", "*", "\n*", ">", ">\n", ":\n", "б\n"]), max_size=3)
TITLES = st.sampled_from(["", "а", "б", "аб"])


@given(STOPS, st.lists(st.tuples(TITLES, st.sampled_from(["в", "г", "вг"])), max_size=4), st.sampled_from(["д", "е"]))
def test_nothing_that_is_written_between_completes_a_stop_string(
    stop: list[str], thoughts: list[tuple[str, str]], answer: str
) -> None:
    """But for the tags themselves, which cannot be written otherwise."""
    block = ThinkBlock(stop=stop)
    parts = [part for title, text in thoughts for part in (block.title(title), block.think(text))]
    text = "".join([*parts, block.say(answer), block.heading("**к:**", first=False), block.say(answer)])
    assert not [one for one in stop if one in text and not one.startswith(">")], text


@pytest.mark.parametrize(
    ("limit", "kept"), [(1000, 500), (512, 256), (400, 256), (257, 256), (256, 128), (100, 50), (1, 1)]
)
def test_what_is_kept_for_the_answer(limit: int, kept: int) -> None:
    assert reserve_for_answer(limit) == kept


@given(st.integers(1, 5000), st.integers(1, 12), st.lists(st.floats(0, 1), max_size=12))
def test_passes_never_eat_the_answers_share(limit: int, passes: int, uses: list[float]) -> None:
    budget = ReplyBudget(limit, passes)
    for use in uses[:passes]:
        share = budget.for_next_pass()
        assert share is not None
        budget.spend(int(share * use))
    left = budget.for_answer()
    assert left is not None and left >= reserve_for_answer(limit)
