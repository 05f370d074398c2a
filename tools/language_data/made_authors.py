"""What Russian authors leave in Latin letters, where the texts that are counted hold too little of it.

Keywords and commands out of inline code («const, а не let», as plain text has it), and what stands on keys and buttons.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from made_text import MadeText, replace

_CODE_WORD = re.compile(r"`([A-Za-z][A-Za-z\-]{1,20})`")
_ON_SCREEN = """
Нажмите {}. | Нажмите кнопку {}. | Нажмите {} и подождите. | Выберите пункт {}. | Откройте вкладку {}.
| Кнопка {} внизу. | В поле {} введите имя. | Установите флажок {}. | Перейдите в раздел {} и сохраните изменения.
| Выбрав {}, вы удалите файл. | Удерживайте {} и нажмите {}. | Нажмите {}, а потом {}. | В меню {} выберите {}.
| Откройте {} → {}. | Пункт {} недоступен.
"""
PATTERNS = tuple(" ".join(pattern.split()) for pattern in _ON_SCREEN.split("|"))


class Authors:
    """Makes texts with words that an author would leave.

    Args:
        terms: `terms.txt`.
    """

    def __init__(self, terms: Path, seed: int) -> None:
        self._random = random.Random(seed)
        marks = dict(line.split("\t") for line in terms.read_text("utf-8").splitlines())
        self._labels = [word for word, mark in marks.items() if "u" in mark and re.fullmatch("[a-z]{3,16}", word)]
        self._code = {word for word, mark in marks.items() if set(mark) & set("kc") and "q" not in mark}

    def unwrap(self, text: str) -> list[MadeText]:
        """The text with one keyword or command out of its marks, for each that it has."""
        found = []
        for code in _CODE_WORD.finditer(text):
            if code[1].casefold() in self._code:
                found.append(replace(text, *code.span(), code[1]))
        return found

    def label(self) -> list[MadeText]:
        """A sentence of a manual with what stands on a screen, once for each label in it."""
        pattern = self._random.choice(PATTERNS)
        labels = [self._label() for _ in range(pattern.count("{}"))]
        text, spans = "", []
        for piece, label in zip(pattern.split("{}"), [*labels, ""], strict=True):
            text += piece
            spans.append((len(text), len(text) + len(label)))
            text += label
        return [MadeText(text, start, end) for start, end in spans if end > start]

    def _label(self) -> str:
        words = [self._random.choice(self._labels) for _ in range(self._random.choice((1, 1, 1, 2)))]
        return " ".join(words).title() if self._random.random() < 0.6 else " ".join(words).capitalize()
