"""Lessons of a foreign language, in Russian: «объясни артикли», «помоги выучить слова», «проверь моё эссе».

The patterns are for messages read by `foreign_words`: in lower case, with signs where foreign words stand.
"""

from __future__ import annotations

import re

from role_engine.language.requests.foreign_words import GRAMMAR, NAME, TECHNICAL, UNKNOWN, WORDS
from role_engine.language.requests.languages import BY_NOUN, BY_STEM, RUSSIAN

_STEM = "|".join(stem for stem in sorted(BY_STEM, key=len, reverse=True) if BY_STEM[stem].code != RUSSIAN)
_NOUN = "|".join(sorted(BY_NOUN, key=len, reverse=True))

# What a lesson is about, of whatever language.
_TOPIC = (
    r"\b(?:грамматик\w*|времен(?:а|ах|ам|ами)?(?! года)|время(?! года)|глагол\w*|предлог\w*|артикл\w+|слов(?:а|о|ам|ами"
    r"|ах)?|лексик\w+|фраз\w*|выражени\w+|идиом\w*|пословиц\w*|поговорк\w*|произношени\w+|звук\w*|алфавит\w*|букв\w*"
    r"|числительн\w+|множественн\w+ числ\w+|падеж\w*|спряж\w+|спряга\w+|склон\w+|род(?:а|ы|ов)?|правил\w*|упражнени\w+"
    r"|тест\w*|диктант\w*|задани\w+|урок\w*|домашк\w+|домашн\w+|топик\w*|порядок слов|вопрос(?:а|ы|ов|ительн\w+)"
    r"|отрицани\w+|отрицательн\w+|местоимени\w+|прилагательн\w+|существительн\w+|наречи\w+|союз(?:ы|ов|ами|ах)"
    r"|междомети\w+|сленг\w*|ругательств\w*|скороговорк\w*|частиц\w*|иероглиф\w*|тон(?:ы|ов|ах)|сокращени\w+"
    r"|аббревиатур\w*|исключени\w+|транскрипци\w+|инфинитив\w*|герунди\w+|причасти\w+|условн\w+|сослагательн\w+"
    r"|косвенн\w+ реч\w+|пассив\w*|страдательн\w+|залог\w*|степен\w+ сравнени\w+|согласовани\w+|синоним\w*|антоним\w*"
    r"|приветстви\w+|диалог\w*|карточк\w+|словар\w+|лексическ\w+|разговорн\w+|реплик\w*|загадк\w+|чтени\w+"
    r"|кроссворд\w*)"
)
# «Своими словами», «100 слов» are no topics.
_NO_TOPIC = re.compile(r"\b(?:слово (?:за|в) слов\w+|(?:простыми|своими|другими|иными|двух|двумя|парой|\d+) слов\w*)")
# What only foreign grammar has.
_INHERENT = (
    rf"(?:неправильн\w+ глагол|фразов\w+ глагол|модальн\w+ глагол|вспомогательн\w+ глагол|\bартикл(?!ь компан)"
    rf"|\bгерунди"
    r"|\b(?:презент|паст|пресент) (?:симпл|перфект|континиус|континуус)|\b(?:презент|перфект|континиус)(?:а|е|ом)?\b"
    rf"|{GRAMMAR})"
)
_AFTER_LANGUAGE = (
    r"(?=\s*(?:[,.?!:;)\n—–-]|$)|\s+(?:язык\w*|и|или|а|но|на|про|для|с|со|в|во|к|по|о|об|от|до|из|при|что|как|когда"
    r"|чтобы"
    rf"|если|не|нет|есть|бывают|бывает|нужн\w+|мне|меня|тебя|плиз|пожалуйста|пж|уровень|уровня|уровне|класс\w*|тоже|\d+"
    rf"|через|после|перед|между|сам\w*|этим|буд\w+|вместо|предложени\w+|текст\w*|письм\w*|разговор\w*|реч[иь]\w*|словах"
    rf"|{_TOPIC}|[{WORDS}{UNKNOWN}{NAME}{GRAMMAR}]))"
)
# Stands for a language, once it is found.
LANGUAGE = "¤"
# «английского языка», «по английскому», «на английском», «по-английски»; not «английского футбола».
_LANGUAGE = re.compile(
    rf"(?:\b(?:{_STEM})(?:ого|ому|ом|ий|им)(?: язык\w*)?{_AFTER_LANGUAGE}|\bпо[- ](?:{_STEM})и\b"
    rf"|\b(?:{_NOUN}|инглиша?|инглишу)\b)"
)
_NAMED = re.compile(rf"\b(?:по[- ])?({_STEM})(?:\w+)\b|\b({_NOUN})\b")
_OF_LANGUAGE = re.compile(
    rf"(?:\b(?:{_STEM})(?:ие|их|ими|им|ая|ое|ую|ой|ый|ого|ому|ом|ий)\s+(?:\w+(?:ые|ых|ими|ие|их|ая|ую|ый"
    rf"|ое)\s+)?{_TOPIC})"
)

