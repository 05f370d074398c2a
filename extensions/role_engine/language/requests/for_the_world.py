"""Texts for machines and for the world: prompts for image models, names and slogans in Latin letters, commit messages.

The patterns are for the message itself in lower case, «ё» as «е».
"""

from __future__ import annotations

import re

from role_engine.language.requests.languages import BY_ENGLISH, BY_NOUN, BY_STEM, RUSSIAN

_NOUN = "|".join(sorted(BY_NOUN, key=len, reverse=True))
_STEM = "|".join(stem for stem in sorted(BY_STEM, key=len, reverse=True) if BY_STEM[stem].code != RUSSIAN)
_NAMED_IN_ENGLISH = "|".join(name for name in BY_ENGLISH if name != "russian")
_MAKES = (
    r"\b(?:на?пиши\w*|написать|составь\w*|составить|придумай\w*|придумать|сделай\w*|сделать|сгенерируй\w*|сгенерировать"
    r"|дай(?:те)?|дать|нуж(?:ен|на|но|ны)|надо|хочу|хотел\w*|помоги\w*|подбери\w*|подобрать|предложи\w*|сформулируй\w*"
    r"|создай\w*|создать|накидай\w*|подскажи\w*|улучши\w*|переделай\w*|доработай\w*|посоветуй\w*|вариант\w*"
    r"|иде[ияюй]\w*|можешь|можно|сочини\w*|назови\w*|перепиши\w*|оформи\w*|набросай\w*|напишешь|write|create|make|give"
    r"|generate|need|want|suggest|improve|come\s+up|draft|compose|propose|invent|think\s+of)\b"
)
_GENERATOR = (
    r"(?:mid[- ]?journey|мидж\w+|stable\s*diffusion|стейбл\w*\s*диф\w+|sdxl|dall[- ·]?e\b|dalle|далл?и\b|flux|флюкс\w*"
    r"|\bsora\b|runway|leonardo(?:\.ai|\s+ai)?|suno|udio|kling|comfyui|imagen|\bveo\b|firefly|ideogram|nano\s*banana"
    r"|novelai|automatic1111|adobe\s+firefly|pika\b|civitai)"
)
_PICTURE = (
    r"(?:картин\w+|изображени\w+|арта?у?\b|арт(?:ов|ы)\b|логотип\w*|видео\w*|иллюстраци\w+|обложк\w+|аватар\w*|рисун\w+"
    r"|постер\w*|фотореалист\w+|фото\w*|портрет\w*|персонаж\w*|пейзаж\w*|стикер\w*|иконк\w+|нейросет\w+|нарис\w+"
    r"|рисующ\w+|image|picture|logo|artwork|illustration|painting|portrait|video|drawing)"
)
_A_PROMPT = r"\b(?:промп?т(?:а|у|ом|ы|ов|ик|ики|иков)?|prompts?)(?![\w-])"
_NOT_A_PROMPT = re.compile(
    r"\b(?:сколько|подписк\w+|цен[аыу]|стоит|стоимост\w+|что\s+такое|как\s+(?:работает|установить|пользоваться|скачать)"
    r"|how\s+much|what\s+is|зачем|почему|чем\s+отлич\w+)\b"
)
_PROMPT = re.compile(
    rf"{_A_PROMPT}[^\n]{{0,80}}?(?:{_GENERATOR}|{_PICTURE})|{_GENERATOR}[^\n]{{0,40}}?{_A_PROMPT}"
    rf"|{_MAKES}[^\n]{{0,30}}?\b(?:запрос\w*|описани\w+|тег\w*)\b[^\n]{{0,30}}?{_GENERATOR}"
)
# Models that draw from Russian prompts, and those that talk: nothing says that theirs are to be English.
_ANSWERS_RUSSIAN = re.compile(
    r"\b(?:kandinsky|кандинск\w+|chat\s*gpt|gpt|чат\s*гпт|чатгпт|claude|клод\w*"
    r"|deepseek|дипсик\w*|gigachat|гигачат\w*|алис[аыуе]|шедеврум\w*|yandexart|яндекс\w*)"
)

