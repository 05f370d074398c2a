"""What the user's messages ask for in another language, if anything: text, or words that the reply is about.

The last message asks; one that only goes on with what was asked before («а ещё три примера», “went”) asks for the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from role_engine.language.requests.languages import BY_CODE, RUSSIAN
from role_engine.language.requests.message import ends_of, without_handed_over

# A message that has none of these is about no foreign words: letters that are not Russian, or what lessons are called.
_MAY_BE_ABOUT_WORDS = re.compile(
    r"[^\W\d_А-Яа-яЁё]|(?i:неправильн|фразов|модальн|вспомогательн|артикл|герунди|презент|паст |перфект|континиус"
    r"|промп?т|никнейм|ник |юзернейм|латини|коммит|инглиш|мидж|\w[сц]к(?:ий|ого|ому|ом|им|ие|их|ая|ую|ое|ой|и)\b|латын"
    r"|эсперанто|суахили|фарси|урду|иврит|идиш|хинди|санскрит|бенгали|\bангл\b)"
)
# Russian handed over with fewer letters may well be part of the question.
_LONGEST_ASIDE = 20
_A_CYRILLIC = re.compile("[А-Яа-яЁё]")
_IN_RUSSIAN = re.compile(r"по[- ]русски|на русск|русском|in russian")
# How many messages back one may be gone on with.
MOST_FOLLOW_UPS = 4


class LanguageRequest(NamedTuple):
    """A request.

    Attributes:
        codes: ISO 639-1 codes of the languages that it asks for, other than Russian; one at least.
        about_words: foreign words are what it is about; they stand inside Russian sentences then.
        named: the foreign words that the user named, in lower case.
    """

    codes: tuple[str, ...]
    about_words: bool = False
    named: frozenset[str] = frozenset()


def request_in(messages: Sequence[str]) -> LanguageRequest | None:
    """What the conversation asks for now; `messages` are the user's, oldest first."""
    if not messages or not messages[-1]:
        return None
    found = _asked(messages[-1])
    if found is not None or len(messages) == 1:
        return found
    from role_engine.language.requests.follow_ups import follows_up, is_about_the_words, is_thanks

    last = messages[-1]
    goes_on = follows_up(last)
    if not goes_on and not is_about_the_words(last):
        return None
    # «Теперь по-русски» asks for no more translations, but may well ask for more of a lesson.
    only_words = not goes_on or _IN_RUSSIAN.search(last.lower()) is not None
    for message in list(reversed(messages[:-1]))[:MOST_FOLLOW_UPS]:
        if found := _asked(message):
            return None if only_words and not found.about_words else found
        if not (follows_up(message) or is_about_the_words(message) or is_thanks(message)):
            return None
    return None


def _asked(message: str) -> LanguageRequest | None:
    from role_engine.language.requests import find_requested_languages

    codes = find_requested_languages(message)
    about = _about_words(message) if _MAY_BE_ABOUT_WORDS.search(message[:1200] + message[-600:]) else None
    if about is None:
        return LanguageRequest(codes, _explains(message)) if codes else None
    return LanguageRequest((*codes, *(code for code in about.codes if code not in codes)), True, about.named)


def _about_words(message: str) -> LanguageRequest | None:
    """A question about foreign words, a lesson, a text for the world: what it asks for."""
    for part in ends_of(message):
        if about := _about_words_in(part):
            return about
    return None


def _explains(message: str) -> bool:
    """Whether a translation is asked for that the reply will explain."""
    from role_engine.language.requests.lessons import asks_how_to_say

    return any(asks_how_to_say(part.lower().replace("ё", "е")) for part in ends_of(message))


def _about_words_in(part: str) -> LanguageRequest | None:
    from role_engine.language.requests.for_the_world import asks_for_the_world
    from role_engine.language.requests.foreign_words import read_foreign
    from role_engine.language.requests.lessons import (
        asks_for_lesson,
        asks_to_correct,
        forbids_foreign_words,
        is_about_programs,
        languages_named,
    )
    from role_engine.language.requests.words_asked import asks_about_words
    from role_engine.language.requests.words_asked_in_english import (
        asks_about_words_in_english,
        language_named_in_english,
    )

    foreign = read_foreign(part)
    own = _own(foreign.text)
    if forbids_foreign_words(own):
        return None
    named = [code for code in languages_named(own) if code != RUSSIAN]
    plain = part.lower().replace("ё", "е")
    if asks_for_the_world(_own(plain)):
        return LanguageRequest(tuple(named) or ("en",), True, foreign.words)
    if is_about_programs(own):
        return None
    if _A_CYRILLIC.search(own) and (
        asks_about_words(own) or asks_for_lesson(own) or asks_to_correct(own, len(foreign.words))
    ):
        return LanguageRequest(_codes(named, foreign.language, foreign.term), True, foreign.words)
    if asks_about_words_in_english(plain):
        code = language_named_in_english(plain) or foreign.term or foreign.language or "en"
        return LanguageRequest((code,), True, foreign.words)
    return None


def _codes(named: list[str], guessed: str | None, term: str | None) -> tuple[str, ...]:
    """The languages that the words may be in: those that the message names, else the one that they look like."""
    codes = list(named)
    if guessed and (
        not codes or not set(BY_CODE[guessed].scripts) & {s for code in codes for s in BY_CODE[code].scripts}
    ):
        codes.append(guessed)
    return tuple(dict.fromkeys(codes)) or (term or "en",)


def _own(text: str) -> str:
    """`text` without what it hands over, where that is Russian: «Перескажи текст: …»."""
    own = without_handed_over(text)
    left = len(_A_CYRILLIC.findall(text)) - len(_A_CYRILLIC.findall(own))
    return own if left > _LONGEST_ASIDE else text
