"""Foreign words inside Russian sentences that are about them: «после he глагол have превращается в has».

Where a conversation is about foreign words, they stand in running text too. A word that is only used there, in place
of a Russian one, is told by the Russian round it: something is said *with* it, not *of* it («это очень important для
вас», «вы можете improve свой английский»). What cannot be told is let through.
"""

from __future__ import annotations

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LATIN, LINE_END
from role_engine.language.latin.lexicon import look_up
from role_engine.language.requests.places import ANY_LETTER
from role_engine.language.window import MEMORY

# A run of more words is let through as a whole sentence or clause only.
LONGEST_RUN = 6
# How much of the text behind a run is looked at, in characters.
LONGEST_AFTER = 24
# Of longer runs nothing is asked but their length.
LONGEST_IN_PLACE = 2

_LINE_END = regex.compile(LINE_END, FLAGS)
_RUSSIAN = regex.compile(rf"(?<!{ANY_LETTER}){CYRILLIC}", FLAGS)
_WORD = regex.compile(rf"(?:{ANY_LETTER}|['’](?={ANY_LETTER}))+", FLAGS)
_PAUSE = regex.compile(r"[.!?…,;:()«»“”\"—–/|]|\s-\s", FLAGS)
# What a longer run stands apart by from the Russian before it.
_CLAUSE_BEGINS = regex.compile(r"[.!?…:;(\[/«“„\"*_—–|=→-]\s?\Z", FLAGS)
_WORD_BEFORE = regex.compile(rf"[{LATIN}'’]\s\Z", FLAGS)
_BEGINS_SENTENCE = regex.compile(rf"(?:\A|{LINE_END}|[.!?…:]\s)[^\p{{L}}\p{{N}}]*\Z", FLAGS)

# Signs that set a word off on either side, and a list of foreign words that it belongs to.
_SET_OFF = regex.compile(r"[«“„\"'‘(\[*_`/|=+→>–—~-]\s?\Z", FLAGS)
_SET_OFF_AFTER = regex.compile(r"\s?[»”\"'’)\]*_`/|=+→>–—~-]", FLAGS)
_LISTED = regex.compile(rf"{LATIN}[»”\"*_)]{{0,3}}(?:\s?[,;/]|\s(?:и|или|либо|а не|vs))\s\Z", FLAGS)
_LISTED_AFTER = regex.compile(
    rf"(?:\s?[,;/]\s?|\s(?:и|или|либо|а|но|вместо|vs)\s)(?:(?:не|и|или|а не|вместо)\s)?[^{CYRILLIC}\s]{{0,3}}{LATIN}",
    FLAGS,
)
# Said of a word, right before it: what it is, and what is done with it.
_OF_A_WORD = regex.compile(
    r"(?i)\b(?:слов\w{0,4}|словосочетани\w+|глагол\w*|предлог\w*|артикл\w+|союз\w*|частиц\w+|приставк\w+|суффикс\w*"
    r"|окончани\w+|прилагательн\w+|существительн\w+|местоимени\w+|наречи\w+|причасти\w+|инфинитив\w*|герунди\w+"
    r"|числительн\w+|форм\w{0,3}|фраз\w+|выражени\w+|идиом\w+|оборот\w*|конструкци\w+|сочетани\w+|вариант\w*|синоним\w*"
    r"|антоним\w*|предложени\w+|вопрос\w*|ответ\w*|перевод\w*|термин\w*|звук\w*|букв\w+|слог\w*|кор(?:ень|н\w+)|тег\w*"
    r"|параметр\w*|промп?т\w*|слоган\w*|названи\w+|английск\w+|немецк\w+|французск\w+|испанск\w+|латинск\w+|японск\w+"
    r"|вместо|не|после|перед|против|например|как|между|значит|означает|говор\w+|скаж\w+|сказать|пиш\w+|писать|ставим"
    r"|добавь\w*|добавить|замените|уберите|вспомогательн\w+|модальн\w+|перв\w+|втор\w+|трет\w+|прошедш\w+|настоящ\w+"
    r"|неправильн\w+|мужск\w+|женск\w+|средн\w+|обычн\w+|просто\w*|то есть)[»”\"*_:,]{0,3}\s\Z",
    FLAGS,
)

