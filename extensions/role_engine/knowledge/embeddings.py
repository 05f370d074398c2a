"""Retrieval by meaning: sentence embeddings, where `sentence-transformers` and a model for it are installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from role_engine.errors import InputError
from role_engine.knowledge.retriever import Hit, Progress, Ranking

LIKENESS = 0.5
"""Cosine from which a text is taken to answer. Models differ: measure yours."""

_BATCH = 256
_VECTORS = "vectors.npy"


class EmbeddingRetriever:
    """Finds by the cosine of embeddings.

    Args:
        model: a model's folder, or its name where sentence-transformers knows it; loaded when it is first used.
        likeness: see `LIKENESS`.
    """

    def __init__(self, model: str, likeness: float = LIKENESS) -> None:
        self._name, self._likeness = model, likeness
        self._loaded: Any = None

    @property
    def identity(self) -> str:
        return f"embeddings-1-{self._name}"

    def build(self, texts: Sequence[str], folder: Path, progress: Progress) -> None:
        import numpy

        vectors = []
        for start in range(0, len(texts), _BATCH):
            vectors.append(self._encoded(list(texts[start : start + _BATCH])))
            progress(min(start + _BATCH, len(texts)), len(texts))
        numpy.save(folder / _VECTORS, numpy.concatenate(vectors).astype(numpy.float32))

    def open(self, folder: Path) -> Ranking:
        import numpy

        self._model()
        return _EmbeddingRanking(numpy.load(folder / _VECTORS, mmap_mode="r", allow_pickle=False), self)

    def _encoded(self, texts: list[str]) -> Any:
        return self._model().encode(texts, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)

    def _model(self) -> Any:
        if self._loaded is None:
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError:
                raise InputError(
                    "Looking things up by meaning needs the package `sentence-transformers`.",
                    hint="pip install sentence-transformers",
                ) from None
            try:
                self._loaded = SentenceTransformer(self._name)
            except Exception as error:  # the package and its own packages each have their own
                raise InputError(f"The embedding model {self._name!r} cannot be loaded: {error}.") from None
        return self._loaded


class _EmbeddingRanking:
    def __init__(self, vectors: Any, retriever: EmbeddingRetriever) -> None:
        self._vectors, self._retriever = vectors, retriever

    def rank(self, question: str, limit: int) -> list[Hit]:
        import numpy

        likeness = self._vectors @ self._retriever._encoded([question])[0]
        best = numpy.argsort(-likeness, kind="stable")[:limit]
        return [Hit(int(one), float(likeness[one])) for one in best if likeness[one] >= self._retriever._likeness]