_NAME = (
    r"\b(?:слоган\w*|назван\w+|заголов\w+|ник(?:а|и|ов|нейм\w*)?|имя|имени|имена|имен|псевдоним\w*|бренд\w*"
    r"|т[еэ]глайн\w*|девиз\w*|логин\w*|х[еэ]шт[еэ]г\w*|подпис[ьи]\w*|био|тайтл\w*|надпис\w+|принт\w*|домен\w*"
    r"|юзернейм\w*|тату\w*|гравировк\w+|лозунг\w*|герб\w*|теги?|тегов|bio|titles?|descriptions?|slogans?|taglines?"
    r"|nick(?:name)?s?|usernames?|names?|headlines?|captions?|hashtags?|motto)\b"
)
_IN_LATIN = (
    rf"(?:\b(?:на|по)[- ](?:{_STEM})\w+|\bна\s+(?:{_NOUN})\b|\b(?:{_STEM})(?:ий|ое|ую|ая|ого|ие|их|ом|ими)\b|\bангл\b"
    rf"|англоязычн\w+|\bлатиниц\w+|латинск\w+\s+букв\w+|\bиностранн\w+|\bin\s+(?:{_NAMED_IN_ENGLISH})\b"
    rf"|\b(?:{_NAMED_IN_ENGLISH})\s+(?:name|slogan|title|nickname|tagline))"
)
_NAMES = re.compile(rf"{_MAKES}[^.!?\n]{{0,60}}?{_NAME}|^\W*{_NAME}")
_LATIN = re.compile(_IN_LATIN)
_NICKNAME = re.compile(
    r"\b(?:никнейм\w*|ник(?:а|и|ов)?|юзернейм\w*|usernames?|nicknames?)\b[^.!?\n]{0,40}?\b(?:для|в|на|for"
    r"|in)\s+(?:\w+\s+)?(?:игр\w*|стим\w*|steam|твич\w*|twitch|ютуб\w*|youtube|инст\w+|instagram|телеграм\w*|тг"
    r"|канал\w*|аккаунт\w*|майнкрафт\w*|minecraft|дискорд\w*|discord|кс|дот\w+|cs|dota|roblox|роблокс\w*|тикток\w*"
    r"|tiktok|game|account)\b"
)
_COMMIT = re.compile(
    r"\b(?:commit[- ]?messages?|коммит[- ]?(?:мес+[еиа]дж\w*|сообщени\w+)|(?:сообщени\w+|текст\w*|название|описани\w+"
    r"|подпис\w+)\s+(?:для\s+|к\s+)?(?:git\s+)?(?:коммит\w*|commit\w*|пулл?[- ]?реквест\w*|pull[- ]?request\w*|pr|пр|мр"
    r"|merge[- ]?request\w*)|pull\s+request\s+(?:title|description))\b"
)
_SHOP = re.compile(
    r"\b(?:title|description|тайтл\w*|дескрипш[еэ]н\w*|описани\w+|профил\w+|био|bio|объявлени\w+|листинг\w*|отклик\w*"
    r"|listing)\b[^.!?\n]{0,40}?\b(?:etsy|этси|ebay|upwork|апворк\w*|fiverr|файвер\w*|product\s+hunt|airbnb|amazon"
    r"|амазон\w*)\b"
)
_ASKS_NOTHING = re.compile(
    r"\b(?:почему|зачем|кто|когда|откуда|что\s+такое|как\s+(?:отменить|изменить|поменять|удалить|посмотреть|называется"
    r"|перевести)|сколько|why|who|what\s+is|how\s+(?:to|do))\b"
)
_IN_RUSSIAN = re.compile(r"\bна\s+русск\w+|\bпо[- ]русски|\bрусск\w+\s+язык\w*|\bкириллиц\w+|\bin\s+russian\b")


def asks_for_the_world(message: str) -> bool:
    """Whether it asks for a text that is no Russian one by what it is for."""
    if _IN_RUSSIAN.search(message) and not _LATIN.search(message):
        return False
    if _PROMPT.search(message) and not _NOT_A_PROMPT.search(message) and not _ANSWERS_RUSSIAN.search(message):
        return True
    if _ASKS_NOTHING.search(message) or not re.search(_MAKES + "|" + _NAME, message):
        return False
    if _COMMIT.search(message) or (re.search(_MAKES, message) and (_NICKNAME.search(message) or _SHOP.search(message))):
        return True
    return any(_NAMES.search(sentence) and _LATIN.search(sentence) for sentence in re.split(r"(?<=[.!?\n])\s", message))
