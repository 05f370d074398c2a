"""The classes of defects, and how each is put into a clean sentence."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from role_engine.bench.defects.english import english_for, english_words
from role_engine.bench.defects.words import (
    LEAD_INS,
    LOOK_ALIKES,
    NOUN_ENDINGS,
    OTHER_LETTERS,
    PHRASE_FORMS,
    PHRASES,
    SCRIPTS,
    SPELLINGS,
    VERB_ENDINGS,
    Script,
)

DefectClass = Literal[
    "word",
    "word-capital",
    "word-technical",
    "phrase",
    "lead-in",
    "chinese",
    "chinese-in-word",
    "japanese",
    "korean",
    "arabic",
    "hebrew",
    "thai",
    "greek",
    "cyrillic",
    "look-alike",
    "other-letters",
    "english-stem",
    "translit",
    "translit-phrase",
]
CLASSES: tuple[DefectClass, ...] = get_args(DefectClass)

_WORD = re.compile("[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")


# What stands before a word and behind it.
_ALONE = re.compile(r"[ \u00a0\n][ \u00a0\n.,;:!?…]?")
_QUOTED = re.compile(r"«[^»]*»?|„[^“”]*[“”]?|\"[^\"]*\"?|\([^)]*\)?|\[[^\]]*\]?")
_PART = re.compile("{(noun|adjective|verb)}")


class Defect(NamedTuple):
    """A sentence with a defect in it: the defect is `text[start:end]`."""

    text: str
    start: int
    end: int


def put_in(sentence: str, of: DefectClass, chance: random.Random) -> Defect | None:
    """One defect of a class in a clean sentence, or None where the sentence has no place for it.

    The first word of the sentence stays, so that a small letter stands where Russian has one; lead-ins stand before it.
    """
    return _PUT[of](sentence, chance)


def _words(sentence: str, least: int = 1) -> list[re.Match[str]]:
    """The sentence's words of at least so many letters that something may be put in place of.

    Not among them are its first one, names, parts of anything longer (a hashtag, a number with its unit), and what
    is in quotation marks or brackets: Latin may stand there as a title or a gloss.
    """
    quoted = [found.span() for found in _QUOTED.finditer(sentence)]
    return [
        word
        for word in list(_WORD.finditer(sentence))[1:]
        if len(word[0]) >= least
        and word[0].islower()
        and _ALONE.fullmatch(sentence[word.start() - 1] + sentence[word.end() : word.end() + 1])
        and not any(start <= word.start() < end for start, end in quoted)
    ]


def _instead(sentence: str, start: int, end: int, said: str) -> Defect:
    return Defect(sentence[:start] + said + sentence[end:], start, start + len(said))


def _one_instead(
    sentence: str, chance: random.Random, said: Callable[[str], str | None], least: int = 1
) -> Defect | None:
    """Put what `said` makes of a word in its place, for a word that it makes something of."""
    words = _words(sentence, least)
    chance.shuffle(words)
    for word in words:
        if new := said(word[0]):
            return _instead(sentence, *word.span(), new)
    return None


def _word(sentence: str, chance: random.Random) -> Defect | None:
    return _one_instead(sentence, chance, lambda word: _any_of(english_for(word), chance))


def _capital(sentence: str, chance: random.Random) -> Defect | None:
    return _one_instead(sentence, chance, lambda word: (_any_of(english_for(word), chance) or "").capitalize())


def _technical(sentence: str, chance: random.Random) -> Defect | None:
    return _one_instead(sentence, chance, lambda word: _any_of(english_for(word, "technical"), chance))


def _phrase(sentence: str, chance: random.Random) -> Defect | None:
    def phrase(word: str) -> str:
        if chance.random() < 0.5:
            return chance.choice(PHRASES)
        return _PART.sub(lambda part: chance.choice(english_words(part[1])), chance.choice(PHRASE_FORMS))

    return _one_instead(sentence, chance, phrase)


def _lead_in(sentence: str, chance: random.Random) -> Defect:
    said = chance.choice(LEAD_INS)
    return Defect(f"{said}{chance.choice((' ', chr(10) * 2))}{sentence}", 0, len(said))


def _script(name: Script) -> Callable[[str, random.Random], Defect | None]:
    return lambda sentence, chance: _one_instead(sentence, chance, lambda word: chance.choice(SCRIPTS[name]))


def _chinese_in_word(sentence: str, chance: random.Random) -> Defect | None:
    def broken(word: str) -> str:
        at = chance.randint(2, len(word) - 1)
        return word[:at] + chance.choice(SCRIPTS["chinese"])[:2] + word[at + 2 :]

    return _one_instead(sentence, chance, broken, least=5)


def _letters(table: Mapping[str, str], most: int) -> Callable[[str, random.Random], Defect | None]:
    def put(sentence: str, chance: random.Random) -> Defect | None:
        def mix_alphabets(word: str) -> str | None:
            places = [at for at, letter in enumerate(word) if letter in table]
            if not places:
                return None
            chosen = chance.sample(places, min(chance.randint(1, most), len(places), len(word) - 2))
            return "".join(table[letter] if at in chosen else letter for at, letter in enumerate(word))

        return _one_instead(sentence, chance, mix_alphabets, least=4)

    return put


def _english_stem(sentence: str, chance: random.Random) -> Defect | None:
    def stem(word: str) -> str:
        if chance.random() < 0.3:
            return chance.choice(english_words("verb")) + chance.choice(VERB_ENDINGS)
        return chance.choice(english_words("noun")) + chance.choice(NOUN_ENDINGS)

    return _one_instead(sentence, chance, stem)


def _translit(sentence: str, chance: random.Random) -> Defect | None:
    spelling = chance.choice(SPELLINGS)
    return _one_instead(sentence, chance, lambda word: _spelt(word, spelling), least=5)


def _translit_phrase(sentence: str, chance: random.Random) -> Defect | None:
    """Two to four words in a row, one of them of at least five letters."""
    words, number = _words(sentence), chance.randint(2, 4)
    runs = [words[at : at + number] for at in range(len(words) - number + 1)]
    runs = [run for run in runs if max(len(word[0]) for word in run) >= 5 and _stand_together(sentence, run)]
    if not runs:
        return None
    run, spelling = chance.choice(runs), chance.choice(SPELLINGS)
    start, end = run[0].start(), run[-1].end()
    return _instead(sentence, start, end, _spelt(sentence[start:end], spelling))


def _stand_together(sentence: str, run: Sequence[re.Match[str]]) -> bool:
    return all(sentence[one.end() : other.start()].strip(",") == " " for one, other in itertools.pairwise(run))


def _spelt(text: str, spelling: Mapping[str, str]) -> str:
    return "".join(spelling.get(letter, letter) for letter in text)


def _any_of(words: Sequence[str], chance: random.Random) -> str | None:
    return chance.choice(words) if words else None


_PUT: dict[DefectClass, Callable[[str, random.Random], Defect | None]] = {
    "word": _word,
    "word-capital": _capital,
    "word-technical": _technical,
    "phrase": _phrase,
    "lead-in": _lead_in,
    "chinese-in-word": _chinese_in_word,
    "look-alike": _letters(LOOK_ALIKES, 3),
    "other-letters": _letters(OTHER_LETTERS, 2),
    "english-stem": _english_stem,
    "translit": _translit,
    "translit-phrase": _translit_phrase,
    **{name: _script(name) for name in SCRIPTS},
}
