"""One Latin word: what its letters and the lexicon say about it, before its place is looked at."""

from __future__ import annotations

import enum
from functools import lru_cache

from role_engine.language.latin.free_shapes import ALL_CAPITALS, CAPITALISED, SHAPED
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.translit import is_no_name

# In capitals, a word this long is a word («IMPORTANT») and not an acronym («SMART»).
SHORTEST_SHOUT = 6


class Sort(enum.Enum):
    """What a Latin word is by itself.

    SHAPED     no word of a language: an acronym, a number's letter, camelCase, snake_case
    NAME       a name: a capital, and English has no such word, or knows it better as a name
    WORD       an English word with a capital; `RARE` where it is an uncommon one, `BOTH` where it is a name at times
    FUNCTION   the same, and it carries grammar: «The», «However»; or it is a Russian word: «Privet»
    TOOL       small, and the name of a tool: «numpy»
    SMALL      any other word

    `capital`: it has one, and is no acronym; `english`: English has the word.
    """

    SHAPED = 0, False, False
    NAME = 1, True, False
    WORD = 2, True, True
    RARE = 3, True, True
    BOTH = 4, True, True
    FUNCTION = 5, True, True
    TOOL = 6, False, False
    SMALL = 7, False, False

    def __init__(self, number: int, capital: bool, english: bool) -> None:
        self.capital, self.english = capital, english


@lru_cache(maxsize=4096)
def sort_of(word: str) -> Sort:
    """What `word` is by its letters and by the lexicon."""
    if SHAPED.fullmatch(word) and not _is_shout(word):
        return Sort.SHAPED
    if not CAPITALISED.fullmatch(word):
        return Sort.TOOL if look_up(word).tool and not is_no_name(word) else Sort.SMALL
    entry = look_up(word)
    if entry.function:
        return Sort.FUNCTION
    if entry.name:
        return Sort.NAME
    if not entry.common and is_no_name(word):
        return Sort.FUNCTION
    if not entry.ordinary:
        return Sort.NAME
    if entry.name_at_times:
        return Sort.BOTH
    return Sort.WORD if entry.common else Sort.RARE


def _is_shout(word: str) -> bool:
    return len(word) >= SHORTEST_SHOUT and bool(ALL_CAPITALS.fullmatch(word)) and word not in KEYWORDS


# Words of query languages, which are written in capitals and are no shouting.
KEYWORDS = frozenset(
    """
    SELECT INSERT UPDATE DELETE CREATE ALTER DROP TABLE WHERE GROUP ORDER HAVING VALUES UNION DISTINCT OFFSET EXISTS
    BETWEEN COLUMN INDEX PRIMARY FOREIGN UNIQUE REFERENCES CASCADE DEFAULT TRIGGER COMMIT ROLLBACK TRANSACTION RETURN
    INTEGER VARCHAR BOOLEAN REPLACE EXPLAIN DATABASE SCHEMA
    """.split()  # noqa: SIM905
)
