"""Messages that go on with what was asked before: «а ещё три примера», «теперь в вопросительной форме», “went”.

Only a short one, whose every word belongs to asking for more of the same, or that turns to a variation («теперь в стиле
аниме») without a verb of its own.
"""

from __future__ import annotations

import re

from role_engine.language.requests.foreign_words import has_words_only
from role_engine.language.requests.russian_words import BLOCKS, FILLER, MODAL, PRODUCE, QUESTION, TRANSLATE, WordSet

LONGEST, MOST_WORDS, MOST_WORDS_OF_A_VARIATION = 90, 12, 7
LONGEST_ANSWER, MOST_RUSSIAN_IN_AN_ANSWER = 300, 2

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CYRILLIC = re.compile("[А-Яа-яЁё]")
# What one asks more of, and how it is to be changed; the words of grammar among them.
_MORE = WordSet(
    """
    пример* предложени* вариант* форм* вопросительн* отрицательн* утвердительн* прошедш* будущ* настоящ* времен*
    время множественн* единственн* числ* глагол* слов* фраз* выражени* перевод* перевед* транскрипц* произнош*
    произнес* произноси* упражнени* задани* ответ ответа ответы ответов ответами ключ* правил* исключени* таблиц*
    списк* список диалог* отрицани* вопрос* лицо лица лице артикл* предлог* существительн* прилагательн* местоимени*
    наречи* уровн* уровень ошибк* разниц* разбор* разбери! синоним* антоним* контекст* оттен* ударени* грамматик*
    лексик* идиом* спряжени* склонени* род* падеж*
    """
)
_CHANGED = WordSet(
    """
    короче длиннее проще сложнее подробнее понятнее вежливее мягче смешнее формальнее официальнее серьезнее ярче
    лучше интереснее неформально разговорн* официальн* кратк* коротк* длинн* сложн* прост* смешн* медленн* разн*
    друг* похож* первый первое первую первая второй второе вторую вторая трет* последн* предыдущ* следующ* оба обе
    каждый каждого каждое каждому больше меньше побольше поменьше пару несколько один одну одно два две три четыре
    пять десять шесть семь восемь девять двадцать тридцать
    """
)
_GOES_ON = WordSet(
    """
    еще дай! добавь! приведи! напиши! составь! покажи! придумай! предложи! сделай! продолжай! продолжи! повтори!
    объясни! поясни! проверь! скажи! назови! подробнее дальше далее теперь тогда также тоже то же самое самая можно
    можешь можете давай! почему как что чем когда какая какой какое какие каком чего зачем где правильно верно так
    если отличается отличаются употребляется используется использовать употреблять сказать произносится читается
    пишется звучит перевести переводится будет понял поняла понятно непонятно спасибо спс ага да нет ок окей
    пожалуйста плиз пж а и или но ну не ли бы в во на с со к о об от для из по про без до после у это этот эту этого
    этом этим эти этой тот та те того той там тут здесь мне меня нам его ее их ими ним них он она оно они твой твои
    мой мои мое моё ответы готов готова поехали следующее сначала снова опять раз заново иначе по-другому русски
    по-русски русском русский английском английски по-английски вместе другими словами таком такой такое такие такая
    стиле
    """
)
_BEGINS = re.compile(
    r"^(?=(?P<signs>\W*))(?P=signs)(?:а|и|ну|ок\w{0,16}(?!\w)|так|хорошо|отлично|супер|спасибо|понятно|да|класс|круто|\s|[,!.])*\b(?:а|и|еще|теперь|тогда"
    r"|то же|такой же|такое же|дай еще|давай еще)\b"
)
_BEGINNINGS = ("продолж", "дальше", "еще", "а еще", "повтори", "проверь", "не поня", "почему", "а почему", "как это")
_VERB = re.compile(r"\w{2,}(?:[аяеиоуы]ть(?:ся)?|[аяу]й(?:те|ся|тесь)?|ите|[еи]шь(?:ся)?)")
_THANKS = WordSet(
    """
    спасибо благодарю спс понял поняла понятно ясно ага угу ок окей хорошо отлично супер класс круто здорово да нет
    ладно большое огромное очень теперь все всё это а вот привет здравствуй! ну интересно логично
    """
)
_ENGLISH = re.compile(
    r"(?:and\s+|now\s+|ok(?:ay)?,?\s+|please\s+|thanks[,!.]?\s+)*(?:(?:can\s+you\s+)?(?:give|show|tell|write|make|add"
    r"|do|send)\s+(?:me\s+|us\s+)?)?(?:(?:some|a\s+few|two|three|five|ten|\d+|one|another|any)\s+)*(?:more|another"
    r"|again|next|continue|go\s+on|examples?|shorter|longer|simpler)\b[^.!?]{0,40}[.!?]?\s*"
)


def follows_up(message: str) -> bool:
    """Whether the message is short and asks for more of the same, or for the same with a change."""
    text = message.strip().lower().replace("ё", "е")
    if not text or len(text) > LONGEST:
        return False
    if _ENGLISH.fullmatch(text):
        return True
    words = _WORD.findall(text)
    russian = [word for word in words if _CYRILLIC.search(word)]
    if not russian or len(words) > MOST_WORDS:
        return False
    if all(word in _MORE or word in _CHANGED or word in _GOES_ON or word in FILLER for word in russian):
        return any(word in _MORE or word in _CHANGED for word in russian) or text.startswith(_BEGINNINGS)
    return _varies(text, russian)


def _varies(text: str, words: list[str]) -> bool:
    """«Теперь в стиле аниме», «а для собаки»: no verb, no question."""
    if len(words) > MOST_WORDS_OF_A_VARIATION or not _BEGINS.search(text):
        return False
    if "?" in text or any(word in QUESTION for word in words):
        return False
    return not any(_tells_to_do(word) for word in words if word not in _GOES_ON)


def _tells_to_do(word: str) -> bool:
    return any(word in words for words in (BLOCKS, MODAL, PRODUCE, TRANSLATE)) or _VERB.fullmatch(word) is not None


def is_about_the_words(message: str) -> bool:
    """Whether the message answers an exercise, or is short and holds foreign words: «а почему good так не делает?»."""
    if len(message) > LONGEST_ANSWER or "```" in message:
        return False
    words = _WORD.findall(message)
    russian = sum(_CYRILLIC.search(word) is not None for word in words)
    if len(words) > russian and russian <= MOST_RUSSIAN_IN_AN_ANSWER:
        return True
    return len(message) <= LONGEST and len(words) <= MOST_WORDS and has_words_only(message)


def is_thanks(message: str) -> bool:
    """Whether the message only thanks, or says that something is understood."""
    words = _WORD.findall(message.lower())
    return bool(words) and len(words) <= MOST_WORDS and all(word in _THANKS for word in words)
