"""Requests in Russian: «переведи на английский», «ответь по-китайски», «нужна немецкая версия».

A sentence is cut into clauses. A clause asks for a language if it names one the way a target is named («на …ский»,
«на …ском», «по-…ски») and a verb that asks for text governs it; what negates, asks why or tells of somebody's habits
does not ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from role_engine.language.requests.governors import Governor, asks_how, governor_of, is_forbidden, is_verb
from role_engine.language.requests.languages import BY_STEM, RUSSIAN
from role_engine.language.requests.message import QUOTED
from role_engine.language.requests.russian_words import (
    ASK,
    ASKS_YOU,
    BLOCKS,
    CONDITION,
    DEVICE,
    DISH,
    FILLER,
    MODAL,
    PRODUCE,
    QUESTION,
    RELATIVE,
    RESOURCE,
    TELL,
    TEXT_NOUN,
    THAT_PAST,
    TRANSLATE,
)
from role_engine.language.requests.targets import Clause, LanguageTarget, clauses_of, targets_in, tokens_of

# «Язык ответа: английский», «используй только английский язык».
_SETTING = re.compile(
    r"(?:^язык(?: (?:ответа|ответов|перевода|письма|текста|общения|вывода|беседы|диалога))? [:—–-]"
    r"|(?<!не )\bиспользу(?:й|йте|я)(?: только| лишь)?) (\w+[сц]к)ий(?= язык|$| [,?)(:])"
)
_PREPOSITIONS = frozenset({"о", "об", "про", "в", "из", "к", "по", "для", "с", "у", "от", "на"})
_MADE = re.compile(r"\w*(?:нн|снят|вышедш|спет)(?:ый|ая|ое|ые|ого|ой|ую|ых|ым|ыми|ом|их|ие|ее|ую|им|ими)")
_THAT = frozenset({"чтобы", "чтоб"})
_HE = frozenset({"он", "она", "оно", "они"})
_PLEASE = frozenset({"пожалуйста", "плиз", "пж"})


def find_asked_in_russian(sentence: str) -> Iterator[str]:
    """Codes of the languages that the sentence asks for text in."""
    tokens = tokens_of(sentence)
    for language in _SETTING.findall(" ".join(tokens)):
        if language in BY_STEM and language != "русск":
            yield BY_STEM[language].code
    clauses = clauses_of(tokens)
    for at, clause in enumerate(clauses):
        for target in targets_in(clause):
            foreign = [code for code in target.codes if code != RUSSIAN]
            if foreign and _asks(clauses, at, target):
                yield from foreign


def _asks(clauses: list[Clause], at: int, target: LanguageTarget) -> bool:  # noqa: C901 - the rules of asking, in the order in which they count
    clause = clauses[at]
    if is_forbidden(clause, target):
        return False
    answer = _in_clause(clause, target)
    if answer is not None:
        return answer and not _is_dish(clause, target)
    if clause[0] in CONDITION or clause[0] in RELATIVE or set(clause) & QUESTION:
        return False
    if clause[0] in _THAT:
        wished = at > 0 and any(word in MODAL or word in PRODUCE for word in clauses[at - 1])
        return wished and not is_forbidden(clauses[at - 1], None) and any(word in THAT_PAST for word in clause)
    if any(is_verb(word) for word in clause) or clause[0] in _HE:
        return False
    bare = all(word in FILLER for word in clause[: target.start] + clause[target.end :])
    for near in (*range(at - 1, -1, -1), *(range(at + 1, len(clauses)) if bare else ())):
        other = clauses[near]
        if other[0] in RELATIVE or other[0] in CONDITION or other[0] in {"что", "чтобы", "где"}:
            continue
        if is_forbidden(other, None) or (set(other) & QUESTION and not asks_how(other)):
            return False
        governor = governor_of(other, len(other), len(other)) if near < at else governor_of(other, 0, 0)
        if governor is not None:
            if near == at - 1 and governor.word in TELL and _is_made(clause[0]) and other[-1] in RESOURCE:
                return False  # «расскажи о книгах, написанных на английском»
            return _may_govern(governor, other, target) and not _is_dish(clause, target)
        if any(is_verb(word) for word in other):
            return False
    return _elliptic(clauses, target)


def _in_clause(clause: Clause, target: LanguageTarget) -> bool | None:
    """Whether the target's own clause asks; None where it has no verb to tell by."""
    if asks_how(clause):
        return target.form != "version" and not (target.form == "into" and _moves_a_device(clause))
    if clause[0] == "как":  # «как по-английски „кошка“», «как „кошка“ по-английски»
        named = target.start == 1 or QUOTED in clause
        return named and not any(is_verb(word) for word in clause)
    if clause[0] in _THAT or clause[0] in CONDITION or clause[0] in RELATIVE:
        return None
    governor = governor_of(clause, target.start, target.end)
    if governor is None:
        return False if set(clause) & QUESTION else None
    if set(clause[: governor.at]) & QUESTION and not any(word in ASKS_YOU for word in clause):
        return False
    if target.form == "in" and governor.word in TELL and _of_a_resource(clause, target):
        return False
    if target.form == "in" and governor.word in TELL and _russian_too(clause):
        return False  # «перескажи по-русски статью на английском»
    return _may_govern(governor, clause, target)


