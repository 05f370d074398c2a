"""What is put in: phrases, lead-ins, words of other scripts, look-alike and other letters, spellings of Russian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Script = Literal["chinese", "japanese", "korean", "arabic", "hebrew", "thai", "greek", "cyrillic"]

_PHRASES = """
at the same time | in most cases | for the first time | from time to time | on the other hand | as soon as possible
in the long run | of course | at least | more or less | step by step | day after day | one of the best | a lot of
in this case | as a result | because of that | such as | in order to | for a long time | in front of | every single day
at the end of the day | the most important thing | the whole world | to be honest | in other words | no longer
not only that | as well as | right now | all the time | once again | so far | in general | by the way | for example
in fact | at first glance | side by side | in the middle of nowhere | without any doubt | to some extent | a bit more
the other day | long time ago | sooner or later | and so on | what it means | how it works | make sense | open mind
take care of yourself | pay attention to details | make a decision | keep in mind | get used to it | give up
come back home | have a good time | look for answers | find a way | tell the truth | change your mind | deep sleep
the right choice | best friends forever | healthy food | daily routine | personal growth | common sense | real life
hard work | free time | good news | big difference | next step | strong feelings
"""
PHRASES: tuple[str, ...] = tuple(phrase.strip() for line in _PHRASES.split("\n") if line for phrase in line.split("|"))

PHRASE_FORMS: tuple[str, ...] = (
    "{adjective} {noun}",
    "the {adjective} {noun}",
    "{verb} the {noun}",
    "{adjective} and {adjective} {noun}",
    "very {adjective} {noun}",
)

_WHAT = (
    "the summary",
    "a short summary",
    "the answer",
    "your answer",
    "a brief explanation",
    "the corrected text",
    "a revised version",
    "the translation into Russian",
    "a list of ideas",
    "what you asked for",
    "a possible plan",
    "the final result",
)
_WHAT_FORMS = ("Here is {}:", "Here's {}:", "Sure! Here is {}:", "Certainly, here is {}:")
LEAD_INS: tuple[str, ...] = (
    *(form.format(what) for form in _WHAT_FORMS for what in _WHAT),
    "Sure, I can help with that.",
    "Sure, let me explain.",
    "Of course! I'd be happy to help.",
    "Great question!",
    "That's a good question.",
    "Let me think about this step by step.",
    "Let's break it down.",
    "Let's look at it more closely.",
    "Okay, so the user wants an explanation.",
    "The user is asking about this topic.",
    "I understand your question.",
    "In short,",
    "To summarize:",
    "Short answer:",
    "Final answer:",
    "First of all,",
    "As an assistant, I can say the following:",
    "Thank you for your question!",
    "Based on the text above,",
    "The short answer is yes.",
    "I hope this helps!",
    "Note that this is only an example.",
)

# Of `cyrillic` each has a letter that Russian has not.
_SCRIPTS: Mapping[Script, str] = {
    "chinese": "重要 发展 时间 人们 世界 注意力 更容易 立刻 变成 道路 也许 一起 问题 因为 所以 但是 可以 建立 环境 "
    "内容 需要 完全 学习 生活 朋友 工作 非常 已经 开始 回答 思考 历史 文化 方法 健康 家庭 孩子 自然 心情 简单",
    "japanese": "ありがとう これは とても 大切な もの です から 言葉 しかし 食べる カタカナ 思います 時間 みんな",
    "korean": "중요한 시간 사람들 그리고 하지만 세계 생각 감사합니다 친구 사랑 오늘 문제 대답 매우 가족",
    "arabic": "مهم الوقت الناس العالم لكن الحياة صديق اليوم السؤال الجواب كتاب جدا معا البيت الحب",
    "hebrew": "חשוב זמן אנשים עולם אבל חיים חבר היום שאלה תשובה ספר מאוד יחד בית אהבה",
    "thai": "สำคัญ เวลา ผู้คน โลก แต่ ชีวิต เพื่อน วันนี้ คำถาม คำตอบ หนังสือ มาก ด้วยกัน บ้าน ความรัก",
    "greek": "σημαντικό χρόνος άνθρωποι κόσμος αλλά ζωή φίλος σήμερα ερώτηση απάντηση βιβλίο πολύ μαζί σπίτι αγάπη",
    "cyrillic": "потім більше діти терпіння інколи ніколи їхній світ кожній їжа міста після мрії думці їхати "
    "думкі дзіця ўжо заўсёды жыцці людзі өмір үшін қазір жақсы әлем уақыт мәселе көп пријатеља"
    " људи ђак његов џеп већ свјетлост које",
}
SCRIPTS: Mapping[Script, tuple[str, ...]] = {name: tuple(words.split()) for name, words in _SCRIPTS.items()}

LOOK_ALIKES: Mapping[str, str] = dict(zip("аеорсухАЕОРСХКМТНВ", "aeopcyxAEOPCXKMTHB", strict=True))
OTHER_LETTERS: Mapping[str, str] = dict(zip("бвгдзийклмнптфюяш", "bvgdzijklmnptfuqw", strict=True))

NOUN_ENDINGS = ("а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах")
VERB_ENDINGS = ("ить", "ать", "ит", "ят", "ил", "нуть", "ишь")

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
SPELLINGS: tuple[Mapping[str, str], ...] = tuple(
    dict(zip(_CYRILLIC, spelling.replace("#", "").split(" "), strict=True))
    for spelling in (
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch # y # e yu ya",  # as most people write
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y # e iu ia",  # of passports
        "a b v g d e jo zh z i j k l m n o p r s t u f h c ch sh shh # y ' je ju ja",  # of chats
        "a b v g d e e zh z i y k l m n o p r s t u f h c ch sh sch # i # e u ya",  # careless
    )
)
"""Letter for letter; `#` stands for nothing."""
