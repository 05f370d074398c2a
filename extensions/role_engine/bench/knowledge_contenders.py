"""Who looks things up, one a process: `python -m role_engine.bench.knowledge_contenders NAME`, the task on stdin.

The texts are made up: Zipf's law over words of Russian syllables and endings, so that a stemmer has its work.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from role_engine.bench.detectors import resident_megabytes

WORDS = 40
"""Of a text."""
ASKED = 5
"""Words of a question, all of them from one text."""
STEMS = 40_000

_SYLLABLES = [a + b for a, b in itertools.product("бвгдзклмнпрст", "аеиоуы")]
_ENDINGS = ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах", "ить", "ил", "ила", "ят", "ный", "ная", "ного")

Search = Callable[[str], Any]


def corpus(texts: int, seed: int = 1) -> list[str]:
    """So many texts of made-up words, a sentence or more each; the same for the same numbers."""
    chance = random.Random(seed)
    stems = [
        "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) + chance.choice("бвгдкмнпрст") for _ in range(STEMS)
    ]
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(STEMS)))
    drawn = chance.choices(stems, cum_weights=weights, k=texts * WORDS)
    forms = (stem + chance.choice(_ENDINGS) for stem in drawn)
    return [" ".join(itertools.islice(forms, WORDS)).capitalize() + "." for _ in range(texts)]


def questions(texts: Sequence[str], count: int, seed: int = 2) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.sample(chance.choice(texts).rstrip(".").split(), ASKED)) + "?" for _ in range(count)]


def role_engine(texts: Sequence[str], folder: Path) -> Search:
    """As a role has it: a file, an index on the disk, a threshold."""
    from role_engine.knowledge import KnowledgeLibrary

    file = folder / "notes.md"
    if not file.exists():
        file.write_text("\n\n".join(texts), encoding="utf-8")
    library = KnowledgeLibrary(folder / "cache")
    assert library.find([file], texts[0], 3)
    return lambda question: library.find([file], question, 3)


def bm25s(texts: Sequence[str], folder: Path) -> Search:
    """As its authors recommend: its own tokenizer, PyStemmer, the texts beside it in memory."""
    import bm25s as package
    import Stemmer

    stemmer = Stemmer.Stemmer("russian")
    index = package.BM25(corpus=texts)
    index.index(package.tokenize(texts, stopwords="ru", stemmer=stemmer, show_progress=False), show_progress=False)

    def search(question: str) -> Any:
        tokens = package.tokenize(question, stopwords="ru", stemmer=stemmer, show_progress=False)
        return index.retrieve(tokens, k=3, show_progress=False)

    return search


def rank_bm25(texts: Sequence[str], folder: Path) -> Search:
    """The package that tutorials name, with the same stemmer."""
    import Stemmer
    from rank_bm25 import BM25Okapi

    stemmer = Stemmer.Stemmer("russian")

    def tokens(text: str) -> list[str]:
        return list(stemmer.stemWords(re.findall(r"\w+", text.lower())))

    index = BM25Okapi([tokens(text) for text in texts])
    return lambda question: index.get_top_n(tokens(question), texts, n=3)


CONTENDERS = {"role_engine": role_engine, "bm25s": bm25s, "rank_bm25": rank_bm25}
PACKAGES = {"role_engine": "bm25s PyStemmer", "bm25s": "bm25s PyStemmer", "rank_bm25": "rank-bm25 PyStemmer"}


def measure_contender(name: str, texts: int, asked: int, folder: Path) -> dict[str, float | None]:
    """Seconds until it can be asked, milliseconds a question (median), MB that are held then and were at most.

    MB are over those that the process held with the texts alone.
    """
    written = corpus(texts)
    wanted = questions(written, asked)
    before = resident_megabytes() or 0.0
    begun = time.perf_counter()
    search = CONTENDERS[name](written, folder)
    ready = time.perf_counter() - begun
    spent = []
    for question in wanted:
        begun = time.perf_counter()
        search(question)
        spent.append(1000 * (time.perf_counter() - begun))
    held = resident_megabytes()
    peak = _peak_megabytes()
    return {
        "ready": ready,
        "question": statistics.median(spent),
        "held": None if held is None else held - before,
        "peak": None if peak is None else peak - before,
    }


def _peak_megabytes() -> float | None:
    """The most that the process has held in memory; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 2**20)


def main() -> None:
    given = json.load(sys.stdin)
    try:
        found: dict[str, float | None] | None = measure_contender(
            sys.argv[1], given["texts"], given["questions"], Path(given["folder"])
        )
    except ImportError:
        found = None
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