def _russian_too(clause: Clause) -> bool:
    return any(target.codes == (RUSSIAN,) for target in targets_in(clause))


def _may_govern(governor: Governor, clause: Clause, target: LanguageTarget) -> bool:
    """Whether the verb goes with the way in which the language is named."""
    if governor.at == 0 and governor.word == "перевод" and _goes_on(clause, target):
        return False
    if target.form == "into":
        return governor.word in TRANSLATE and not _moves_a_device(clause)
    return target.form != "version" or governor.word in ASK


def _is_dish(clause: Clause, target: LanguageTarget) -> bool:
    """«Мясо по-французски», «свадьба по-итальянски»: the adverb says in what way."""
    if target.form != "adverb" or target.start == 0:
        return False
    before = clause[: target.start]
    return before[-1] in DISH or any(word.startswith("рецепт") for word in before)


def _of_a_resource(clause: Clause, target: LanguageTarget) -> bool:
    """«Расскажи о книгах на английском»: the language is the book's."""
    before = clause[max(target.start - 3, 0) : target.start]
    return bool(before) and before[-1] in RESOURCE and any(word in _PREPOSITIONS for word in before[:-1])


def _is_made(word: str) -> bool:
    """Whether it is a participle that tells of what somebody has made: «написанных», «изданные», «снятые»."""
    return _MADE.fullmatch(word) is not None


def _moves_a_device(clause: Clause) -> bool:
    """«Переведи телефон на английский», «переведи деньги на английский счёт»."""
    return any(word in DEVICE for word in clause)


def _elliptic(clauses: list[Clause], target: LanguageTarget) -> bool:
    """A sentence without a verb: «А теперь по-немецки», «Письмо на английском о погоде»."""
    words = [word for clause in clauses for word in clause]
    if any(is_verb(word) or word in BLOCKS for word in words) or set(words) & QUESTION:
        return False
    if all(word in FILLER or word in {QUOTED, "?", "не", "как"} or word.isdigit() for word in _others(clauses, target)):
        return True
    first = next((word for word in words if word not in FILLER), "")
    if "?" in words or words[0] in {"вот", "это", "у"} or any(_russian_too(clause) for clause in clauses):
        return False
    if any(word in PRODUCE for word in words) or any(word in DISH for word in words):
        return False
    own = next(clause for clause in clauses if target in targets_in(clause))
    if _goes_on(own, target):
        return False
    return first.startswith("перевод") if target.form == "into" else first in TEXT_NOUN


def _goes_on(clause: Clause, target: LanguageTarget) -> bool:
    """Whether something is said of what the clause names: «перевод на английский стоит дорого»."""
    after = clause[target.end] if target.end < len(clause) else ""
    return bool(after) and after not in _PREPOSITIONS | _PLEASE | {"?", QUOTED}


def _others(clauses: list[Clause], target: LanguageTarget) -> Iterator[str]:
    for clause in clauses:
        targets = list(targets_in(clause))
        for at, word in enumerate(clause):
            if not any(one.start <= at < one.end for one in targets):
                yield word