# The Russian right before a word that stands for a Russian one.
_DEGREE = regex.compile(
    r"(?i)\b(?:очень|более|менее|сам(?:ый|ая|ое|ые|ого|ой|ым|ых)|довольно|весьма|слишком|крайне|достаточно|максимально"
    r"|особенно|настолько|совершенно|абсолютно|чрезвычайно|больше|меньше|много|мало|немного|несколько|побольше|никаких"
    r"|множество)\s\Z",
    FLAGS,
)
_ATTRIBUTE = regex.compile(
    r"(?i)(?:\b(?:эт(?:от|у|им|их|ими|ой|ому|ого|ом)|эти|ваш\w*|твой|твоя|твое|твоё|твои\w*|твоего|твоей|твоему"
    r"|сво[йеёяюи]\w*|наш\w*|мо[йеёяюи]\w{0,3}|кажд\w+|люб(?:ой|ая|ое|ые|ого|ому|ую)|весь|всю|всей|всех|так(?:ой|ая|ие"
    r"|ого|ую|их|им))|(?<!\w)\w{3,}(?:ый|ий|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ых|их|ую|юю|ыми|ими"
    r"|(?:н|ск|в|к|ш)(?:ой|ом|ей)))\s\Z",
    FLAGS,
)
_NO_ATTRIBUTE = regex.compile(
    r"(?i)(?:ани[ея]|ени[ея]|яти[ея]|ити[ея]|ути[ея]|больше|меньше|также|реже|чаще|позже|общее|основой|ошибкой|оценкой"
    r"|скобкой|точкой|запятой|строкой|ссылкой|конц\w+|урок\w*|звонком|чувство\w*"
    r"|множественное)\s\Z",
    FLAGS,
)
_MODAL = regex.compile(
    r"(?i)\b(?:мож(?:ете|ешь|но|ет|ем)|смож(?:ете|ешь|ет)|нужно|надо|следует|стоит|чтобы(?:\s(?:лучше|быстрее|легче"
    r"|легко|хорошо))?|хот(?:ите|ел\w*)|хочешь|должн[ыао]|помо(?:жет|гут|гает|гают)|помогите|будете|будешь|начните"
    r"|попробуйте|продолжайте|старайтесь"
    r"|позволяет|позволит|лучше|легко)(?:\s(?:вам|тебе|нам|мне|лучше|быстрее))?\s\Z",
    FLAGS,
)
_COPULA = regex.compile(
    r"(?i)\b(?:это|был[аои]?|будет|является|кажется|станет|стало|оказал\w+|оказывается|останется|звучит)\s\Z", FLAGS
)
_HAVING = regex.compile(
    r"(?i)\b(?:(?:у\s(?:вас|тебя|нас|них|него|неё|нее|меня)\s(?:есть|остались|остаются|возникли|возникнут|появятся"
    r"|будут|появились))"
    r"|остались|возникнут|возникли|возникают|появятся|если\sбудут|удачи\sв|успехов\sв|удачи\sс)\s\Z",
    FLAGS,
)
_PRONOUN = regex.compile(r"(?i)\b(?:я|ты|мы|вы|он|она|оно|они|котор(?:ый|ая|ое|ые))\s\Z", FLAGS)

# The Russian right behind it: what a word of that kind governs or is joined by.
_COMPLEMENT = regex.compile(
    rf"\s(?!(?:и|или|а|но|в|во|на|с|со|к|от|до|по|перед|после|вместо|без|для|как|не|при|если|когда|то|либо|у|о|об)\s)"
    rf"{CYRILLIC}",
    FLAGS,
)
_FINITE = regex.compile(
    rf"\s{CYRILLIC}+(?:ет|ит|ют|ят|ут|ат|ем|им|ете|ите|ешь|ишь|ется|ится|ются|утся|ятся|атся)\b", FLAGS
)
# A word with an ending that only what a foreign attribute stands before can have («в most случаях»), or an object.
_NOUN_AFTER = regex.compile(
    rf"\s(?:{CYRILLIC}{{3,}}(?:ах|ях|ами|ями|ов|ев)|правил\w*|пример\w*|упражнени\w+|исключени\w+|способ\w*|момент\w*"
    rf"|образ\w*"
    r"|жизн\w+|случа\w+|задани\w+|тем\w+|совет\w*|урок\w*)\b",
    FLAGS,
)
_OBJECT_AFTER = regex.compile(
    r"\s(?:эту|этим|этими|свой|свою|свои|своё|вам|вас|тебе|тебя|нам|нас|нов(?:ые|ую|ый))\b", FLAGS
)
_PREPOSITION = regex.compile(
    r"(?i)\b(?:с|со|в|во|на|к|ко|у|от|из|за|по|о|об|до|для|без|под|над|при|через|после|перед|вместо|между|кроме)\s\Z",
    FLAGS,
)
_OPINION = regex.compile(
    rf"(?:\s(?!(?:и|или|а|но|с|от|вместо|после|перед|не)\s){CYRILLIC}|\s?[.!?…](?:\s|\Z)|\Z|\s?\n)", FLAGS
)
_QUALITY_AFTER = regex.compile(rf"\s{CYRILLIC}{{2,}}(?:ый|ий|ой|ая|ое|ые|ие|но|ко|шо|го)\b", FLAGS)