_TEACHES = (
    r"\b(?:(?:научи|научите|поучи|поучите|обучи|обучай)\b|потренируй\w*|погоняй\w*|натаскай\w*|подтян\w+|позанимай\w+"
    r"|репетитор\w*|учител\w+|преподавател\w+|проведи\w*|устрой\w*|разобрат\w+|практик\w+|тренир\w+|(?:по)?заним\w+"
    r"|помоги\w*|поможешь|подготов\w+|подготавлив\w+|(?:по)?учить|(?:по)?учим|выучи\w*|освои\w+)"
)
_TUTORS = re.compile(rf"{_TEACHES}[^.!\n]{{0,50}}{LANGUAGE}|{LANGUAGE}[^.!?\n]{{0,40}}{_TEACHES}")
# «Как выучить английский?» asks for advice.
_HOW_TO_LEARN = re.compile(r"\bкак\s+(?:\w+\s+){0,2}(?:(?:вы|из)?уч(?:ить|ать)\w*|освоить|подтянуть|заниматься)")
_EXAM = (
    r"\b(?:огэ|егэ|впр|зачет\w*|экзамен\w*|контрольн\w+|олимпиад\w+|самостоятельн\w+|домашк\w+|домашн\w+|дз|урок\w*"
    r"|занят\w+|тест\w*|викторин\w*|квиз\w*)"
)
_LESSON = re.compile(
    rf"{_INHERENT}|{_TOPIC}[^.!?\n]{{0,60}}{LANGUAGE}|{LANGUAGE}[^.!?\n]{{0,60}}{_TOPIC}"
    rf"|{_EXAM}[^.!?\n]{{0,25}}{LANGUAGE}|\b(?:провер\w*|определ\w*|оцени\w*)[^.!?\n]{{0,25}}\b(?:уров\w+"
    rf"|знани\w+)[^.!?\n]{{0,15}}{LANGUAGE}"
)
# What asks for a book, a price or a story about the language, and not for its words.
_SOMETHING_ELSE = re.compile(
    r"\b(?:сколько|где|кто|кому|сто[ия]т|стоимост\w+|цен[аыу]\w*|истори[яиюе]\w*|посоветуй\w*|порекомендуй\w*|найти"
    r"|найди(?!\w* ошиб)|репетитор[ауы]?\b|приложени[ея]\w*|сайт\w*|учебник\w*|курс\w*|книг\w*|фильм\w*|сериал\w*"
    r"|подкаст\w*|как\s+быстр\w+|быстрее\s+всего|за\s+сколько|популярн\w+|слов\w*\s+(?:песни|автора|поддержки"
    r"|благодарности|пушкина)|песн\w+|вакансии|с\s+чего\s+начать|стоит\s+ли|почему\s+(?:так\s+)?(?:сложн\w+|трудн\w+"
    r"|важн\w+)|зачем|интересно\s+ли)\b"
)
# «Как будет по-французски „спасибо“», «переведи слово „вода“ на английский», «… с переводом».
_SAYS = re.compile(
    rf"\bкак\b[^.?!\n]{{0,60}}?\b(?:будет|сказать|говорят|скажут|называ\w+|перевод\w+|перевест\w+|пиш[еу]\w+|написать"
    rf"|звуч\w+|произн\w+|спросить|ответить|пожелать|поздравить|попросить"
    rf"|извиниться)\b[^.?!\n]{{0,60}}?(?:\bпо[- ](?:{_STEM})и\b|\bна\s+(?:{_STEM})(?:ом|ий)\b|\bна\s+(?:{_NOUN})\b)"
    rf"|\bкак\s+(?:\w+\s+){{0,2}}(?:по[- ](?:{_STEM})и|на\s+(?:{_STEM})ом)\b|\bперевед\w+\s+(?:мне\s+)?(?:слов\w+"
    rf"|фраз\w+|выражени\w+|идиом\w+|пословиц\w+|поговорк\w+)\b[^.?!\n]{{0,60}}?\bна\s+(?:(?:{_STEM})ий\b"
    rf"|(?:{_NOUN})\b)"
    r"|\bсо?\s+(?:перевод|разбор|объяснени|пояснени|транскрипци|словар|комментари)\w*|(?:\bи|,)\s+(?:объясн|поясн"
    r"|разбер|прокоммент)\w+"
)
_TEACHER_WANTED = re.compile(r"\b(?:будь|стань|побудь|представь|ты|сыграй|роль)\b")
# «ни слова по-английски»
_FORBIDDEN = re.compile(
    rf"\b(?:без(?:\s+единого)?|ни(?:\s+одного)?|никаких|не\s+используй\w*|не\s+употребляй\w*|избегай\w*"
    rf"|убери\w*)\s+(?:\w+\s+)?(?:(?:{_STEM}|иностранн|латинск)\w+\s+слов\w*|слов\w*\s+(?:по|на)[- ](?:{_STEM})\w+"
    rf"|англицизм\w*|латиниц\w*)"
)

