"""Puts into texts by Russian authors what such authors leave in Latin letters, where the texts hold too little of it.

Kinds: inline code without its marks («const, а не let», as plain text has it), scientific and learned Latin, and what
stands on keys and buttons. `fit_evidence.py` learns from them what to leave alone.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from made_text import MadeText, replace

_CODE_WORD = re.compile(r"`([A-Za-z][A-Za-z\-]{1,20})`")
_WORD = re.compile("[А-Яа-яЁё]+")
_KIND_OF_LIFE = (
    "вид", "растение", "бактерия", "гриб", "рыба", "птица", "насекомое", "возбудитель", "организм", "штамм",
)  # fmt: skip
_MEDICAL = ("диагноз", "мышца", "сосуд", "артерия", "нерв", "кость", "препарат", "заболевание", "синдром")
_LEGAL = ("принцип", "правило", "формула", "оговорка", "понятие", "учение о", "выражение", "латинское")
_ON_SCREEN = (
    "Нажмите {}.", "Нажмите кнопку {}.", "Нажмите {} и подождите.", "Выберите пункт {}.", "Откройте вкладку {}.",
    "Кнопка {} внизу.", "В поле {} введите имя.", "Установите флажок {}.",
    "Перейдите в раздел {} и сохраните изменения.", "Выбрав {}, вы удалите файл.", "Удерживайте {} и нажмите {}.",
    "Нажмите {}, а потом {}.", "В меню {} выберите {}.", "Откройте {} → {}.", "Пункт {} недоступен.",
)  # fmt: skip


class Authors:
    """Makes texts with words that an author would leave.

    Args:
        terms: `terms.txt`.
        seed: the same seed makes the same texts.
    """

    def __init__(self, terms: Path, seed: int) -> None:
        self._random = random.Random(seed)
        marks = [line.rstrip("\n").split("\t") for line in terms.open(encoding="utf-8")]
        plain = [(word, mark) for word, mark in marks if re.fullmatch("[a-z]{3,16}", word)]
        self._science = [word for word, mark in plain if "s" in mark]
        self._epithets = [word for word in self._science if re.search("(?:us|um|is|ii|ae|ens|a)$", word)]
        self._learned = [word for word, mark in plain if "l" in mark]
        self._labels = [word for word, mark in plain if "u" in mark]

    def unwrap(self, text: str) -> list[MadeText]:
        """The text with one code word out of its marks, for each that it has."""
        found = []
        for code in _CODE_WORD.finditer(text):
            found.append(replace(text, code.start(), code.end(), code[1]))
        return found

    def latin(self, text: str) -> MadeText | None:
        """Scientific or learned Latin in place of a word, in brackets behind one, or introduced by a noun."""
        words = list(_WORD.finditer(text))
        if len(words) < 5:
            return None
        at = self._random.randrange(1, len(words))
        phrase, introduced = self._phrase()
        word = words[at]
        form = self._random.choice(("instead", "brackets", "introduced", "begins", "dash"))
        if form == "begins":
            first = _WORD.match(text)
            if first is None:
                return None
            phrase = phrase[0].upper() + phrase[1:]
            return replace(text, 0, first.end(), phrase)
        if form == "brackets":
            start = word.end() + 2
            return MadeText(f"{text[: word.end()]} ({phrase}){text[word.end() :]}", start, start + len(phrase))
        lead = {"introduced": f"{introduced} ", "dash": "— "}.get(form, "")
        start = word.start() + len(lead)
        return MadeText(text[: word.start()] + lead + phrase + text[word.end() :], start, start + len(phrase))

    def _phrase(self) -> tuple[str, str]:
        """A phrase of Latin, and a Russian noun that may introduce it."""
        choose = self._random.choice
        kind = self._random.random()
        if kind < 0.45:
            genus = choose(self._science).capitalize()
            if self._random.random() < 0.2:
                genus = genus[0] + "."
            epithets = [choose(self._epithets) for _ in range(self._random.choice((1, 1, 1, 2)))]
            return " ".join([genus, *epithets]), choose(_KIND_OF_LIFE)
        if kind < 0.65:
            words = [choose(self._science) for _ in range(self._random.choice((2, 2, 3)))]
            return " ".join(words), choose(_MEDICAL)
        words = [choose(self._learned) for _ in range(self._random.choice((2, 2, 3, 4)))]
        if self._random.random() < 0.3:
            words[1:1] = [choose(("in", "per", "ad", "de", "ex", "sine", "pro", "et"))]
        return " ".join(words), choose(_LEGAL)

    def label(self) -> list[MadeText]:
        """A sentence of a manual with labels of a screen, once for each of its labels."""
        pattern = self._random.choice(_ON_SCREEN)
        labels = [self._label() for _ in range(pattern.count("{}"))]
        text, found = "", []
        for piece, label in zip(pattern.split("{}"), [*labels, ""], strict=True):
            text += piece
            found.append((len(text), len(text) + len(label)))
            text += label
        return [MadeText(text, start, end) for start, end in found if end > start]

    def _label(self) -> str:
        words = [self._random.choice(self._labels) for _ in range(self._random.choice((1, 1, 1, 2)))]
        return " ".join(words).title() if self._random.random() < 0.6 else " ".join(words).capitalize()
