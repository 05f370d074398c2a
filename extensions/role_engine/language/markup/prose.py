"""Whether a stretch that claims to be code is, and how much foreign prose a reply has hidden in such stretches.

A classifier of beginnings: it sees at most `LOOK_AHEAD` characters of a stretch. In doubt it is code.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LOOK_AHEAD
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.word_kinds import is_keyword

Reading = Literal["code", "russian", "foreign"]

# Fewer foreign words are a name, a command, a message; they are prose from here on, if grammar holds them together.
FEWEST_WORDS = 3
# A stretch is code where it has this share of signs to words.
WORDS_PER_SIGN = 4
# So many spans of foreign prose may stand in a reply whatever else it holds: the text of an error, twice.
SPANS_UNWATCHED = 2
# «Вот ошибка:» says that a block of foreign prose is a message, where that has one line. Without a word before it, or
# with more lines, only as much Russian before it does.
INTRODUCTION = 8
# In running text one word beside it is enough; where there is none, the reply is nothing but such prose.
A_WORD = 3
# A longer message than this, in letters, is none.
LONGEST_MESSAGE = 320

_SIGN = regex.compile(r"[{}\[\]()<>=;|\\/$#_&+*^@~]|->|::|^\s{2,}|[─-╿├└│]|(?<!\S)--?(?=\w)", FLAGS | regex.MULTILINE)
_WORD = regex.compile(r"\p{L}+", FLAGS)
_RUSSIAN_WORD = re.compile("[А-Яа-яЁё]{2,}")
# A sentence in another script is as short as this, in letters.
_OTHER_SCRIPT = regex.compile(r"[\p{L}--[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Common}]]", FLAGS)
_SHORTEST_IN_OTHER = 8
# Words of inline code in a row, keywords left out, that are a sentence together.
FEWEST_IN_ROW = 5
_ONE_OR_TWO_WORDS = re.compile(r"[A-Za-z'’]{1,24}(?: [A-Za-z'’]{1,24})?[.,!?]?")
_LATIN_WORDS = re.compile("[A-Za-z]+")
_A_RUSSIAN = re.compile("[А-Яа-яЁё]")
# Strings and comments, in which a program says what it has to say in words.
_SAID = regex.compile(
    r"""(?<![\p{L}\p{N}])(?P<quote>["'`])[^\n]*?(?:(?P=quote)(?![\p{L}\p{N}])|\Z)"""
    r"""|«[^«»\n]*(?:»|\Z)"""
    r"""|(?:(?:^|(?<=[\s;]))(?:\#|//|--\s|%|;|REM\s)|/\*|<!--)[^\n]*""",
    FLAGS | regex.MULTILINE,
)
_IN_QUOTES = re.compile(r"""["'][^"'\n]*["']?""")
_COMMAND = re.compile(
    r"\s*(?:(?:\$|>>>|>|%|#|PS [^>\n]{0,40}>|[\w.@~:-]{1,40}[$#%])\s+|[A-Z]:\\[^>\n]{0,40}>\s*)?"
    r"(?:sudo\s+)?(?P<name>[a-z][a-z0-9_.+-]*)(?![^\s])"
)
_PROMPT = re.compile(r"\s*(?:\$|>>>|PS [^>\n]{0,40}>|[A-Z]:\\[^>\n]{0,40}>)\s")
_TOKEN = re.compile(r"\S+")
_PLAIN_TOKEN = re.compile(r"[(\"'«“]*([A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*)[.,!?;:)\"'»”…]*")
# What a program says: an error with its kind, a log line with its level or time. And what a database is told.
_MESSAGE = re.compile(
    r"""\s*(?:
      (?:Uncaught\s)?(?:[\w$]+\.)*[A-Za-z]*(?:Error|Exception|Warning)\b(?=[:\s(]|$)
    | (?:[\w./@-]+:\s?)?(?:fatal|error|warning|note|hint|panic|ERROR|WARN|FATAL|ERR!)(?:\[\w+\])?:
    | (?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|REVOKE|WITH|EXPLAIN|TRUNCATE|MERGE)\s+[A-Z*(«"\w]
    | Traceback\s\( | npm\s(?:ERR!|WARN) | \[(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL)\]
    | \[?\d{4}-\d\d-\d\d[T\s] | \[?\d\d:\d\d:\d\d
    )""",
    re.VERBOSE,
)
# Commands that are English words, which no list of tools holds.
_SHELL = frozenset(
    """
    cat cd chmod chown cp curl cut date dd df diff docker du echo env export find git go grep head kill less
    ln ls make man mkdir mount mv node npm npx ping pip pip3 printf ps pwd python python3 rm rmdir sed sh
    sort source ssh sudo su systemctl tail tar tee test top touch type unzip uname useradd wget which who
    xargs yarn zip apt apt-get brew bash cargo conda dnf kubectl pacman pnpm poetry psql rsync scp service
    yum
    """.split()  # noqa: SIM905
)
# Small words of languages besides English, whose own the lexicon knows.
_SMALL = frozenset(
    """
    le la les des une est dans avec pour que qui vous nous der das und ist nicht ein eine mit auf für sie
    ich wir el los las por para una con del che non il gli della sono per di è um uma não com os het een
    niet van je
    """.split()  # noqa: SIM905
)


class ProseWatch(NamedTuple):
    """What is counted over a reply.

    Attributes:
        russian: Cyrillic letters outside of code.
        foreign: letters of foreign prose that was let through as code.
        spans: how many stretches of it.
        row: inline code with no Russian between, the end of it.
        signs: letters of other scripts in inline code.
    """

    russian: int = 0
    foreign: int = 0
    spans: int = 0
    row: str = ""
    signs: int = 0

    def spends(self, letters: int, *, begins: bool = False) -> ProseWatch:
        """With so many letters of foreign prose more; `begins`: a stretch of it does."""
        return self._replace(foreign=self.foreign + letters, spans=self.spans + begins)

    def allows(self, letters: int, *, fewest: int = 0) -> bool:
        """Whether a stretch of foreign prose that begins with so many letters may pass for code.

        `fewest`: so many letters of Russian must stand before it, however short it is.
        """
        if self.russian >= fewest and self.spans < SPANS_UNWATCHED:
            return True
        return self.foreign + letters <= self.russian

    @property
    def is_spent(self) -> bool:
        """Whether a stretch of foreign prose that goes on has gone on for too long."""
        return self.foreign > max(self.russian, LONGEST_MESSAGE)


# What was asked for in another language is not counted.
UNWATCHED = ProseWatch(russian=1 << 60)


def goes_on_in_row(content: str, watch: ProseWatch) -> bool:
    """Whether inline code is foreign prose together with that before it: «`healthy` `eating` `is` …», «`建` и `立`»."""
    signs = 0 if content.isascii() else letters_of_other_scripts(content)
    if signs and watch.signs + signs >= _SHORTEST_IN_OTHER:
        return True
    if not watch.row or not _ONE_OR_TWO_WORDS.fullmatch(content):
        return False
    known = [look_up(word) for word in _LATIN_WORDS.findall(f"{watch.row} {content}") if not is_keyword(word)]
    ordinary = sum(word.ordinary for word in known)
    return len(known) >= FEWEST_IN_ROW and any(word.function for word in known) and ordinary * 2 >= len(known)


def row_with(content: str, row: str) -> str:
    """The row of words in inline code, with one more; code of another sort ends it."""
    return f"{row} {content}"[-LOOK_AHEAD:] if _ONE_OR_TWO_WORDS.fullmatch(content) else ""


def letters_of_other_scripts(text: str) -> int:
    """How many letters stand in `text` that are neither Cyrillic nor Latin nor Greek."""
    return len(_OTHER_SCRIPT.findall(text))


def without_strings(text: str) -> str:
    """A line of code without what it says in strings and comments."""
    return _SAID.sub("·", text)


def cyrillic_letters(text: str) -> int:
    """How many Cyrillic letters (U+0400 to U+047F) stand in `text`: by their first bytes, which is fast."""
    data = text.encode("utf-8", "surrogatepass")
    return data.count(b"\xd0") + data.count(b"\xd1")


def foreign_letters(text: str) -> int:
    """How many letters that are not Cyrillic stand in `text`."""
    return sum(char.isalpha() and not "\u0400" <= char <= "\u04ff" for char in text)


def reads_as(text: str) -> Reading:
    """What the beginning of a block without a language's name is.

    `russian`: words, Russian ones among them, rather than code, output or a drawing. `foreign`: sentences in another
    language, or any word in another script.
    """
    foreign = is_foreign_prose(text)
    if _MESSAGE.match(text) or (begins_as_command(text) and not foreign):
        return "code"
    bare = without_strings(text)
    words = len(_WORD.findall(bare))
    signs = len(_SIGN.findall(bare))
    if not bare.isascii() and _OTHER_SCRIPT.search(bare):
        return "foreign"
    if words >= 2 and _RUSSIAN_WORD.search(bare) and signs * WORDS_PER_SIGN < words:
        return "russian"
    return "foreign" if foreign else "code"


def is_russian_prose(text: str) -> bool:
    """Whether a text that only may be code is Russian: three words or more outside of strings, most of the words."""
    bare = _IN_QUOTES.sub("·", text)
    russian = len(_RUSSIAN_WORD.findall(bare))
    return russian >= FEWEST_WORDS and 2 * russian > len(_WORD.findall(bare)) and not begins_as_command(text)


def is_plainly_code(text: str) -> bool:
    """Whether text is code beyond doubt: one word, a command, a message, or full of signs."""
    if reads_as(text) != "code":
        return False
    words = len(_WORD.findall(text))
    if words < 2 or len(_SIGN.findall(text)) * WORDS_PER_SIGN >= words:
        return True
    return begins_as_command(text) or _MESSAGE.match(text) is not None


def begins_as_command(text: str) -> bool:
    """Whether a shell's prompt, or the name of a command, begins the text."""
    if _PROMPT.match(text):
        return True
    found = _COMMAND.match(text)
    return found is not None and (found["name"] in _SHELL or look_up(found["name"]).tool)


@lru_cache(maxsize=256)
def is_foreign_prose(text: str) -> bool:
    """Whether text in code marks is foreign sentences: ordinary words with small ones between them, and no code."""
    if _MESSAGE.match(text):
        return False
    if not text.isascii() and len(_OTHER_SCRIPT.findall(text)) >= _SHORTEST_IN_OTHER:
        return True
    plain, code, ordinary, small = 0, 0, 0, 0
    for token in _TOKEN.findall(text):
        word = _PLAIN_TOKEN.fullmatch(token)
        if word is None:
            code += _A_RUSSIAN.search(token) is None
            continue
        if word[1].isupper() and len(word[1]) > 1:  # «TODO», «SELECT»
            continue
        plain += 1
        known = look_up(word[1])
        ordinary += known.ordinary
        small += known.function or word[1].lower() in _SMALL
    if plain < FEWEST_WORDS or not small or code * WORDS_PER_SIGN > plain:
        return False
    if begins_as_command(text) and small < 2:
        return False
    return ordinary * 2 >= plain or small >= 2
