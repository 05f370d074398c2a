"""Words as they are looked up: lower case, ё as е, cut to their stem, without those that say nothing of a subject.

Stemming is Snowball's (M. F. Porter, https://snowballstem.org), by PyStemmer: «стрелки» and «стрелку» are one word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import regex

from role_engine.errors import InputError

# Particles, pronouns, prepositions, conjunctions, auxiliary verbs.
_FUNCTION = """
а без более больше будет будем будете будешь будто буду будут будь бы был была были было быть в вам вами вас ваш ваша
ваше вашего вашей вашем вашему ваши ваших вашу вдоль ведь весь во возле вокруг вот вроде все всего всей всем всеми
всему всех всю вся всякий вы где да даже для до его ее ей ему если есть еще ею её же за зачем и из из-за или им ими
имя их к каждая каждого каждое каждой каждом каждый как какая какие каким какими каких какого какое какой каком какому
какую ко когда коли который которая которое которого которой котором которому которую которые которых которым которыми
кем кого ком кому кроме кто кто-то куда ли либо лишь между менее меня меньше мне мной мною могла могли могло могу
могут мог может можем можете можешь можно мои моим моих мой моя моё моего моей моему мою мы на над надо нам нами нас
наш наша наше нашего нашей наши наших нашу не него нее неё ней нельзя нем нему нет нею ни нибудь них ничего но ну
нужен нужна нужно нужны о об оба обе однако он она они оно от откуда отчего очень перед по под пока после потом потому
почему почти при про просто пусть раз ради разве с сам сама сами само самого самой самому самый самая самое самые
сверх свое своего своей своему свои своим своими своих свой свою своя своё себе себя сейчас сколько скоро со собой
собою стал стала стали стало стать так такая также такие таким таких такого такое такой такую там тебе тебя тем теми
теперь то тобой тогда того тоже той только том тому тот точно ту тут ты у уж уже хотя чего чей чем через что
что-нибудь что-то чтоб чтобы чуть чьё чьи чья эта эти этим этими этих это этого этой этом этому этот эту я является
являются правда ведь нибудь столько насколько вообще именно наверное пожалуй например
"""

# How people address whom they ask, and what they want done with the answer.
_REQUEST = """
будьте будь добр добры здравствуй здравствуйте привет приветствую пожалуйста спасибо благодарю подскажи подскажите
скажи скажите расскажи расскажите объясни объясните поясни поясните опиши опишите напиши напишите назови назовите
перечисли перечислите дай дайте покажи покажите помоги помогите посоветуй посоветуйте интересно хочу хочется хотел
хотела хотелось знаешь знаете знать узнать понять скажем слышал слышала говорят считается думаешь думаете вопрос ответ
ответь ответьте подробнее подробно кратко коротко ещё дела дело делать делает делают сделать сделаю делаешь происходит
произошло случилось бывает бывают значит означает называется называют зовут следует стоит получается получится нужен
хорошо лучше лучший давай давайте тебе бот
"""

_ENGLISH = """
a about an and any are as at be but by can could did do does for from give had has have he her him his how i if in
into is it its let me my no not of on or our please she should so some tell than thanks that the their them then there
they this to was we were what when where which who whom whose why will with would you your
"""

STOP_WORDS = frozenset(word.replace("ё", "е") for word in f"{_FUNCTION}{_REQUEST}{_ENGLISH}".split())


_WORD = regex.compile(r"[\p{L}\p{M}]+|\p{Nd}+")
_STRESS = regex.compile(r"[\u0300\u0301]")


class Stems(Protocol):
    """From a text to its words as they are looked up. Not to be shared between threads."""

    def __call__(self, text: str) -> list[str]: ...


def words(text: str) -> list[str]:
    """The words and numbers of a text that say something, in lower case."""
    lowered = _STRESS.sub("", text).lower().replace("ё", "е")
    return [word for word in _WORD.findall(lowered) if word not in STOP_WORDS]


class SnowballStems:
    """Stems of Russian words and, in Latin letters, of English ones.

    Args:
        cached: words whose stem is remembered; for an index of many texts.

    Raises:
        InputError: PyStemmer is not installed.
    """

    def __init__(self, cached: int = 1000) -> None:
        try:
            import Stemmer
        except ImportError:
            raise InputError("Looking things up needs the package `PyStemmer`.", hint="pip install PyStemmer") from None
        self._russian: Any = Stemmer.Stemmer("russian", cached)
        self._english: Any = Stemmer.Stemmer("english", cached)

    def __call__(self, text: str) -> list[str]:
        return self._stemmed(words(text))

    def _stemmed(self, plain: Sequence[str]) -> list[str]:
        return [(self._english if word.isascii() else self._russian).stemWord(word) for word in plain]
