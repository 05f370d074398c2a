"""The Latin of `build_terms.py`: the hand-made lists declined, and forms of Whitaker's dictionary.

The dictionary comes as `DICTLINE.GEN` (four stems in columns of 19, then codes) with `INFLECTS.LAT` (endings, each for
a declension, a case and one of the stems).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import latin_words
import learned_latin

# Areas of the dictionary: biology and medicine; law, grammar and rhetoric.
AREAS = {"B": "s", "L": "l", "G": "l"}
# From these areas no rarity of late inscriptions, from the other words only the commonest.
KNOWN = {"B": "ABCDE", "L": "ABCD", "G": "ABCD"}
COMMONEST = "A"
UNINFLECTED = ("ADV", "CONJ", "PREP", "INTERJ", "NUM")
STEM_WIDTH = 19
VOWELS = "aeiouy"
# Prefixes that dictionaries of classical Latin do not assimilate; nobody writes "inprobus" for "improbus" today.
UNASSIMILATED = re.compile(
    r"ad(?=[cfglpst])|con(?=[blmpr])|in(?=[blmpr])|ob(?=[cfgp])|sub(?=[cfgp])|ec(?=f)|(?:a|re)vor"
)


def hand_made() -> dict[str, set[str]]:
    """Forms with their marks, from the project's own lists."""
    medical = {
        *decline(latin_words.FIRST, "a", ("a", "ae", "am", "arum", "as", "is")),
        *decline(latin_words.SECOND_US, "us", ("us", "i", "um", "o", "orum", "os", "is")),
        *decline(latin_words.SECOND_UM, "um", ("um", "i", "o", "a", "orum", "is")),
        *decline(latin_words.FOURTH, "us", ("us", "um", "u", "uum", "ibus")),
        *decline(latin_words.FIFTH, "es", ("es", "ei", "em", "e", "erum", "ebus")),
        *decline(
            latin_words.ADJECTIVES_US, "us", ("us", "a", "um", "i", "ae", "o", "am", "orum", "arum", "is", "os", "as")
        ),
        *decline(latin_words.ADJECTIVES_IS, "is", ("is", "e", "i", "es", "ia", "ium", "em", "ibus")),
        *decline(latin_words.COMPARATIVES, "or", ("or", "us", "oris", "ores", "ora", "orum", "ore", "orem", "oribus")),
        *decline(latin_words.MEDICINES, "", ("i", "um", "o")),
        *third(latin_words.THIRD),
        *latin_words.MEDICAL_FORMS,
        *latin_words.ORGANISMS,
    }
    learned = {*words(learned_latin.PHRASES), *latin_words.PRESCRIPTIONS, *latin_words.DRUGS}
    learned |= {*learned_latin.LITTLE_WORDS, *decline(latin_words.MEDICINES, "", ("i",))}
    return {"s": medical, "l": learned}


def words(text: str) -> Iterator[str]:
    yield from (word for word in re.findall(r"[a-z]+", text) if len(word) > 1)


def decline(listed: Iterable[str], ending: str, endings: Iterable[str]) -> Iterator[str]:
    for word in listed:
        stem = word.removesuffix(ending)
        yield from (stem + other for other in endings)


def third(pairs: str) -> Iterator[str]:
    """The third declension: nominative and genitive, and what follows from the genitive."""
    for pair in pairs.split(","):
        nominative, genitive = pair.split()
        yield nominative
        if genitive.endswith("is"):
            stem = genitive.removesuffix("is")
            yield from (stem + ending for ending in ("is", "em", "e", "es", "um", "ibus", "a"))
        else:
            yield genitive


class Entry(NamedTuple):
    stems: tuple[str, str, str, str]
    part: str
    declension: tuple[str, str]
    gender: str
    area: str
    frequency: str


class Ending(NamedTuple):
    part: str
    declension: tuple[str, str]
    codes: tuple[str, ...]
    stem: int
    ending: str


