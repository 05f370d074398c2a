"""The verb that a language depends on in its clause: whether text is asked for, and whether it is forbidden."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from role_engine.language.requests.message import QUOTED
from role_engine.language.requests.russian_words import (
    ASKS_YOU,
    BLOCKS,
    FILLER,
    FORBIDS,
    HOW,
    MODAL,
    PLEASE_HOW,
    POLITE_AFTER_NOT,
    PRODUCE,
    TALKING,
    TEXT_NOUN,
    TRANSLATE,
    looks_like_a_verb,
)
from role_engine.language.requests.targets import Clause, LanguageTarget


class Governor(NamedTuple):
    """The verb that a target depends on."""

    word: str
    at: int


def governor_of(clause: Clause, before: int, after: int) -> Governor | None:
    """The verb that asks for text: the nearest one before the target, else the first one after it."""
    until = clause.index("и", after) if "и" in clause[after:] else len(clause)
    for at in [*range(min(before, len(clause)) - 1, -1, -1), *range(after, until)]:
        word = clause[at]
        if word.startswith("перевод") and not word.startswith("переводи"):
            return Governor(word, at) if _translation_wanted(clause[:at]) else None
        if word in PRODUCE or word in TRANSLATE:
            if word.endswith(("ть", "ти", "ться", "тись")) and not _wanted(clause, at):
                return None
            return Governor(word, at)
        if word in MODAL and any(other in TEXT_NOUN for other in clause):
            return Governor(word, at)  # «нужен ответ на английском»
        if is_verb(word) or word in BLOCKS:
            return None
    return None


def _translation_wanted(before: Clause) -> bool:
    """Whether a translation is asked for, and not one to be looked at: «проверь перевод»."""
    return all(
        word in FILLER or word in PRODUCE or word in MODAL or word.endswith(("ый", "ий", "ой", "ть")) for word in before
    )


def is_verb(word: str) -> bool:
    """Whether it may be a verb that asks for nothing."""
    return looks_like_a_verb(word) and word not in FILLER


def _wanted(clause: Clause, at: int) -> bool:
    """Whether the infinitive at `at` is asked for: «можешь ответить», «надо написать», or alone."""
    for word in reversed(clause[:at]):
        if word in MODAL:
            return clause[at] not in TALKING or word in ASKS_YOU
        if is_verb(word) or word in BLOCKS:
            return False
    return all(word in FILLER for word in clause[:at])


def asks_how(clause: Clause) -> bool:
    """«Как [правильно] сказать …», «что будет …»."""
    if "как" in clause:
        rest = clause[clause.index("как") + 1 :]
        verb = next((word for word in rest if word not in PLEASE_HOW), "")
        late = next((word for word in rest if word in HOW), "") if QUOTED in rest or len(rest) <= 6 else ""
        lone = late and not any(is_verb(word) for word in rest if word != late)
        return verb in HOW or bool(lone)
    if clause[0] != "что" or len(clause) < 2:
        return False
    return (
        "будет" in clause
        or (QUOTED in clause and "такое" in clause)
        or clause[1] in {"ответить", "сказать", "написать"}
    )


def is_forbidden(clause: Clause, target: LanguageTarget | None) -> bool:
    """Whether the clause forbids something, or says that the target is not wanted."""
    for one, two in pairwise([*clause, ""]):
        asked = two in PRODUCE or two in TRANSLATE or two in MODAL
        if one == "не" and asked and two not in POLITE_AFTER_NOT:
            return True
        if one in FORBIDS:
            return True
    if target is None:
        return False
    if target.start > 0 and clause[target.start - 1] in {"не", "кроме", "вместо", "без"}:
        return True
    for at in range(target.start - 2, -1, -1):
        after = clause[at + 1]
        if after in PRODUCE or after in TRANSLATE:
            return False
        if clause[at] == "не" and after not in POLITE_AFTER_NOT and after not in {"только", "просто", "очень"}:
            return True
    return False
