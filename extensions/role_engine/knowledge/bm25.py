"""Retrieval by words: BM25 over stems, by `bm25s` (Lù 2024, arXiv 2407.03618).

BM25's scores have no upper bound, so that they cannot say whether a text answers at all. That is judged by *coverage*:
the share of what one sentence of the question asks for, each stem weighed by how rare it is, that the text speaks of.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from role_engine.errors import InputError
from role_engine.knowledge.retriever import Hit, Progress, Ranking, numpy_module
from role_engine.knowledge.stems import SnowballStems, Stems
from role_engine.prompts.sentences import sentence_spans

COVERAGE = 0.3
"""A text must share two stems with a sentence of the question, and they must be at least this share of it."""
ALONE = 0.5
"""One stem in common proves less: it must be half of what is asked, as in «Что такое цугцванг?»."""
BESIDE = 0.7
"""A text must cover at least this share of what the one that covers most does."""
OTHER_TEXTS = 1000
"""Rarity is reckoned as if so many other texts stood beside: in a small file every word would be rare or everywhere."""
LONGEST_QUESTION = 8000
"""Characters of a message, counted from its end, that are looked up."""
CANDIDATES = 50
"""Texts with the best scores whose coverage is looked at."""

_LARGE_CACHE = 200_000


class Bm25Retriever:
    """The default.

    Args:
        stems: makes what cuts texts into stems, told how many words it had best remember.
    """

    def __init__(self, stems: Callable[[int], Stems] = SnowballStems) -> None:
        self._stems = stems

    @property
    def identity(self) -> str:
        return f"bm25-1 {getattr(self._stems, '__name__', '')}"

    def build(self, texts: Sequence[str], folder: Path, progress: Progress) -> None:
        bm25s = _bm25s()
        stems = self._stems(_LARGE_CACHE)
        vocabulary: dict[str, int] = {}
        numbered: list[list[int]] = []
        for done, text in enumerate(texts, 1):
            numbered.append([vocabulary.setdefault(stem, len(vocabulary)) for stem in stems(text)])
            if done < len(texts):
                progress(done, len(texts))
        if not vocabulary:
            vocabulary[""] = 0  # texts of signs alone: an index all the same, which nothing is found in
            numbered[0] = [0]
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.75, csc_backend="numpy")
        index.index((numbered, vocabulary), show_progress=False)
        index.save(folder, show_progress=False)
        progress(len(texts), len(texts))

    def open(self, folder: Path) -> Ranking:
        numpy_module()  # what is missing is told now, not at the first question
        self._stems(0)
        index = _bm25s().BM25.load(folder, mmap=True, show_progress=False)
        return _Bm25Ranking(index, self._stems)


class _Bm25Ranking:
    def __init__(self, index: Any, stems: Callable[[int], Stems]) -> None:
        self._index, self._stems = index, stems
        self._texts = int(index.scores["num_docs"])
        self._postings, self._begins = index.scores["indices"], index.scores["indptr"]

    def rank(self, question: str, limit: int) -> list[Hit]:
        numpy = numpy_module()

        stems = self._stems(0)
        asked = question[-LONGEST_QUESTION:]
        sentences = [frozenset(stems(asked[start:end])) for start, end in sentence_spans(asked)]
        known = {
            stem: self._index.vocab_dict[stem]
            for stem in sorted(set().union(*sentences))
            if stem in self._index.vocab_dict
        }
        if not known:
            return []
        scores = self._index.get_scores_from_ids(list(known.values()))
        best = (
            numpy.argpartition(scores, -CANDIDATES)[-CANDIDATES:]
            if len(scores) > CANDIDATES
            else numpy.arange(len(scores))
        )
        best = best[numpy.lexsort((best, -scores[best]))]
        held = {stem: numpy.isin(best, self._texts_with(number)) for stem, number in known.items()}
        weights = {stem: self._rarity(stem) for sentence in sentences for stem in sentence}
        coverage = [
            max(_coverage({stem for stem, marks in held.items() if marks[place]}, one, weights) for one in sentences)
            for place in range(len(best))
        ]
        least = BESIDE * max(coverage)
        found = [place for place, share in enumerate(coverage) if share > 0 and share >= least][:limit]
        return [Hit(int(best[place]), float(scores[best[place]])) for place in found]

    def _texts_with(self, number: int) -> Any:
        return self._postings[self._begins[number] : self._begins[number + 1]]

    def _rarity(self, stem: str) -> float:
        """BM25's inverse document frequency; highest for a stem that no text holds."""
        number = self._index.vocab_dict.get(stem)
        frequency = 0 if number is None else int(self._begins[number + 1] - self._begins[number])
        return math.log(1 + (self._texts + OTHER_TEXTS - frequency + 0.5) / (frequency + 0.5))


def _coverage(there: Set[str], sentence: Set[str], weights: Mapping[str, float]) -> float:
    """The share of a sentence's stems, by weight, that a text holds; 0 where it is too little to be an answer."""
    shared = sentence & there
    if not shared:
        return 0.0
    share = sum(weights[stem] for stem in shared) / sum(weights[stem] for stem in sentence)
    return share if share >= (COVERAGE if len(shared) > 1 else ALONE) else 0.0


def _bm25s() -> Any:
    try:
        import bm25s
    except ImportError:
        raise InputError("Looking things up needs the package `bm25s`.", hint="pip install bm25s PyStemmer") from None
    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells of every step
    return bm25s
