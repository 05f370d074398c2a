"""Names of commands, packages, products and brands for `build_terms.py`."""

from __future__ import annotations

import argparse
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from build_lexicon import brands, languages
from terms_english import COMMON, RARE, English

NAME = re.compile(r"[a-z0-9][a-z0-9+.#_-]*[a-z0-9+#]")
SHORTEST, LONGEST = 3, 24
# A name that reads like English is known as a package only where it is among so many of the most downloaded.
KNOWN_COMPOUND = 1500
# One that a person or a place bears, where it is among so many.
KNOWN_NAME = 300
# A name of several words is one expression where it is among so many.
KNOWN_PHRASE = 6000
# Debian's packages that hold programs; the libraries and the language's modules have names of their own making.
SECTIONS = """
admin net utils shells editors vcs httpd database mail interpreters web kernel devel video sound graphics text
""".split()  # noqa: SIM905 - a table of words
# Or what so many other packages ask for.
ASKED_FOR = 5


def packages(ranked: Iterable[str], english: English) -> set[str]:
    """From names, the most downloaded first, those that are no ordinary words."""
    return {name for rank, name in enumerate(plain(ranked)) if is_own_name(name, rank, english)}


def plain(names: Iterable[str]) -> Iterator[str]:
    """Without npm's scopes; small."""
    for name in names:
        bare = name.strip().casefold()
        if not bare.startswith("@") and NAME.fullmatch(bare) and SHORTEST <= len(bare) <= LONGEST:
            yield bare


def is_own_name(name: str, rank: int, english: English) -> bool:
    parts = [part for part in re.split(r"[-_.+]", name) if part]
    if len(parts) > 1:
        own = [part for part in parts if not english.has(part, RARE) and not part.isdigit()]
        return rank < KNOWN_PHRASE and bool(own) and len(parts) < 4
    if english.has(name, RARE) or name.isdigit() or (name in english.names and rank >= KNOWN_NAME):
        return False
    return rank < KNOWN_COMPOUND or not (english.compound(name) or english.has(name.removesuffix("s"), RARE))


def debian(available: str, english: English) -> set[str]:
    """Names of one word of Debian's packages, from what `apt-cache dumpavail` prints."""
    sections: dict[str, str] = {}
    asked: Counter[str] = Counter()
    for paragraph in available.split("\n\n"):
        fields = dict(re.findall(r"^(Package|Section|Depends|Recommends|Suggests): (.+)$", paragraph, re.MULTILINE))
        if "Package" not in fields:
            continue
        sections[fields["Package"]] = fields.get("Section", "").rpartition("/")[2]
        for relation in ("Depends", "Recommends", "Suggests"):
            asked.update(set(re.findall(r"(?:^|[,|] *)([a-z0-9][a-z0-9+.-]+)", fields.get(relation, ""))))
    known = [name for name, section in sections.items() if section in SECTIONS or asked[name] >= ASKED_FOR]
    one_word = [name for name in known if re.fullmatch(r"[a-z][a-z0-9+]*", name) and not re.match(r"lib.*\d$", name)]
    return packages_of_no_rank(one_word, english)


def packages_of_no_rank(names: Iterable[str], english: English) -> set[str]:
    return {name for name in plain(names) if is_own_name(name, KNOWN_COMPOUND, english)}


def commands(package: Path, english: English) -> set[str]:
    """Commands that Fig's completions know: each is a file named for it."""
    names = [path.stem for path in (package / "build").glob("*.js")]
    return {name for name in plain(names) if is_own_name(name, 0, english)}


def products(options: argparse.Namespace, english: English) -> set[str]:
    """Brands, languages and models; those that are common words only by the hand-made lists."""
    found = {brand for package in options.simple_icons for brand in brands(package)}
    if options.linguist:
        found |= set(languages(options.linguist))
    if options.lobehub:
        found |= {path.name.casefold() for path in (options.lobehub / "es").iterdir() if path.is_dir()}
    if options.transformers:
        found |= set(models(options.transformers))
    return {name for name in found if len(name) > 1 and not english.has(name, COMMON)}


def models(wheel: Path) -> Iterator[str]:
    """The folders of transformers/models, each an architecture."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if found := re.match(r"transformers/models/([a-z][a-z0-9_]+)/__init__\.py", name):
                yield found[1]
