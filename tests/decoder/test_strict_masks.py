"""Every mask of `strict` is what the check says, for every state and every token."""

from __future__ import annotations

import os
import random
from functools import cache
from typing import Any

import pytest

from role_engine.decoder.automaton import automaton, explore
from role_engine.decoder.masks import DEAD, TokenMasks
from role_engine.decoder.vocabulary import Vocabulary
from role_engine.language import LanguagePolicy
from tests.decoder.reference import clean, follows, kinds

STRICT = LanguagePolicy(mode="strict")
POLICIES = {
    "strict": STRICT,
    "no emoji": LanguagePolicy(mode="strict", emoji=False, in_thinking="same"),
    "allow": LanguagePolicy(mode="strict", allow=("Python", "C++", "Visual Studio", "Visual", ".NET", "n", "文")),
}
# U+FFFD before a variation selector: the check does not look at it there. A marker that ends in a letter
# («<|start|>assistant», «<|channel>thought») and a mark: as good as never written, and the mask is stricter.
DIFFERENT = ("\ufffd", "assistant", "thought")
_LARGE = 10_000


@cache
def prefixes(name: str) -> tuple[str, ...]:
    """A text for every state of the automaton."""
    reply = automaton(POLICIES[name], small=True)
    found: dict[Any, str] = {reply.start: ""}
    waiting = [reply.start]
    steps = explore(reply, reply.start)
    for state in waiting:
        for group, behind in steps[state].items():
            if behind not in found:
                found[behind] = found[state] + reply.classes.sample[group]
                waiting.append(behind)
    return tuple(text for text in found.values() if not text.endswith(DIFFERENT))


BEGUN = (
    b"\xd0",
    b"\xd1",
    b"\xe2",
    b"\xe2\x80",
    b"\xcc",
    b"\xf0",
    b"\xf0\x9f",
    b"\xf0\x9f\x91",
    b"\xef\xb8",
    b"\xf3\xa0",
)


def differences(masks: TokenMasks, policy: LanguagePolicy, prefix: bytes, most: int | None = None) -> list[object]:
    """Tokens of which mask and check disagree behind `prefix`; `most`: so many kinds of tokens are looked at."""
    tokens = _tokens(masks.vocabulary)
    mask = masks.mask(_state(masks, prefix))
    members = list(kinds(tokens, prefix.decode(errors="ignore"), each=bool(policy.allow)).values())
    if most is not None and len(members) > most:
        members = random.Random(prefix).sample(members, most)
    found: list[object] = []
    for alike in members:
        token = tokens[alike[0]]
        if "\ufffd" in token.decode(errors="ignore"):
            continue
        expected = follows(prefix, token, policy)
        found += [(prefix, tokens[one], expected) for one in alike if bool(mask[one]) != expected]
    return found


@cache
def _tokens(vocabulary: Vocabulary) -> list[bytes]:
    return [vocabulary.token(number) for number in range(len(vocabulary))]


@cache
def _masks(name: str, vocabulary: Vocabulary) -> TokenMasks:
    return TokenMasks(vocabulary, POLICIES[name])


def _state(masks: TokenMasks, prefix: bytes) -> int:
    return masks.after_bytes(prefix)


@pytest.mark.skipif(not os.environ.get("ROLE_ENGINE_EXHAUSTIVE"), reason="set ROLE_ENGINE_EXHAUSTIVE: it takes an hour")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", POLICIES)
def test_all_states_allow_what_the_check_allows(name: str, vocabulary: Vocabulary) -> None:
    """Every state and every token. Under `allow`, where each token is asked for, not of Qwen's vocabulary."""
    if POLICIES[name].allow and len(vocabulary) > _LARGE:
        pytest.skip("151,643 tokens in each of a thousand states, one by one, would take days")
    for prefix in prefixes(name):
        assert not differences(_masks(name, vocabulary), POLICIES[name], prefix.encode()), prefix


@pytest.mark.slow
@pytest.mark.parametrize("name", POLICIES)
def test_any_state_allows_what_the_check_allows(name: str, vocabulary: Vocabulary) -> None:
    """Some of the states for each vocabulary; in each, some kinds of tokens."""
    for prefix in random.Random(len(vocabulary)).sample(prefixes(name), 12 if len(vocabulary) > _LARGE else 60):
        assert not differences(_masks(name, vocabulary), POLICIES[name], prefix.encode(), most=40)


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "п", "е", "Слово ", "<", "\\", "1", "👍", "<think>я"])
def test_every_token_is_judged_as_the_check_judges_it(prefix: str, vocabulary: Vocabulary) -> None:
    assert not differences(_masks("strict", vocabulary), STRICT, prefix.encode())


@pytest.mark.slow
@pytest.mark.parametrize("begun", BEGUN)
def test_within_a_character_the_mask_is_exact_too(begun: bytes, vocabulary: Vocabulary) -> None:
    masks = _masks("strict", vocabulary)
    prefix = "а".encode() + begun
    if masks.after_bytes(prefix) == DEAD:
        assert not follows(prefix, b"", STRICT)
    else:
        assert not differences(masks, STRICT, prefix)


def test_the_end_is_allowed_where_the_check_finds_nothing(vocabulary: Vocabulary) -> None:
    for name, policy in POLICIES.items():
        masks = _masks(name, vocabulary)
        for prefix in prefixes(name):
            state = masks.after_text(prefix)
            assert masks.may_end(state) == clean(prefix, policy), prefix
        for state in (masks.start, masks.after_text("а\\n")):
            assert masks.mask(state)[sorted(vocabulary.ends)].all() == masks.may_end(state)