def dictionary(folder: Path) -> dict[str, set[str]]:
    """Forms with their marks, of the dictionary whose two files are in the folder."""
    endings = list(read_endings(folder / "INFLECTS.LAT"))
    found: dict[str, set[str]] = {"s": set(), "l": set()}
    for entry in read_entries(folder / "DICTLINE.GEN"):
        if entry.frequency in KNOWN.get(entry.area, ""):
            mark = AREAS[entry.area]
        elif entry.frequency in COMMONEST:
            mark = "l"
        else:
            continue
        for form in inflect(entry, endings):
            if not UNASSIMILATED.match(form):
                found[mark] |= spellings(form)
    return found


def read_entries(path: Path) -> Iterator[Entry]:
    for line in path.read_text("latin-1").splitlines():
        stems = [line[at : at + STEM_WIDTH].strip() for at in range(0, 4 * STEM_WIDTH, STEM_WIDTH)]
        codes = re.match(r"(\w+)(.*?) [A-Z] ([A-Z]) [A-Z] ([A-Z]) [A-Z] ", line[4 * STEM_WIDTH :])
        if codes is None:
            continue
        fields = codes[2].split()
        declension = (fields[0], fields[1]) if codes[1] in ("N", "ADJ", "V") else ("", "")
        gender = fields[2] if codes[1] == "N" else ""
        yield Entry((stems[0], stems[1], stems[2], stems[3]), codes[1], declension, gender, codes[3], codes[4])


def read_endings(path: Path) -> Iterator[Ending]:
    for line in path.read_text("latin-1").splitlines():
        fields = line.partition("--")[0].split()
        if not fields or fields[0] not in ("N", "ADJ", "V", "VPAR") or fields[-1] != "A":
            continue
        # …, stem, length of the ending, the ending if it has any, age, frequency
        tail = re.search(r" (\d) (\d+) +([a-z]*) *[A-Z] [A-Z]$", " ".join(fields))
        if tail is None or len(tail[3]) != int(tail[2]):
            continue
        codes = " ".join(fields)[: tail.start()].split()
        yield Ending(codes[0], (codes[1], codes[2]), tuple(codes[3:]), int(tail[1]), tail[3])


def inflect(entry: Entry, endings: Iterable[Ending]) -> Iterator[str]:
    """The forms that phrases, titles and diagnoses are made of."""
    if entry.part in UNINFLECTED:
        yield entry.stems[0]
        return
    for ending in endings:
        stem = entry.stems[ending.stem - 1]
        if stem and stem != "zzz" and fits(entry, ending):
            yield stem + ending.ending


def fits(entry: Entry, ending: Ending) -> bool:
    same = ending.part == entry.part or (entry.part, ending.part) == ("V", "VPAR")
    declensions = zip(ending.declension, entry.declension, strict=True)
    if not same or not all(theirs in ("0", ours) for theirs, ours in declensions):
        return False
    if entry.part == "N":
        case, number, gender = ending.codes[:3]
        return wanted(entry, case, number) and of_gender(entry.gender, gender)
    if entry.part == "ADJ":
        case, number, _gender, comparison = ending.codes[:4]
        return wanted(entry, case, number) and comparison == "POS"
    if entry.frequency not in COMMONEST:
        return False
    if ending.part == "V":
        tense, _voice, mood, person, number = ending.codes[:5]
        # An imperative without an ending is that of four verbs only: dic, duc, fac, fer.
        if tense != "PRES" or not ending.ending:
            return False
        return mood == "INF" or (mood, person) == ("IND", "3") or (mood, number) == ("IMP", "S")
    case, number, _gender, tense = ending.codes[:4]
    return tense == "PERF" and case == "NOM"


def wanted(entry: Entry, case: str, number: str) -> bool:
    """Of the commonest words all that a saying may hold, of the others the two forms that a name is made of."""
    return case in ("NOM", "GEN") or (entry.frequency in COMMONEST and case in ("ACC", "ABL"))


def of_gender(ours: str, theirs: str) -> bool:
    return theirs in ("X", ours) or (theirs == "C" and ours in "MFC")


def spellings(form: str) -> set[str]:
    """A form as both schools write it: with a consonant's own letter (jus) and without (ius)."""
    return {form.casefold(), re.sub(rf"j(?=[{VOWELS}])", "i", form.casefold())}
