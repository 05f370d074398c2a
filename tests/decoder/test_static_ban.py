"""A static ban leaves what some mask would allow, and takes what no clean text holds."""

from __future__ import annotations

from typing import Any

import pytest

from role_engine.decoder.masks import TokenMasks
from role_engine.decoder.static_ban import ever_clean, forbidden
from role_engine.decoder.vocabulary import Vocabulary
from role_engine.language import LanguagePolicy
from tests.decoder.test_masks import TEXT

STRICT = LanguagePolicy(mode="strict")
BALANCED = LanguagePolicy(mode="balanced")


def allowed(vocabulary: Vocabulary, policy: LanguagePolicy) -> set[int]:
    return set(ever_clean(vocabulary, policy).tolist())


@pytest.mark.slow
@pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])
def test_russian_text_passes_as_it_is_tokenised(tokenizer: Any, policy: LanguagePolicy) -> None:
    vocabulary = Vocabulary.of_tokenizer(tokenizer)
    ids = tokenizer.encode(TEXT, add_special_tokens=False).ids
    assert set(ids) <= allowed(vocabulary, policy)


def test_nothing_that_a_mask_of_strict_allows_is_banned(vocabulary: Vocabulary) -> None:
    """Inside of reasoning markers and their like the mask is another matter."""
    policy = LanguagePolicy(mode="strict", in_thinking="same")
    masks, kept = TokenMasks(vocabulary, policy), allowed(vocabulary, policy)
    for before in (
        b"",
        "а".encode(),
        "Слово ".encode(),
        b"1",
        "е".encode(),
        "👍".encode(),
        b"\xd0",
        b"\xd1",
        b"\xe2\x80",
    ):
        state = masks.after_bytes(before, masks.body)
        assert set(masks.list_allowed_ids(state).tolist()) <= kept, before


@pytest.mark.parametrize("foreign", ["hello", "你", "한", "ا", "і", "\ufffd"])
def test_a_token_with_a_foreign_letter_is_banned_in_strict(foreign: str) -> None:
    tokens = ["слово", foreign, f" {foreign}", f"а{foreign}", "", "<think>"]
    kept = allowed(Vocabulary.of_tokens([token.encode() for token in tokens], ends=[4]), STRICT)
    assert kept == {0, 4, 5}


def test_balanced_bans_other_scripts_and_leaves_latin() -> None:
    tokens = ["слово", "hello", "你", "한국", "ا", "<tool_call>", "αβ", "x²"]
    assert allowed(Vocabulary.of_tokens([token.encode() for token in tokens]), BALANCED) == {0, 1, 5, 6, 7}


def test_allowed_words_may_be_written_in_parts() -> None:
    tokens = ["Py", "thon", " Python", "ython", "Pyt", " x", "PYTHON", "on on", "th", "да"]
    policy = LanguagePolicy(mode="strict", allow=("Python",))
    assert allowed(Vocabulary.of_tokens([token.encode() for token in tokens]), policy) == {0, 1, 2, 3, 4, 6, 8, 9}


def test_a_piece_of_a_character_stays_where_it_can_be_one_of_a_russian_letter() -> None:
    pieces = [b"\xd0", b"\xb6", b"\xe5", b"\xe2\x80", b"\x94", b"\xbd\xa0", b"\xff"]  # Р of «ж», «ж», 你, —, —, 你
    kept = allowed(Vocabulary.of_tokens(pieces), STRICT)
    assert {0, 1, 3, 4} <= kept
    assert 2 not in kept and 6 not in kept


def test_the_forbidden_are_all_the_others_up_to_the_models_last() -> None:
    kept = ever_clean(Vocabulary.of_tokens(["а".encode(), b"x", "б".encode()]), STRICT)
    assert forbidden(kept, 6).tolist() == [1, 3, 4, 5]
