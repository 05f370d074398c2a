"""Russian words that say that what follows is a name («компания Target») or a word of code («функция print»)."""

from __future__ import annotations

import re
from functools import lru_cache

# By stem: what is left when the endings of declension are taken off.
_NAMED = """
компани корпораци фирм организаци агентств фонд банк концерн холдинг бренд марк производител издательств студи лейбл
магазин ресторан кафе отел гостиниц супермаркет ритейлер стартап разработчик
сервис платформ сайт портал ресурс блог форум соцсет мессенджер приложени программ утилит инструмент систем пакет
плагин расширени модул библиотек фреймворк движок движк редактор браузер поисковик язык диалект протокол формат стандарт
алгоритм модел архитектур нейросет сет чип процессор видеокарт устройств смартфон телефон планшет ноутбук консол
приставк камер принтер автомобил машин мотоцикл самолёт самолет корабл ракет спутник телескоп поезд
игр фильм сериал мультфильм мультсериал аниме шоу передач телепередач программ подкаст канал телеканал радиостанци радио
книг роман рассказ повест пьес мюзикл опер балет комикс манг журнал газет издани стать поэм сборник сери
альбом песн песен трек композици сингл клип групп ансамбл оркестр дуэт хит
робот дрон марсоход бот ассистент помощник вирус супергеро правил
персонаж геро героин актёр актер актрис певец певц певиц музыкант писател художник режиссёр режиссер автор имен имя
собак кот кошк лошад
команд клуб лиг чемпионат турнир кубок кубк гонк стади стадион арен конференци мероприяти выставк фестивал саммит
преми наград конкурс олимпиад хакатон проект инициатив курс университет колледж школ академи институт
кнопк кнопок клавиш пункт вкладк вкладок раздел меню окн окно поле пол опци режим параметр настройк функци значок значк
иконк ссылк панел экран страниц категори лист таблиц колонк столбец столбц тег
ник никнейм логин заголовок заголовк прозвищ псевдоним названи
город деревн остров штат округ район улиц площад парк аэропорт станци рек озер пляж
техник методик метод методологи подход концепци принцип теорем закон эффект тест шкал индекс сорт пород
препарат лекарств напиток напитк коктейл
""".split()  # noqa: SIM905 - a table of words
_CALLED = frozenset(
    """
    назван названа названо названы названный названная названное названную названного названной называется называются
    называлась называлось называлась называемый называемая называемое называемую называемой называемого называли
    назвал назвала назвали называют зовут звали именуемый озаглавлен озаглавлена известный известная известной
    известного известна известен
    """.split()  # noqa: SIM905
)

_CODE = """
функци метод класс переменн параметр аргумент атрибут поле пол тег команд оператор ключ свойств модул пакет
библиотек цикл тип столбец столбц колонк таблиц файл директив утилит событи хук папк каталог ветк скрипт
констант инструкци идентификатор логин парол псевдокласс селектор контейнер запрос опци флаг компонент
значени формат протокол домен
конструктор объект массив список списк словар структур интерфейс макрос декоратор исключени переменной переменную
переменная переменные переменных
""".split()  # noqa: SIM905

# «нажмите Save», «выберите Settings»: what stands on a screen is quoted as it stands there.
_ON_SCREEN = """
нажмите нажать нажмём нажмем нажимаем нажимайте жмите жмём кликните кликнуть щёлкните щелкните выберите выбрать
выбираем выбирайте откройте открыть зайдите зайти перейдите перейти введите ввести укажите наберите
""".split()  # noqa: SIM905

# What a lesson says before a foreign word, and a manual before what is written on a thing.
_WORDS = """
слов артикл предлог термин аббревиатур суффикс приставк местоимени существительн прилагательн
""".split()  # noqa: SIM905
_PHRASES = "глагол фраз выражени надпис идиом поговорк пословиц".split()  # noqa: SIM905
_RESULTS = frozenset("возвращает возвращают вернёт вернет вернул вернула равно равен равна".split())  # noqa: SIM905
_RUN = frozenset(
    "запустите запустить выполните выполнить вызовите вызвать наберите набрать введите ввести".split()  # noqa: SIM905
)

_BEFORE_NAMES = frozenset(
    "в во на из с со от для у к ко через по о об при под про между без до после и или как".split()  # noqa: SIM905
)

_ENDINGS = frozenset(
    """
    а о у ом ой ою ей ёй е ы ов ам ами ах и ю ем я ям ями ях ь ью ия ию ии ией ий ие ием иям иями иях ен ок ё ём
    """.split()  # noqa: SIM905
) | {""}
_LONGEST_ENDING = 3
_STEMS, _CODE_STEMS = frozenset(_NAMED), frozenset(_CODE + _WORDS + _PHRASES)
_PHRASE_STEMS = frozenset(_PHRASES)
_VERBS = frozenset(_ON_SCREEN)
# The Russian word right before a name, with quotes, brackets, emphasis and a colon between them.
_WORD_BEFORE = re.compile(r"([А-Яа-яЁё]{1,40})[»”\"*_:]{0,4}[ \u00a0][«“„\"'‘*_]{0,3}\Z")


def word_before_name(before: str) -> str:
    """The Russian word that stands right before what follows `before`, small; "" where there is none."""
    found = _WORD_BEFORE.search(before, max(0, len(before) - 40))
    return found[1].lower() if found else ""


@lru_cache(maxsize=1024)
def introduces_name(word: str) -> bool:
    """Whether a name is to be expected after `word`."""
    return word in _VERBS or word in _CALLED or has_stem(word, _STEMS) or introduces_code(word)


@lru_cache(maxsize=1024)
def introduces_code(word: str) -> bool:
    """Whether one word of a programming language, or one that is spoken of, is to be expected after `word`."""
    return has_stem(word, _CODE_STEMS)


@lru_cache(maxsize=1024)
def introduces_phrase(word: str) -> bool:
    """Whether a foreign phrase is to be expected after `word` that is spoken of: «глагол to be»."""
    return has_stem(word, _PHRASE_STEMS)


def introduces_command(word: str) -> bool:
    """Whether a command line is to be expected after `word`."""
    return word in _RUN or introduces_code(word)


def is_called(word: str) -> bool:
    """Whether `word` says that what follows is what something is called: «называется»."""
    return word in _CALLED


def introduces_literal(word: str) -> bool:
    """Whether «true» or «null» is to be expected after `word`."""
    return word in _RESULTS or introduces_code(word)


def may_precede_name(word: str) -> bool:
    """Whether `word` is one that a capitalised name, and hardly ever an ordinary word, follows: a preposition."""
    return word in _BEFORE_NAMES


def has_stem(word: str, stems: frozenset[str]) -> bool:
    """Whether `word` is one of `stems` in any of the cases of a noun."""
    sizes = range(max(len(word) - _LONGEST_ENDING, 1), len(word) + 1)
    return any(word[size:] in _ENDINGS and word[:size] in stems for size in sizes)
