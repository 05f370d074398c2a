"""The corpus: rich enough, clean but for its slips, and with as many of those as it says."""

from __future__ import annotations

import random
import re

import pytest

from role_engine import LanguagePolicy, RoleLibrary, check
from role_engine.paths import builtin_roles
from tools.embedded_model import systems
from tools.embedded_model.corpus import (
    LONG_CONVERSATIONS,
    LONG_TURNS,
    CorpusStatistics,
    TrainingConversation,
    clean_reply,
    compose,
)
from tools.embedded_model.defects import LEAD_IN_RATE, LEAD_INS, SLIP_RATE, WEAK, add_slips, weak_spots
from tools.embedded_model.openings import NO_ROLE, OPENINGS, first_words
from tools.embedded_model.questions import list_taught
from tools.embedded_model.sentences import pattern_count
from tools.embedded_model.topics import TOPICS
from tools.embedded_model.training import SEED

BALANCED, STRICT = LanguagePolicy(mode="balanced"), LanguagePolicy(mode="strict")


@pytest.fixture(scope="module")
def statistics() -> CorpusStatistics:
    counted = CorpusStatistics()
    for _ in compose(SEED, counted):
        pass
    return counted


@pytest.fixture(scope="module")
def clean_replies() -> list[str]:
    chance = random.Random(1)
    return [clean_reply(chance.choice(list_taught()), chance.choice(list(OPENINGS)), chance) for _ in range(400)]


def test_it_has_forty_topics_and_several_hundred_patterns() -> None:
    assert len({topic.name for topic in TOPICS}) >= 40
    facts = {fact for topic in TOPICS for fact in topic.facts}
    openings = {pattern for patterns in OPENINGS.values() for pattern in patterns}
    assert pattern_count() + len(openings) >= 250
    assert pattern_count() + len(openings) + len(facts) >= 400


def test_replies_differ(clean_replies: list[str]) -> None:
    assert len(set(clean_replies)) == len(clean_replies)


def test_a_reply_without_slips_is_clean_in_every_mode(clean_replies: list[str]) -> None:
    for reply in clean_replies:
        assert check(reply, STRICT).ok, reply
        assert not check(reply, BALANCED).late, reply


def test_every_slot_is_filled_and_sentences_are_whole(clean_replies: list[str]) -> None:
    for reply in clean_replies:
        assert not re.search(r"[{}]", reply)
        assert reply[0].isupper() and reply[-1] in ".?…"
        assert "  " not in reply and ".." not in reply


@pytest.mark.parametrize("word", WEAK)
def test_every_slip_breaks_the_policy_and_its_clean_word_does_not(word: str) -> None:
    assert not check(f"Здесь стоит {WEAK[word][1]} и ещё что-то.", BALANCED).ok
    assert check(f"Здесь стоит {word} и ещё что-то.", STRICT).ok


@pytest.mark.parametrize("lead_in", LEAD_INS)
def test_every_lead_in_breaks_the_policy(lead_in: str) -> None:
    assert not check(f"{lead_in}сон — это время, когда тело чинит себя.", BALANCED).ok


def test_every_weak_word_occurs(clean_replies: list[str]) -> None:
    chance = random.Random(2)
    replies = clean_replies + [
        clean_reply(chance.choice(list_taught()), chance.choice(list(OPENINGS)), chance) for _ in range(2_600)
    ]
    text = " ".join(replies).lower()
    assert [word for word in WEAK if not re.search(rf"\b{word}\b", text)] == []


@pytest.mark.slow
def test_slips_come_at_the_stated_rates(statistics: CorpusStatistics) -> None:
    in_words = sum(count for kind, count in statistics.slips.items() if kind != "lead-in")
    assert in_words / statistics.weak_spots == pytest.approx(SLIP_RATE, rel=0.05)
    assert statistics.slips["lead-in"] / statistics.replies == pytest.approx(LEAD_IN_RATE, rel=0.15)
    assert 0.45 <= statistics.broken_replies / statistics.replies <= 0.60
    assert set(statistics.slips) == {"english", "chinese", "mixed", "translit", "cyrillic", "lead-in"}


def test_a_slip_takes_nothing_but_its_word() -> None:
    reply = "Поэтому люди берегут сад. Потом приходит зима."
    assert weak_spots(reply) == 2
    seen = {add_slips(reply, random.Random(seed))[0] for seed in range(200)}
    assert {reply, "Therefore люди берегут сад. Потом приходит зима.",
            "Поэтому люди берегут сад. Потім приходит зима."} <= seen  # fmt: skip


def test_the_same_seed_gives_the_same_corpus() -> None:
    def some(seed: int) -> list[TrainingConversation]:
        conversations = compose(seed)
        return [next(conversations) for _ in range(50)]

    assert some(5) == some(5) != some(6)


def test_every_shipped_role_has_a_voice_of_its_own() -> None:
    shipped = set(RoleLibrary([builtin_roles()]).ids())
    assert shipped == set(OPENINGS) - {NO_ROLE} | {systems.PLAIN_ROLE}
    for role in OPENINGS:
        others = [word for other in OPENINGS if other != role for word in first_words(other)]
        own = first_words(role).difference(others)
        assert len(own) >= 2, role


def test_a_role_is_named_by_its_own_sentence_in_every_frame() -> None:
    chance = random.Random(3)
    for role in OPENINGS:
        if role == NO_ROLE:
            continue
        own = systems.whole_frame(role).system
        start = own[own.index("Ты — ") :][:10]
        assert start in own
        assert all(start in systems.short_frame(role, chance).system for _ in range(40))


@pytest.mark.slow
def test_long_conversations_hold_a_complete_prompt() -> None:
    def learned(conversation: TrainingConversation) -> int:
        return sum(turn.learned for turn in conversation.turns)

    long = [conversation for conversation in compose(SEED) if learned(conversation) == LONG_TURNS]
    assert len(long) == LONG_CONVERSATIONS
    for conversation in long:
        frame = systems.whole_frame(conversation.role)
        assert conversation.system == frame.system
        assert conversation.turns[-1].user.endswith(frame.reminder)