_QUALITY = regex.compile(
    r"\p{Ll}{2,}(?:ful|ant|ent|al|ive|ous|able|ible|ic|less|ing|ed|ary|ory|ly)|good|easy|hard|great|simple|clear|cool"
    r"|nice|fun|big|bad"
    r"|modern|popular|common|difficult|perfect|awesome|right|wrong|necessary|crucial|key|strong|smart|deep|short|long",
    FLAGS,
)
_INTENSIFIERS = frozenset(
    "very really so quite pretty extremely super too très sehr muy molto wirklich vraiment".split()  # noqa: SIM905
)
_LEAD_INS = frozenset(
    """
    however therefore moreover furthermore thus hence so well also finally first firstly second secondly next then
    now actually basically generally usually remember note additionally besides overall anyway sure okay ok yes no
    right great nevertheless meanwhile instead otherwise similarly obviously clearly importantly interestingly
    unfortunately fortunately
    """.split()  # noqa: SIM905
)
_LEADS_ON = regex.compile(rf",\s{CYRILLIC}", FLAGS)


def mention_end(text: str, at: int, limit: int, named: frozenset[str]) -> int:
    """How far `text` was looked at to find that the foreign word at `at` may stand where it does; 0: it may not.

    `limit`: what is behind it is not known. `named`: the words that the user named.
    """
    line_end = _LINE_END.search(text, at, limit)
    end = line_end.start() if line_end else min(limit, len(text))
    russian = _RUSSIAN.search(text, at, end)
    until = russian.start() if russian else end
    pause = _PAUSE.search(text, at, until)
    words = [word.group() for word in _WORD.finditer(text, at, pause.start() if pause else until)]
    last = at + len(text[at : pause.start() if pause else until].rstrip())
    seen = min(end, last + LONGEST_AFTER)
    depends_until = seen if seen < end else _behind(line_end, end)
    before = _LINE_END.split(text[max(at - MEMORY, 0) : at])[-1]
    if _WORD_BEFORE.search(before):  # the rest of a run that was not let through
        return 0
    if len(words) > LONGEST_RUN:
        apart = words[0][0].isupper() or _CLAUSE_BEGINS.search(before) is not None
        return _behind(line_end, end) if apart and (pause or not russian) else 0
    if len(words) > LONGEST_IN_PLACE or not words:
        return depends_until
    return 0 if _is_used(before, words, text[last:seen], named) else depends_until


def _behind(line_end: regex.Match[str] | None, end: int) -> int:
    """Where the text ends that was looked at up to `end`: behind the line's end, where that is one."""
    return line_end.end() if line_end else end


def _is_used(before: str, words: list[str], after: str, named: frozenset[str]) -> bool:
    """Whether the words only take the place of Russian ones."""
    keys = [word.casefold().replace("’", "'") for word in words]
    if any(_is_named(key, named) for key in keys):
        return False
    if _BEGINS_SENTENCE.search(before):
        return len(words) == 1 and keys[0] in _LEAD_INS and _LEADS_ON.match(after) is not None
    if any(shape.search(before) for shape in (_SET_OFF, _LISTED, _OF_A_WORD)):
        return False
    if _SET_OFF_AFTER.match(after) or _LISTED_AFTER.match(after):
        return False
    if _DEGREE.search(before):
        return True
    if len(words) > 1 or words[0][0].isupper():
        return False
    word = keys[0]
    if word in _INTENSIFIERS and _QUALITY_AFTER.match(after):
        return True
    if look_up(word).function and word not in _LEAD_INS:
        return False
    return (
        (_ATTRIBUTE.search(before) is not None and _NO_ATTRIBUTE.search(before) is None)
        or _NOUN_AFTER.match(after) is not None
        or (_OBJECT_AFTER.match(after) is not None and _PREPOSITION.search(before) is None)
        or _HAVING.search(before) is not None
        or (_MODAL.search(before) is not None and _COMPLEMENT.match(after) is not None)
        or (_COPULA.search(before) is not None and bool(_QUALITY.fullmatch(word)) and _OPINION.match(after) is not None)
        or (_PRONOUN.search(before) is not None and _FINITE.match(after) is not None)
    )


def _is_named(word: str, named: frozenset[str]) -> bool:
    """Whether the user named the word, in this form or in a near one."""
    if word in named:
        return True
    return any(word.removesuffix(ending) in named for ending in ("s", "es", "d", "ed", "ing", "ly", "'s"))


# A run of foreign letters that is no Latin one, in a Russian sentence, is as short as this, in characters.
LONGEST_FOREIGN = 16


def foreign_mention_end(text: str, at: int, limit: int) -> int:
    """The same for a word in letters that are not Latin."""
    line_end = _LINE_END.search(text, at, limit)
    end = line_end.start() if line_end else min(limit, len(text))
    russian = _RUSSIAN.search(text, at, end)
    if russian is None:
        return _behind(line_end, end)
    return russian.end() if russian.start() - at <= LONGEST_FOREIGN + 4 else 0


# A transcription of such a word in Latin letters has letters with marks, or is no English word.
_MARKED = regex.compile(r"[^\x00-\x7f]")


def is_transcription(word: str) -> bool:
    """Whether `word`, in Latin letters, may be how a word of another script is read: «hǎo», «arigatou»."""
    return word[0].islower() and (_MARKED.search(word) is not None or not look_up(word).ordinary)