_TEXT = (
    r"\b(?:текст\w*|эссе|письм\w+|сочинени\w+|предложени\w+|резюме|перевод(?:а|е)?|вариант\w*|верси\w+|ответ\w*"
    r"|диалог\w*|рассказ\w*|сообщени\w+|топик\w*|пост\w*|абзац\w*|стать\w+|фраз\w+|имейл\w*|мотивационн\w+|объявлени\w+"
    r"|задани\w+|упражнени\w+|домашк\w+|работ\w+|грамматик\w+)"
)
_CHECKS = (
    r"\b(?:провер\w*|исправ\w+|поправ\w+|отредактир\w+|вычита\w+|(?:найд\w+|ищи|поищи|есть\s+ли|где|какие"
    r"|нет\s+ли)\s+(?:\w+\s+)?ошиб\w+|ошиб(?:ки|ку|ка|ок)\b|оцени\w*|улучши\w*|перепиши\w*|перефразир\w+|правильно\s+ли"
    r"|грамотно\s+ли|верно\s+ли|корректно|как\s+звучит|звучит\s+ли|естественно)"
)
_PROOFREADS = re.compile(
    rf"{_CHECKS}[^?!\n]{{0,80}}(?:\b(?:{_STEM})(?:ий|ое|ую|ая|ого|ом|ие|их|ой)\s+{_TEXT}"
    rf"|{_TEXT}\s(?:[^.?!\n]{{0,30}}\s)?(?:на\s+(?:{_STEM})(?:ом|ий)\b(?!\s+(?:адрес|счет|завод|рын|клуб))"
    rf"|по[- ](?:{_STEM})и))"
)
_CHECKS_TEXT = re.compile(_CHECKS)
# A foreign text of so many words is one to be corrected.
LONGEST_NAME = 2
_PROGRAMS = re.compile(
    r"\b(?:код(?:а|е|у|ом|ы)?|программ(?:а|у|ы|е|ой|ист\w*|ирован\w+)|питон\w*|скрипт\w*|сервер\w*|компил\w+"
    r"|баз\w+\s+данных|терминал\w*|консол\w+|функци[яиюй]\w*|переменн\w+|джав\w+|линукс\w*|докер\w*|sql|лог(?:и|ов|ах)"
    r"|скл\b|запрос\w*\s+к\s+баз\w+|команд[аыуе]\b|эксел\w*|ошибк\w+\s+(?:\d|компил|сервер|при\s+(?:запуск|установ)))"
)


def is_about_programs(text: str) -> bool:
    """Whether the message is about programs, whose words are no language's: «что значит static в Java»."""
    return TECHNICAL in text or _PROGRAMS.search(text) is not None


def forbids_foreign_words(text: str) -> bool:
    """Whether it says that no foreign words are wanted."""
    return _FORBIDDEN.search(text) is not None


def languages_named(text: str) -> list[str]:
    """Codes of the languages that the message names, in order."""
    codes: dict[str, None] = {}
    for stem, noun in _NAMED.findall(text):
        codes[BY_STEM[stem].code if stem else BY_NOUN[noun].code] = None
    return list(codes)


def asks_for_lesson(text: str) -> bool:
    """Whether `text`, as `foreign_words` has read it, asks for a lesson or a rule of a foreign language."""
    text = _NO_TOPIC.sub("", text)
    for sentence in re.split(r"(?<=[.!?\n])\s", text):
        if _SOMETHING_ELSE.search(sentence) and not _TEACHER_WANTED.search(sentence):
            continue
        if _OF_LANGUAGE.search(sentence):
            return True
        sentence = _LANGUAGE.sub(LANGUAGE, sentence)
        if _LESSON.search(sentence) or (_TUTORS.search(sentence) and not _HOW_TO_LEARN.search(sentence)):
            return True
    return False


def asks_how_to_say(text: str) -> bool:
    """Whether it asks how something is said in a foreign language: the reply explains, and does not only translate."""
    return _SAYS.search(text) is not None


def asks_to_correct(text: str, words: int) -> bool:
    """Whether it asks to correct a foreign text: one that it names as such, or one of so many foreign `words`."""
    return _PROOFREADS.search(text) is not None or (words > LONGEST_NAME and _CHECKS_TEXT.search(text) is not None)
