"""A model that speaks Russian and slips: an engine for benchmarks, the same on every machine and in every run."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from role_engine.backends.base import GenerationRequest

SENTENCES = (
    "Утром над рекой стоял туман, и лодки казались нарисованными.",
    "Мастер долго молчал, а потом сказал, что часы ещё походят.",
    "Чтобы решить задачу, сначала назовите то, что вам известно.",
    "В доме пахло хлебом, мокрой шерстью и старыми книгами.",
    "Если мост построен верно, он держит и того, кто в нём сомневается.",
    "Память хранит не события, а рассказы о них.",
    "Дети спорили, сколько звёзд видно из одного окна.",
    "Сначала проверьте крепления, затем подайте напряжение и подождите минуту.",
    "Старый сад зарос, но яблони в нём по-прежнему плодоносили.",
    "Хороший вопрос стоит дороже десяти торопливых ответов.",
    "Поезд опаздывал, и на станции понемногу разговорились все.",
    "Мы записали три довода «за» и один довод «против».",
)

SLIPS = ("建立", "внезапно建立", "healthy fats", "ногami", "Here is", "рyчка", "مرحبا", "Summary:", "привiт", "データ")
"""What it slips into, of the kinds that real models do."""

SLIP_RATE = 0.02
"""Share of words before which it slips: about three of four replies of 80 words hold one."""

_TOKEN = re.compile(r"\s?\w{1,4}|\s?[^\w\s]|\s")


def reply_text(number: int, words: int) -> str:
    """The clean text of the reply of that number."""
    order = random.Random(number)
    said: list[str] = []
    while len(said) < words:
        said += order.choice(SENTENCES).split()
    return " ".join(said[:words])


def tokens_of(text: str) -> list[str]:
    """Pieces of up to four letters, the space before them included: about what a vocabulary makes of Russian."""
    return _TOKEN.findall(text)


class LeakyModel:
    """The script function of a `ReplayBackend`: goes on after `request.prefix`, and slips anew on every attempt."""

    def __init__(self, number: int, words: int, *, slip_rate: float = SLIP_RATE) -> None:
        self._number = number
        self._words = reply_text(number, words).split(" ")
        self._slip_rate = slip_rate

    def __call__(self, request: GenerationRequest) -> Iterator[str]:
        said = len(request.prefix.split())
        chance = random.Random(f"{self._number}/{request.seed}/{said}")
        text = []
        for word in self._words[said:]:
            if chance.random() < self._slip_rate:
                text.append(chance.choice(SLIPS))
            text.append(word)
        whole = " ".join(text)
        return iter(tokens_of(f" {whole}" if request.prefix and whole else whole))
