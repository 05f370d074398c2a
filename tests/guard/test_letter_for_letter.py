"""Replies with commands, queries, settings, moves and chords: delivered letter for letter, in one attempt.

`letter_for_letter.txt` has the pieces; here they are put into running text, into a list, a fence and a table.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from role_engine.backends.base import GenerationRequest
from role_engine.backends.replay import ReplayBackend
from role_engine.guard import guarded_stream
from role_engine.language import LanguagePolicy

POLICY = LanguagePolicy(mode="balanced")
_HERE = Path(__file__).parent

# In each, `{noun}` is what the code is («команда»), `{code}` the code, `{does}` what it does.
_INLINE = (
    "{Noun} `{code}` {does}.",
    "Здесь поможет `{code}`: эта строка {does}.",
    "Вот что нужно: `{code}`. Она {does}, и больше ничего не требуется.",
    "1. Откройте окно.\n2. Введите `{code}` — строка {does}.\n3. Дождитесь ответа.",
)
_FENCED = (
    "{Noun} ниже {does}:\n\n```{tag}\n{code}\n```\n\nГотово.",
    "Сделайте так:\n\n```\n{code}\n```\n\nЭта строка {does}.",
)
_TABLE = (
    "| {Noun} | Что делает |\n| --- | --- |\n| `{code}` | {does} |\n\nОстальное в таблицу не вошло.",
    "Коротко:\n\n- `{code}` — {does};\n- остальное не нужно.",
)
_INDENTED = ("Пример:\n\n    {code}\n\nЭта строка {does}.",)


def _sections() -> Iterator[tuple[str, str, str]]:
    """(section, noun, line) of the table."""
    section = noun = ""
    for line in (_HERE / "letter_for_letter.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section, _, noun = line[1:].partition("]")
        elif line and not line.startswith("#"):
            yield section, noun.strip(), line


def _replies() -> Iterator[str]:
    """What stands in code marks, in every place, and small shapes in running text."""
    for number, (section, noun, line) in enumerate(_sections()):
        if section == "shapes":
            yield line
            yield f"- {line}\n- Второй пункт без них.\n\nИтог: {line}"
        if not noun:
            continue
        code, _, does = line.rpartition(" = ")
        for places in (_INLINE, _INLINE[::-1], _FENCED, _TABLE, _INDENTED):
            reply = places[number % len(places)]
            in_table = "| `" in reply and "|" in code
            if not in_table:
                yield reply.format(Noun=noun, noun=noun.lower(), code=code, does=does, tag=section)


REPLIES = sorted(set(_replies()))
WORDS = [line for section, _, line in _sections() if section == "words"]


def delivered_in_one_attempt(reply: str, seed: int) -> None:
    """Split at random places, the whole reply comes out of the first attempt."""
    places = random.Random(seed)
    cuts = sorted(places.sample(range(1, len(reply)), min(len(reply) - 1, places.randint(0, 24))))
    pieces = [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    stream = guarded_stream(ReplayBackend([pieces]), GenerationRequest(policy=POLICY, max_tokens=1000))
    assert "".join(stream) == reply
    assert stream.report.attempts == 1 and not stream.report.rejected and not stream.report.failed


def test_there_are_enough_of_them() -> None:
    assert len(REPLIES) >= 300


@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_with_code_is_delivered_as_it_is(reply: str) -> None:
    delivered_in_one_attempt(reply, seed=len(reply))


@pytest.mark.parametrize("reply", WORDS)
def test_a_reply_with_terms_in_running_text_is_delivered_as_it_is(reply: str) -> None:
    delivered_in_one_attempt(reply, seed=len(reply))


@pytest.mark.parametrize("reply", [*REPLIES, *WORDS])
def test_the_mask_lets_every_character_of_it_through(reply: str) -> None:
    from role_engine.decoder.automaton import automaton, read

    masks = automaton(POLICY)
    state = read(masks, reply)
    assert state is not None, next(reply[:at] for at in range(len(reply)) if read(masks, reply[: at + 1]) is None)
    assert masks.accepts(state)
