"""What the embedded model can be asked, and what it was never asked while it learned."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from role_engine.embedded import DEMO_QUESTIONS
from tools.embedded_model.sentences import Intent
from tools.embedded_model.topics import TOPICS, Topic

HELD_OUT_SINGLE = 170
HELD_OUT_PAIRS = 70
_HELD_OUT_SEED = 2048

SINGLE: dict[Intent, tuple[str, ...]] = {
    "what": (
        "Что такое {n}?",
        "Объясни, что такое {n}.",
        "Расскажи {about}.",
        "Расскажи коротко {about}.",
        "Что ты думаешь {about}?",
        "Как бы ты описал {a}?",
        "Что значит для тебя {n}?",
        "Дай определение: {n}.",
        "Что люди называют словом «{n}»?",
    ),
    "why": (
        "Зачем человеку {n}?",
        "Зачем {need} {n}?",
        "Почему {n} {dear} для людей?",
        "Почему люди говорят {about}?",
        "Что даёт нам {n}?",
        "За что люди ценят {a}?",
        "Чем {dear} {n} в обычной жизни?",
    ),
    "how": (
        "Как относиться к {d}?",
        "Дай совет {about}.",
        "Как понять {a}?",
        "Что делать, когда не хватает {g}?",
        "Как найти место для {g}?",
        "С чего начать, если меня занимает {n}?",
        "Как научиться ценить {a}?",
        "Как рассказать ребёнку {about}?",
    ),
    "doubt": (
        "Можно ли жить без {g}?",
        "Правда ли, что {n} меняет человека?",
        "Всем ли {need} {n}?",
        "Бывает ли слишком много {g}?",
        "Стоит ли думать {about}?",
    ),
    "pair": (),
}

PAIR: tuple[str, ...] = (
    "Как связаны {n} и {n2}?",
    "Что важнее: {n} или {n2}?",
    "Сравни {a} и {a2}.",
    "Что общего у {g} и {g2}?",
    "Может ли {n} заменить {a2}?",
)


@dataclass(frozen=True, slots=True)
class TopicQuestion:
    """One question, and what a reply has to be about."""

    text: str
    intent: Intent
    topic: Topic
    second: Topic | None = None

    @property
    def slots(self) -> dict[str, str]:
        """What the sentence patterns of a reply may name."""
        return slots_of(self.topic, self.second)


def slots_of(topic: Topic, second: Topic | None = None) -> dict[str, str]:
    return topic.slots() | (second.slots("2") if second else {})


@cache
def all_questions() -> tuple[TopicQuestion, ...]:
    """Every question there is, those about one topic first."""
    single = [
        TopicQuestion(pattern.format(**topic.slots()), intent, topic)
        for intent, patterns in SINGLE.items()
        for pattern in patterns
        for topic in TOPICS
    ]
    pairs = [
        TopicQuestion(pattern.format(**slots_of(topic, second)), "pair", topic, second)
        for pattern in PAIR
        for topic in TOPICS
        for second in TOPICS
        if topic is not second
    ]
    return (*single, *pairs)


@cache
def list_held_out() -> tuple[str, ...]:
    """The questions that the training corpus holds in no form, the demo's first; the same on every call."""
    chance = random.Random(_HELD_OUT_SEED)
    single = [question.text for question in all_questions() if question.second is None]
    pairs = [question.text for question in all_questions() if question.second is not None]
    drawn = chance.sample(single, HELD_OUT_SINGLE) + chance.sample(pairs, HELD_OUT_PAIRS)
    return tuple(dict.fromkeys((*DEMO_QUESTIONS, *drawn)))


@cache
def list_taught() -> tuple[TopicQuestion, ...]:
    """The questions that the corpus may ask."""
    hidden = set(list_held_out())
    return tuple(question for question in all_questions() if question.text not in hidden)
