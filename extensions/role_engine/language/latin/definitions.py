"""Definitions: «Frozen — это мультфильм» tells of a name, «Recycling — это процесс» of an ordinary word."""

from __future__ import annotations

import re

from role_engine.language.latin.introducers import has_stem
from role_engine.language.latin.words import Sort, sort_of

# A capitalised word, and what stands between it and the Russian that says what it is.
_DEFINED = re.compile(
    r"[^A-Za-zА-Яа-яЁё]*(?P<word>[A-Z][a-z][A-Za-z]+)[»”\"*_]{0,3}(?:[ \u00a0]\([^()\n]{0,16}\))?"
    r"(?::[»”\"*_]{0,3}|[»”\"*_]{0,3}[ \u00a0][—–-]+)[ \u00a0]*\Z"
)
_WORD = re.compile("[А-Яа-яЁё]+")
# How many words may stand before the one that says what it is: «это популярный бесплатный мессенджер».
LONGEST_PRAISE = 4

# What has a name of its own.
_KINDS = """
компани корпораци фирм бренд марк стартап разработчик производител сервис платформ сайт портал соцсет мессенджер
приложени фреймворк библиотек движок движк редактор браузер поисковик субд бд дистрибутив утилит плагин расширени
маркетплейс нейросет криптовалют консол смартфон планшет автомобил кроссовер внедорожник
игр видеоигр головоломк стратеги шутер фильм мультфильм мультсериал сериал кинофильм триллер драм комеди боевик мюзикл
роман повест рассказ альбом песн сингл композици рок певиц певец певц рэпер музыкант журнал газет издани телеканал
студи магазин сет ресторан город штат остров
""".split()  # noqa: SIM905
_STEMS = frozenset(_KINDS)
# «Task: напишите рассказ» does not say what a task is.
_ORDERS = ("ите", "йте", "ать", "ить", "ять", "еть")
# A vocabulary's «Song — песня» is a translation and no definition.
_TRANSLATED = frozenset(
    """
    company corporation firm brand startup developer producer service platform website site portal messenger application
    app framework library engine editor browser utility plugin extension marketplace console smartphone tablet car auto
    game games puzzle strategy shooter film movie cartoon series thriller drama comedy musical novel story album song
    single composition rock singer rapper musician magazine journal newspaper edition channel studio store shop network
    restaurant city town state island cryptocurrency distribution software program
    """.split()  # noqa: SIM905
)


def may_be_defined(text: str) -> bool:
    """Whether `text`, which Russian goes on, is a word that could be a name and is about to be told what it is."""
    found = _DEFINED.match(text)
    return found is not None and sort_of(found["word"]) in (Sort.WORD, Sort.RARE, Sort.BOTH)


def is_defined_as_name(word: str, after: str) -> bool:
    """Whether the Russian `after` a word says that it is something that has a name."""
    if word.casefold() in _TRANSLATED:
        return False
    said = [found.group().lower() for found in _WORD.finditer(after)][: LONGEST_PRAISE + 1]
    kind = next((at for at, one in enumerate(said) if has_stem(one, _STEMS)), None)
    return kind is not None and not any(one.endswith(_ORDERS) for one in said[:kind])
