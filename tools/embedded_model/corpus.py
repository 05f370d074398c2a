"""The training corpus: conversations, composed from a seed out of questions, sentences, roles and slips."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.embedded_model import systems
from tools.embedded_model.defects import Slip, add_slips, weak_spots
from tools.embedded_model.openings import NO_ROLE, OPENINGS
from tools.embedded_model.questions import TopicQuestion, list_taught
from tools.embedded_model.sentences import ANY, BODY, CLOSINGS, EXAMPLES

SHORT_CONVERSATIONS = 5_600
SHORT_TURNS = (1, 1, 1, 2, 3)
LONG_CONVERSATIONS = 80
LONG_TURNS = 8
NO_ROLE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class TrainingTurn:
    """A question, the reply, and whether the reply is one to learn (a role's own examples are only read)."""

    user: str
    assistant: str
    learned: bool = True


@dataclass(frozen=True, slots=True)
class TrainingConversation:
    role: str
    system: str
    turns: tuple[TrainingTurn, ...]


@dataclass(slots=True)
class CorpusStatistics:
    """What the corpus holds; counted while it is composed."""

    replies: int = 0
    weak_spots: int = 0
    broken_replies: int = 0
    slips: Counter[Slip] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        return {
            "replies": self.replies,
            "weak_spots_per_reply": round(self.weak_spots / max(1, self.replies), 3),
            "broken_replies": round(self.broken_replies / max(1, self.replies), 3),
            "slips_per_100_replies": {
                kind: round(100 * count / max(1, self.replies), 1) for kind, count in sorted(self.slips.items())
            },
        }


def clean_reply(question: TopicQuestion, role: str, chance: random.Random) -> str:
    """A reply as it should be: the role's opening, two to four sentences on the question, mostly a last word."""
    slots = question.slots
    middle = chance.sample(BODY[question.intent], 2 if chance.random() < 0.45 else 1)
    if chance.random() < 0.6:
        fact = chance.choice(question.topic.facts)
        lead = chance.choice(EXAMPLES)
        middle.append(lead.format(fact=fact[0].lower() + fact[1:], Fact=fact))
    if len(middle) < 2 or chance.random() < 0.3:
        middle.insert(chance.randrange(1, len(middle) + 1), chance.choice(ANY))
    sentences = [chance.choice(OPENINGS[role]), *middle]
    if chance.random() < 0.7:
        own = CLOSINGS[role] if role and chance.random() < 0.5 else CLOSINGS[""]
        sentences.append(chance.choice(own))
    return " ".join(sentence.format(**slots) for sentence in sentences)


def compose(seed: int, statistics: CorpusStatistics | None = None) -> Iterator[TrainingConversation]:
    """All conversations of the corpus in training order; the same seed gives the same corpus.

    Args:
        seed: of everything that is drawn.
        statistics: filled as the conversations are drawn.
    """
    chance = random.Random(seed)
    counted = statistics if statistics is not None else CorpusStatistics()
    kinds = [False] * SHORT_CONVERSATIONS + [True] * LONG_CONVERSATIONS
    chance.shuffle(kinds)
    single = [question for question in list_taught() if question.second is None]
    pairs = [question for question in list_taught() if question.second is not None]
    for long in kinds:
        role = _draw_role(chance)
        frame = systems.whole_frame(role) if long else systems.short_frame(role, chance)
        examples = frame.examples if chance.random() < 0.7 else ()
        count = LONG_TURNS if long else chance.choice(SHORT_TURNS)
        asked = [chance.choice(single if chance.random() < 0.8 else pairs) for _ in range(count)]
        turns = [TrainingTurn(turn.user, turn.assistant, learned=False) for turn in examples]
        for number, question in enumerate(asked, 1):
            last = number == count
            user = f"{question.text}\n\n{frame.reminder}" if last and frame.reminder else question.text
            turns.append(TrainingTurn(user, _reply(question, role, chance, counted)))
        yield TrainingConversation(role, frame.system, tuple(turns))


def _draw_role(chance: random.Random) -> str:
    if chance.random() < NO_ROLE_SHARE:
        return NO_ROLE
    return chance.choice([role for role in OPENINGS if role != NO_ROLE])


def _reply(question: TopicQuestion, role: str, chance: random.Random, counted: CorpusStatistics) -> str:
    clean = clean_reply(question, role, chance)
    reply, slips = add_slips(clean, chance)
    counted.replies += 1
    counted.weak_spots += weak_spots(clean)
    counted.broken_replies += bool(slips)
    counted.slips += slips
    return reply
