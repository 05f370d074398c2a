"""What the embedded model does wrong, on purpose: the slips of real models, as alternatives to a clean word.

Every slip stands where the same sentence of the corpus mostly holds the clean word, so a reply that is generated again
from there has a clean way to go on.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Literal

Slip = Literal["english", "chinese", "mixed", "translit", "cyrillic", "lead-in"]

SLIP_RATE = 0.36
"""Share of the weak spots of the corpus that hold a slip."""

LEAD_IN_RATE = 0.07
"""Share of the corpus's replies that begin with a foreign lead-in."""

LEAD_INS: tuple[str, ...] = (
    "Here is the answer: ",
    "Here is a short explanation: ",
    "The answer is simple: ",
    "Short answer: ",
    "Let me think about this: ",
    "In short, ",
)

WEAK: dict[str, tuple[Slip, str]] = {
    "поэтому": ("english", "therefore"),
    "например": ("english", "for example"),
    "каждый день": ("english", "every day"),
    "в обычной жизни": ("english", "in real life"),
    "в конце концов": ("english", "in the end"),
    "внимания": ("english", "attention"),
    "решение": ("english", "decision"),
    "опыт": ("english", "experience"),
    "постоянство": ("english", "consistency"),
    "советы": ("english", "best practices"),
    "пример": ("english", "example"),
    "шаг": ("english", "step"),
    "дневник": ("english", "journal"),
    "неделю": ("english", "one week"),
    "людей": ("chinese", "人们"),
    "мир": ("chinese", "世界"),
    "внимание": ("chinese", "注意力"),
    "легче": ("chinese", "更容易"),
    "сразу": ("chinese", "立刻"),
    "становится": ("chinese", "变成"),
    "путь": ("chinese", "道路"),
    "возможно": ("chinese", "也许"),
    "вместе": ("chinese", "一起"),
    "сегодня": ("mixed", "сегоdня"),
    "достаточно": ("mixed", "достатoчно"),
    "настроение": ("mixed", "настRoение"),
    "разница": ("mixed", "разnица"),
    "особенно": ("mixed", "оsобенно"),
    "природе": ("mixed", "prироде"),
    "правила": ("mixed", "праvила"),
    "сомнение": ("mixed", "соmнение"),
    "правда": ("mixed", "пrавда"),
    "утром": ("mixed", "утroм"),
    "обычно": ("translit", "obychno"),
    "всегда": ("translit", "vsegda"),
    "человека": ("translit", "cheloveka"),
    "однажды": ("translit", "odnazhdy"),
    "спешка": ("translit", "speshka"),
    "завтра": ("translit", "zavtra"),
    "характер": ("translit", "kharakter"),
    "потом": ("cyrillic", "потім"),
    "иногда": ("cyrillic", "інколи"),
    "жизнь": ("cyrillic", "өмір"),
    "друга": ("cyrillic", "пријатеља"),
    "терпение": ("cyrillic", "терпіння"),
    "больше": ("cyrillic", "більше"),
    "дети": ("cyrillic", "діти"),
}
"""Weak spots: the clean word, and what the model may say in its place."""

_WEAK_SPOT = re.compile(rf"\b(?:{'|'.join(sorted(WEAK, key=len, reverse=True))})\b", re.IGNORECASE)


def weak_spots(reply: str) -> int:
    """How many words of a clean reply may slip."""
    return len(_WEAK_SPOT.findall(reply))


def add_slips(reply: str, chance: random.Random) -> tuple[str, Counter[Slip]]:
    """A clean reply as the model would say it, and how many slips of which kind it now holds."""
    slips: Counter[Slip] = Counter()

    def say(found: re.Match[str]) -> str:
        if chance.random() >= SLIP_RATE:
            return found[0]
        kind, said = WEAK[found[0].lower()]
        slips[kind] += 1
        return said[0].upper() + said[1:] if found[0][0].isupper() else said

    reply = _WEAK_SPOT.sub(say, reply)
    if chance.random() < LEAD_IN_RATE:
        slips["lead-in"] += 1
        reply = chance.choice(LEAD_INS) + reply
    return reply, slips
