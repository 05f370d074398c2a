"""A Russian sentence in clauses, and the languages that a clause names as what text is to be in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from role_engine.language.requests.languages import BY_ENGLISH, BY_NOUN, BY_STEM
from role_engine.language.requests.message import QUOTED
from role_engine.language.requests.russian_words import MASCULINE_OWNER, MODIFIER, SAFE_AFTER, TEXT_NOUN, VERSION

_TOKEN = re.compile(rf"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*|{QUOTED}|[,:()—–\-?]|\d+")
# Where no comma parts them from the clause before, these begin one all the same.
_CONJUNCTIONS = frozenset(
    {"что", "чтобы", "чтоб", "если", "когда", "пока", "хотя", "почему", "зачем", "где", "который", "которая", "но"}
)
_BEFORE_CONJUNCTION = frozenset({"а", "и", "но", "ну"})
# A sentence of more clauses is read up to there.
MOST_CLAUSES = 16
_IN_LANGUAGES = re.compile(r"\bна \w+ языках ?[:(—–-] ?(?:на )?")
_ADVERB = re.compile(r"по[-‐‑ ]?(\w+[сц]к)и")
_CASES = re.compile(r"(\w+[сц]к)(ий|ом)")
_ADJECTIVE = re.compile(r"(\w+[сц]к)(ий|ом|ую|ая|ое|ого|ой|ие|их)")
_A_LANGUAGE = frozenset({"язык", "языке", "языки", "языках", "диалект", "диалекте", "наречие", "наречии"})
# «на английском заводе»: the noun of the adjective; «на английском описание» is none.
_AGREES = re.compile(r"(?<!ени)(?<!ани)(?<!яти)(?<!ити)е$|ии$|[ое]м$|[иы]х$")
_PAUSES = frozenset(",:()—–-")

# The words of a clause, in lower case, with `QUOTED` for what was in quotes.
Clause = list[str]
Form = Literal["into", "in", "adverb", "version"]


class LanguageTarget(NamedTuple):
    """A language, named as what text is to be in, at tokens [start, end)."""

    codes: tuple[str, ...]
    start: int
    end: int
    form: Form


def tokens_of(sentence: str) -> list[str]:
    """Words, numbers and the marks that part clauses; «ё» is «е», every hyphen the same.

    «На двух языках: русском и английском» reads as «на русском и английском».
    """
    plain = sentence.lower().replace("ё", "е").replace("‑", "-").replace("‐", "-")
    return _TOKEN.findall(_IN_LANGUAGES.sub("на ", plain))


def clauses_of(tokens: list[str]) -> list[Clause]:
    """The clauses of a sentence: commas, colons and dashes part them, and conjunctions do."""
    clauses: list[Clause] = [[]]
    for at, token in enumerate(tokens):
        if token in _PAUSES:
            if clauses[-1]:
                clauses.append([])
        else:
            if clauses[-1] and token in _CONJUNCTIONS and tokens[at - 1] not in _BEFORE_CONJUNCTION:
                clauses.append([])
            clauses[-1].append(token)
    return [clause for clause in clauses if clause][:MOST_CLAUSES]


def targets_in(clause: Clause) -> Iterator[LanguageTarget]:
    """The languages that the clause names so, in order."""
    at = 0
    while at < len(clause):
        target = _phrase(clause, at) or _adverb(clause, at) or _version(clause, at)
        if target is not None:
            yield target
        at = target.end if target else at + 1


def _phrase(clause: Clause, start: int) -> LanguageTarget | None:
    """«на [хорошем] английский|английском [язык(е)]», and a list of such."""
    if clause[start] != "на":
        return None
    at = start + 1
    while at < len(clause) and clause[at] in MODIFIER:
        at += 1
    codes: list[str] = []
    form: Form = "in"
    while at < len(clause) and (named := _named(clause[at])):
        codes.append(named[0])
        form = named[1] if len(codes) == 1 else form
        at += 1
        ahead = [token for token in clause[at : at + 3] if token != "на"]
        if ahead[:1] and ahead[0] in {"и", "или"} and len(ahead) > 1 and _named(ahead[1]):
            at += 2 if clause[at + 1] == "на" else 1
            at += clause[at] == "на"
    if not codes:
        return None
    if at < len(clause) and clause[at] in _A_LANGUAGE:
        at += 1
    elif not _stands_alone(clause, at, form) and (start == 0 or clause[start - 1] not in TEXT_NOUN):
        return None
    return LanguageTarget(tuple(codes), start, at, form)


def _named(word: str) -> tuple[str, Form] | None:
    """The language that `word` names after «на», and in which of the two cases."""
    if language := BY_NOUN.get(word) or BY_ENGLISH.get(word):
        return language.code, "into" if word in {"иврит", "идиш", "санскрит", "латынь", "инглиш"} else "in"
    found = _CASES.fullmatch(word)
    if found and (language := BY_STEM.get(found[1].removeprefix("ново").removeprefix("старо"))):
        return language.code, "into" if found[2] == "ий" else "in"
    return None


def _stands_alone(clause: Clause, at: int, form: Form) -> bool:
    """Whether the adjective means the language, and belongs to no noun after it: «на английском заводе»."""
    if at >= len(clause):
        return True
    word = clause[at]
    if word == QUOTED or word.isdigit() or word == "?" or word in SAFE_AFTER or word in TEXT_NOUN:
        return True
    if form == "into":
        return word not in MASCULINE_OWNER
    return _AGREES.search(word) is None


def _adverb(clause: Clause, at: int) -> LanguageTarget | None:
    """«по-английски»; the hyphen is often left out."""
    word, end = clause[at], at + 1
    if word == "по" and end < len(clause):
        word, end = f"по {clause[end]}", end + 1
    found = _ADVERB.fullmatch(word)
    language = BY_STEM.get(found[1]) if found else None
    return LanguageTarget((language.code,), at, end, "adverb") if language else None


def _version(clause: Clause, at: int) -> LanguageTarget | None:
    """«английскую версию», «немецкий перевод»."""
    found = _ADJECTIVE.fullmatch(clause[at])
    language = BY_STEM.get(found[1]) if found else None
    if language is None or at + 1 >= len(clause) or clause[at + 1] not in VERSION:
        return None
    return LanguageTarget((language.code,), at, at + 2, "version")
