"""Write `language/data/lexicon.txt`: the words that the check knows, and what they are.

Sources (see `extensions/role_engine/language/data/README.md` for versions, licences and how to get them):

    python tools/language_data/build_lexicon.py --scowl scowl/usr/share/dict/scowl \
        --simple-icons simple-icons-16.37.0/package simple-icons-9.21.0/package \
        --linguist linguist-languages-9.5.0/package

One word a line, in order of its UTF-8 bytes, then a tab and its marks:
`c` common, `o` ordinary, `r` rare (a word of the English dictionary), `f` a function word (`c` as well);
`N` a name wherever it stands, `n` a name where its place says so; `t` a tool's name, which may be written small.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from editor_words import CAPITAL_BY_SPELLING, FAMOUS_NAMES, FUNCTION_WORDS, NAMES_AT_TIMES, TOOLS, YOUNGER_WORDS

OUT = Path(__file__).parents[2] / "extensions/role_engine/language/data/lexicon.txt"
COMMONNESS = {10: "c", 20: "c", 35: "o", 40: "o", 50: "r", 55: "r", 60: "r"}
SPELLINGS = ("english", "american", "british", "british_z")
# From this size on, a word that is a first or last name too is taken for the name.
RARE_FOR_A_NAME = 35
WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
SHORTEST, LONGEST = 2, 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scowl", type=Path, required=True, help="the folder with english-words.10 …")
    parser.add_argument("--simple-icons", type=Path, nargs="+", required=True, help="unpacked npm packages")
    parser.add_argument("--linguist", type=Path, required=True, help="the unpacked npm package linguist-languages")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    marks = lexicon(options.scowl, options.simple_icons, options.linguist)
    lines = sorted(f"{word}\t{mark}\n".encode() for word, mark in marks.items())
    options.out.write_bytes(b"".join(lines))
    print(f"{options.out}: {len(lines)} words, {options.out.stat().st_size} bytes")


def lexicon(scowl: Path, icons: Iterable[Path], linguist: Path) -> dict[str, str]:
    """Every word, small, with its marks."""
    size = dictionary(scowl)
    tools = {word for package in icons for word in brands(package)} | set(languages(linguist))
    first_and_last = set(scowl_words(scowl, "proper-names"))
    capitalised = set(scowl_words(scowl, "upper"))
    marks: dict[str, str] = {}
    for word in {*size, *tools, *first_and_last, *capitalised, *FAMOUS_NAMES, *NAMES_AT_TIMES, *TOOLS}:
        marks[word] = COMMONNESS[size[word]] if word in size else ""
        if word in FAMOUS_NAMES or (word in first_and_last and size.get(word, RARE_FOR_A_NAME) >= RARE_FOR_A_NAME):
            marks[word] += "N"
        elif word in tools or word in first_and_last or word in capitalised or word in NAMES_AT_TIMES:
            marks[word] += "n" if word in size else "N"
        if word in TOOLS or (word in tools and word not in size and len(word) > 2):
            marks[word] += "t"
    for word in CAPITAL_BY_SPELLING:
        marks[word] = "c"
    for word in FUNCTION_WORDS:
        marks[word] = "cf"
    return {
        word: mark for word, mark in marks.items() if mark and WORD.fullmatch(word) and SHORTEST <= len(word) <= LONGEST
    }


def dictionary(scowl: Path) -> dict[str, int]:
    """English words, each with the smallest of SCOWL's sizes that holds it."""
    size = {word: 50 for word in YOUNGER_WORDS}
    for limit in COMMONNESS:
        for spelling in SPELLINGS:
            for word in read_list(scowl / f"{spelling}-words.{limit}"):
                size.setdefault(word, limit)
    return {word: limit for word, limit in size.items() if len(word) > 1 and word.islower() and not word.endswith("'s")}


def scowl_words(scowl: Path, sort: str) -> Iterator[str]:
    for limit in COMMONNESS:
        for spelling in SPELLINGS:
            for word in read_list(scowl / f"{spelling}-{sort}.{limit}"):
                if len(word) > 1:
                    yield word.casefold().removesuffix("'s")


def read_list(path: Path) -> list[str]:
    if not path.exists():  # not every spelling has every size
        return []
    return [unicodedata.normalize("NFC", line.strip()) for line in path.read_text("latin-1").splitlines()]


def brands(package: Path) -> Iterator[str]:
    """The brands of simple-icons whose name is one word."""
    path = next(package.glob("*data/simple-icons.json"))
    found = json.loads(path.read_text())
    for icon in found if isinstance(found, list) else found["icons"]:
        if WORD.fullmatch(icon["title"]) and len(icon["title"]) > 1:
            yield icon["title"].casefold()


def languages(package: Path) -> Iterator[str]:
    """The names and aliases of linguist's languages that are one word."""
    for path in (package / "data").glob("*.js"):
        text = path.read_text()
        names = re.findall(r"^  name: '(.*)'", text, re.MULTILINE)
        if aliases := re.search(r"aliases: \[(.*?)\]", text, re.DOTALL):
            names += re.findall(r"'([^']*)'", aliases[1])
        for name in names:
            if WORD.fullmatch(name) and len(name) > 1:
                yield name.casefold()


if __name__ == "__main__":
    main()
