"""Single Latin letters that stand for a Russian word: «c другом», «a она осталась»; and those that are a name.

A letter right before a Russian word is a preposition or conjunction in disguise, unless it may be a variable, a
vitamin, a plan or a point: after a noun that takes a letter for a name, beside a calculation or another such letter,
or where something is said of it («C — это язык», «y зависит от x»).
"""

from __future__ import annotations

import re

LONE = "acoyABCKOY"
NEAR = 48
"""Characters before a letter that are looked at."""

CAPITALS = re.compile(r"[А-ЯЁ]{2,}")
RUSSIAN_NEXT = re.compile(r"[*_]{0,3}\s+[«„“\"(*_]{0,3}(?P<word>[А-Яа-яЁё]+)")
RUSSIAN_BEFORE = re.compile(r"(?P<word>[А-Яа-яЁё]{1,48})[»”\"*_),.;:!?…]{0,48}[\s*_«„“\"(—–\-]{0,48}\Z")
_SENTENCE_START = re.compile(r"(?:\A|[.!?…:;]|\n|[—–]\s|[\-*•]\s)[\s*_«„“\"(]{0,48}\Z")
_AFTER_COMMA = re.compile(r"[,—–]\s+\Z")
_OPEN_BEFORE = re.compile(r"[\s«„“\"(*_]")
# Somebody calculates here: an equation, or a letter that can only be a variable.
_CALCULATION = re.compile(rf"=|\s[+<>≤≥≠≈∈×·/]\s|[²³√∑∫∠△π∞]|(?<![\w'’])(?![{LONE}])[A-Za-zα-ωΑ-Ω](?![\w'’])")
_AND_BEFORE = re.compile(r"(?<!\w)[A-Za-z][,;]?\s(?:и|или|до|от)\s\Z|(?<!\w)[A-Za-z],\s\Z")
_AND_AFTER = re.compile(r"\s(?:и|или|до)\s[A-Za-z](?!\w)|,\s[A-Za-z](?!\w)")
# What a thing is called that has a letter for a name.
_NAMED = re.compile(
    r"(?:"
    r"переменн|параметр|констант|коэффициент|ос[ьиюе]|точ[ке]|вектор|чис[ле]|сторон|угл|угол|функци|букв|символ|знак|"
    r"элемент|величин|значени|индекс|множеств|аргумент|столб|колон|строк|ячейк|ребр|вершин|отрез|прям|плоскост|скорост|"
    r"ускорени|координат|матриц|пункт|вариант|витамин|план|тип|класс|групп|категори|нот|аккорд|язык|гепатит|диск|раздел|"
    r"част|рисун|схем|случа|модел|корпус|сери|верси|уров|оценк|балл|лиг|команд|клуб|формат|размер|рейтинг|приложени|блок|"
    r"подъезд|литер|ген|белк|кофермент|иммуноглобулин|антител|период|катет|гипотенуз|радиус|площад|сегмент|зон|сектор|"
    r"ключ|клавиш|кнопк|узел|узл|узла|объект|файл|процесс|поток|поезд|вагон|шкал|школ|правил|город|компани|штамм|вирус|"
    r"стран|лиц|человек|игрок|участник|пациент|сотрудник|товар|продукт|стад|фаз|этап|шаг|член|предел|вход|выход|контакт|"
    r"пусть|дано|дана|дан|где|положим|найти|найдём|найдем|обозначим|получим|вычислим|умножим|разделим"
    r")[а-яё]{0,4}",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:в|во|на|по|от|до|из|изо|за|к|ко|с|со|у|о|об|при|для|через|между|над|под|перед|без|относительно|вдоль|около)",
    re.IGNORECASE,
)
# What is said of a letter rather than governed by a preposition.
_SAID_OF_IT = re.compile(
    r"и|или|либо|это|не|есть|был|была|было|были|будет|может|должн\w+|рав[енно]\w*|меньше|больше|лежит|также|где|"
    r"соответственно|\w{2,}(?:ет|ёт|ит|ут|ют|ат|ят|ется|ится|ются|утся|атся|ятся|ает|яет|ала|ила|ело|лось|лась|лся|лись)",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(
    r"\w*(?:ответ|привет|совет|отч[её]т|свет|цвет|пункт|факт|продукт|университет|комитет|бюджет|лет|шести|пяти)"
)


def is_russian_letter(text: str, at: int) -> bool:
    """Whether the letter at `at` is a Russian preposition or conjunction in Latin disguise."""
    following = RUSSIAN_NEXT.match(text, at + 1)
    if following is None or (at and not _OPEN_BEFORE.match(text, at - 1)):
        return False
    if _CALCULATION.search(text, max(0, at - NEAR), at) or _CALCULATION.search(text, at + 1):
        return False
    return not _is_label(text, at, following["word"])


def _is_label(text: str, at: int, following: str) -> bool:
    """Whether the letter may be the name of something: «план B», «ось y», «стороны a и c», «C — это язык»."""
    letter, near = text[at], max(0, at - NEAR)
    if _AND_BEFORE.search(text, near, at) or _AND_AFTER.match(text, at + 1):
        return True
    starts = _SENTENCE_START.search(text, near, at) is not None
    conjunction = letter in "aA" and (starts or _AFTER_COMMA.search(text, near, at) is not None)
    said = _SAID_OF_IT.fullmatch(following) is not None and _NOT_SAID.fullmatch(following) is None
    if said and not (letter == "a" and conjunction):
        return True
    if starts or conjunction:
        return False
    before = RUSSIAN_BEFORE.search(text, near, at)
    if before is None:
        return True
    if letter.isupper():  # in the middle of a sentence only before a name, or among capitals
        shouted = CAPITALS.fullmatch(before["word"]) and following.isupper()
        return not shouted and (not following[0].isupper() or _NAMED.fullmatch(before["word"]) is not None)
    return bool(_NAMED.fullmatch(before["word"]) or _PREPOSITION.fullmatch(before["word"]))
