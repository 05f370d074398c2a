"""What the words of one row are together: a name, a phrase of Latin or of another language, a shout."""

from __future__ import annotations

import re
from itertools import zip_longest

from role_engine.language.latin.free_shapes import ALL_CAPITALS, JOINERS
from role_engine.language.latin.lexicon import look_up
from role_engine.language.latin.rows import Row, Word
from role_engine.language.latin.usage import usage_of
from role_engine.language.latin.word_kinds import is_keyword, is_latin
from role_engine.language.latin.words import Sort

LONGEST_PHRASE, LONGEST_ROW_OF_CAPITALS = 3, 2
# A word of Zipf's scale from here on is English first, whatever Latin makes of it.
COMMON_IN_ENGLISH = 4
LATIN_JOINERS = frozenset("in per ad de ex ab sine cum pro et a e sub post".split())  # noqa: SIM905
MAY_BE_NAMED = (Sort.NAME, Sort.BOTH, Sort.RARE, Sort.SHAPED)
_GRADE = re.compile(r"[A-Z][0-9]{1,2}")


def names_acronym(word: Word, row: Row) -> bool:
    """Whether a capitalised word is the name of the acronym behind it: «Covalent API», «Circle CI», «Display P3»."""
    behind = row[row.index(word) + 1 :][:1]
    if not behind or len(row) > LONGEST_PHRASE or not word.sort.capital or word.sort is Sort.FUNCTION:
        return False
    return (behind[0].sort is Sort.SHAPED and behind[0].text[:2].isupper()) or bool(_GRADE.fullmatch(behind[0].text))


def is_titled(row: Row) -> bool:
    """Whether the row is two capitalised words or more, with small ones between them: «Academy of Art University»."""
    capitals = sum(word.text[0].isupper() for word in row)
    return capitals > 1 and all(word.text[0].isupper() or word.text in JOINERS for word in row)


def are_names(words: list[Word]) -> bool:
    """Whether most of the words are names, and the others may be («Harry Potter»)."""
    names = sum(word.sort is Sort.NAME for word in words)
    return names * 2 >= len(words) and all(word.sort in MAY_BE_NAMED for word in words)


def find_latin_phrases(row: Row) -> list[Word]:
    """The words of a row that are Latin beside each other: «Rosa canina», «Musculus biceps brachii»."""
    if len(row) < 2:
        return []
    found: list[Word] = []
    phrase: list[Word] = []
    for word, following in zip_longest([*row, None], row[1:]):
        named = word is not None and following is not None and _may_be_genus(word.text) and is_latin(following.text)
        if word is not None and (named or is_latin(word.text) or (phrase and word.text in LATIN_JOINERS)):
            phrase.append(word)
            continue
        while phrase and phrase[-1].text in LATIN_JOINERS:
            phrase.pop()
        rare = sum(usage_of(one.text).english < COMMON_IN_ENGLISH for one in phrase)
        if len(phrase) > 1 and rare * 2 >= len(phrase):
            found += phrase
        phrase = []
    return found


def _may_be_genus(text: str) -> bool:
    """Whether a capitalised word is none that English has often: «Staphylococcus» before «aureus»."""
    return (
        text[0].isupper() and text.isalpha() and usage_of(text).english < COMMON_IN_ENGLISH and not look_up(text).common
    )


def join_names(row: Row) -> None:
    """The small words inside of a name are of it: «Bank of America», «The Dark Side of the Moon»."""
    for at, word in enumerate(row):
        if word.free or word.text not in JOINERS:
            continue
        before = next((one for one in reversed(row[max(at - 2, 0) : at]) if one.text not in JOINERS), None)
        after = next((one for one in row[at + 1 : at + 3] if one.text not in JOINERS), None)
        if before and after and before.free and after.free and before.text[0].isupper() and after.text[0].isupper():
            word.free = True


def join_phrases(row: Row) -> None:
    """Words of one foreign phrase go together.

    Such are what stands between two refused words of a row, and what carries grammar, or is an ordinary small word,
    beside one.
    """
    refused = [at for at, word in enumerate(row) if not word.free]
    for at, word in enumerate(row if refused else ()):
        if word.settled or not word.free or word.sort is Sort.SHAPED:
            continue
        entry = look_up(word.text)
        inside = refused[0] < at < refused[-1] and word.sort not in (Sort.NAME, Sort.TOOL)
        beside = any(not one.free for one in row[max(at - 1, 0) : at + 2])
        if inside or (beside and (entry.function or (word.sort is Sort.SMALL and entry.ordinary))):
            word.free = False


def is_article(word: Word, row: Row) -> bool:
    """Whether a single letter is no variable, but a word of the foreign phrase round it: «this is a …», «I see»."""
    if word.text not in ("a", "A", "I"):
        return False
    at = row.index(word)
    return not row[at - 1].free if at else row[1].sort is Sort.SMALL and not row[1].settled


def find_shouted(row: Row) -> list[Word]:
    """The words of a row that are written in capitals, where they are so many that they are no acronyms.

    A statement of a query language is no shouting, nor are acronyms: «CREATE OR REPLACE PROCEDURE», «HTTP REST API».
    """
    if len(row) <= LONGEST_ROW_OF_CAPITALS:
        return []
    capitals = [word for word in row if ALL_CAPITALS.fullmatch(word.text)]
    if len(capitals) <= LONGEST_ROW_OF_CAPITALS:
        return []
    if all(is_keyword(word.text) or not look_up(word.text).ordinary for word in capitals):
        return []
    return capitals
