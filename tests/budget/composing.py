"""Roles of any length, and a book of three hundred pages, out of the embedded model's grammar of sentences."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer

from role_engine.embedded import MODEL
from role_engine.roles import Role
from tools.embedded_model.questions import slots_of
from tools.embedded_model.sentences import BODY
from tools.embedded_model.topics import TOPICS

BOOK_TOKENS = 170_000


@cache
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))


def count(text: str) -> int:
    return len(tokenizer().encode(text, add_special_tokens=False).ids)


def starts(text: str) -> list[int]:
    return [start for start, _ in tokenizer().encode(text, add_special_tokens=False).offsets]


def paragraphs(seed: int) -> Iterator[tuple[str, str]]:
    """Topic and a paragraph about it, without end."""
    chance = random.Random(seed)
    bodies = [sentence for sentences in BODY.values() for sentence in sentences]
    while True:
        topic = chance.choice(TOPICS)
        slots = slots_of(topic)
        fits = []
        for sentence in chance.sample(bodies, 20):
            try:
                fits.append(sentence.format(**slots))
            except KeyError:  # it speaks of two things
                continue
        yield topic.name, " ".join(fits[:6])


def prose(tokens: int, seed: int = 1) -> str:
    """Paragraphs of about so many tokens, never more."""
    taken: list[str] = []
    left = tokens
    for _, paragraph in paragraphs(seed):
        left -= count(paragraph) + 2
        if left < 0:
            return "\n\n".join(taken)
        taken.append(paragraph)
    raise AssertionError


@cache
def book() -> str:
    """Three hundred pages in thirty chapters, some 170,000 tokens."""
    source = paragraphs(7)
    parts, tokens = ["# Книга о простых вещах\n\nТы — рассказчик этой книги и говоришь её словами."], 0
    for number in itertools.count(1):
        chapter = [next(source) for _ in range(60)]
        text = f"## Глава {number}. {chapter[0][0].capitalize()}\n\n" + "\n\n".join(body for _, body in chapter)
        tokens += count(text)
        if tokens > BOOK_TOKENS:
            return "\n\n".join(parts)
        parts.append(text)
    raise AssertionError


def short_role() -> Role:
    """Of some 300 tokens."""
    return _role("short", f"Ты — рассказчик.\n\n{prose(230)}")


def long_role() -> Role:
    """Of some 6,000 tokens."""
    return _role("long", f"Ты — рассказчик.\n\n{prose(5600)}\n\n## Примеры речи\n\n{prose(300, seed=3)}")


def book_role(folder: Path) -> Role:
    file = folder / "book.md"
    if not file.exists():
        file.write_text(book(), encoding="utf-8")
    return _role("book", book()).model_copy(update={"system_file": file})


def _role(role_id: str, system: str) -> Role:
    return Role.model_validate(
        {
            "id": role_id,
            "name": "Рассказчик",
            "system": system,
            "reminder": "Отвечай только по-русски.",
            "negative": ["Не отвечай на английском.", "✅ Пиши кириллицей."],
            "examples": [{"user": "Кто ты?", "assistant": "Я рассказчик."}],
        }
    )
