"""Write `language/data/lookalikes.txt`: letters that look Russian, and the Russian words that can be written in them.

    python tools/language_data/build_lookalikes.py CONFUSABLES.json HUNSPELL_DIR SCOWL_DIR

CONFUSABLES.json: `confusable_homoglyphs/confusables.json` of the PyPI package confusable-homoglyphs (Unicode's
confusables.txt as JSON). HUNSPELL_DIR: the folder of `ru_RU.aff` and `ru_RU.dic` (Debian package hunspell-ru).
SCOWL_DIR: Debian package scowl, `/usr/share/dict/scowl`. `language/data/README.md` has their licences.

What is English, a name or an abbreviation in the Latin spelling is left out: «TOP» may be top, «MAKE» may be make. Not
so the shortest Russian words («HE», «OT»): they are looked up among Russian capitals only.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).parents[2] / "extensions/role_engine/language/data/lookalikes.txt"
RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ENGLISH = re.compile(
    r"(?:english|american|british|special)-(?:words|upper|proper-names|abbreviations|hacker|roman-numerals)\.(\d\d)"
)
COMMON = 70
"""The SCOWL size up to which a word is taken for English; larger lists hold rarities that nobody writes."""
# Abbreviations that dictionaries of words do not have.
ABBREVIATIONS = ("ссср", "мрот", "тасс", "мхат")
SHORT = ("не", "на", "но", "он", "то", "во", "от", "ему", "нам", "вам", "том", "тот", "кто", "вот", "так", "сам", "как")


def main(confusables: Path, hunspell: Path, scowl: Path) -> None:
    twins = twin_letters(confusables)
    latin = {russian: letter for letter, russian in twins.items() if letter.isascii()}
    upper = {letter.lower() for letter in latin if letter.isupper()}
    lower = {letter for letter in latin if letter.islower()}
    english = english_words(scowl)
    words = set()
    for form in [*forms(hunspell), *ABBREVIATIONS]:
        word = form.lower()
        if len(word) < 2:
            continue
        in_capitals = "".join(latin[char] for char in word.upper()) if set(word) <= upper else None
        in_small = "".join(latin[char] for char in word) if set(word) <= lower else None
        spellings = [spelling.lower() for spelling in (in_capitals, in_small) if spelling]
        if spellings and (word in SHORT or not any(spelling in english for spelling in spellings)):
            words.add(word)
    lines = [
        "# Written by tools/language_data/build_lookalikes.py; sources and licences: README.md in this folder.",
        " ".join(letter + russian for letter, russian in sorted(twins.items())),
        *sorted(words),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(twins)} letters, {len(words)} words")


def twin_letters(path: Path) -> dict[str, str]:
    """Latin and Greek letter → the Russian letter that it can be taken for, of the same case."""
    found = {}
    for letter, alike in json.loads(path.read_text(encoding="utf-8")).items():
        if letter in RUSSIAN:
            for other in alike:
                char, name = other["c"], other["n"]
                script = name.startswith(("LATIN", "GREEK")) and len(char) == 1 and ord(char) < 0x400
                if script and char.isupper() == letter.isupper() and char.isalpha():
                    found[char] = letter
    # The same relation, one step further: what Unicode takes for the same Latin letter (Greek «ο» and Latin «o»).
    by_prototype = dict(found)
    for char, russian in by_prototype.items():
        for other in json.loads(path.read_text(encoding="utf-8")).get(char, ()):
            twin = other["c"]
            plain = len(twin) == 1 and 0x370 <= ord(twin) < 0x400 and twin.isupper() == char.isupper()
            if plain and other["n"].startswith("GREEK"):
                found.setdefault(twin, russian)
    return found


def english_words(folder: Path) -> frozenset[str]:
    words = set()
    for path in folder.iterdir():
        name = ENGLISH.fullmatch(path.name)
        if name and int(name[1]) <= COMMON:
            words.update(path.read_text(encoding="latin-1").lower().split())
    return frozenset(words)


def forms(folder: Path) -> Iterator[str]:
    """Every form that the dictionary's suffix rules make; it has no rules for prefixes that matter here."""
    rules: dict[str, list[tuple[str, str, re.Pattern[str]]]] = defaultdict(list)
    for line in (folder / "ru_RU.aff").read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX":
            flag, strip, add, condition = parts[1], *("" if part == "0" else part for part in parts[2:4]), parts[4]
            rules[flag].append((strip, add.split("/")[0], re.compile(condition + r"\Z")))
    for line in (folder / "ru_RU.dic").read_text(encoding="utf-8").splitlines()[1:]:
        stem, _, flags = line.strip().partition("/")
        yield stem
        for flag in flags:
            for strip, add, fits in rules[flag]:
                if stem.endswith(strip) and fits.search(stem):
                    yield stem[: len(stem) - len(strip)] + add


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
