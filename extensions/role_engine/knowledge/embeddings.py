"""Retrieval by meaning: sentence embeddings, where `sentence-transformers` and a model for it are installed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from role_engine.errors import InputError
from role_engine.knowledge.retriever import Hit, Progress, Ranking, numpy_module

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
        self._model, self._likeness = _Model(model), likeness

    @property
    def identity(self) -> str:
        return f"embeddings-1 {self._model.name}"

    def build(self, texts: Sequence[str], folder: Path, progress: Progress) -> None:
        numpy = numpy_module()

        vectors = []
        for start in range(0, len(texts), _BATCH):
            vectors.append(self._model.encode(texts[start : start + _BATCH]))
            progress(min(start + _BATCH, len(texts)), len(texts))
        numpy.save(folder / _VECTORS, numpy.concatenate(vectors).astype(numpy.float32))

    def open(self, folder: Path) -> Ranking:
        numpy = numpy_module()

        vectors = numpy.load(folder / _VECTORS, mmap_mode="r", allow_pickle=False)
        return _EmbeddingRanking(vectors, self._model, self._likeness)


class _Model:
    """A model that is loaded once, and asked by one thread at a time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._loaded: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Any:
        """One vector of length 1 a text, as a numpy array.

        Raises:
            InputError: the package is missing, or the model cannot be loaded or used.
        """
        with self._lock:
            try:
                if self._loaded is None:
                    from sentence_transformers import SentenceTransformer

                    self._loaded = SentenceTransformer(self.name)
                return self._loaded.encode(
                    list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
                )
            except ImportError:
                raise InputError(
                    "Looking things up by meaning needs the package `sentence-transformers`.",
                    hint="pip install sentence-transformers",
                ) from None
            except Exception as error:  # the package and its own packages each have their own
                raise InputError(f"The embedding model {self.name!r} cannot be used: {error}.") from None


class _EmbeddingRanking:
    def __init__(self, vectors: Any, model: _Model, likeness: float) -> None:
        self._vectors, self._model, self._likeness = vectors, model, likeness

    def rank(self, question: str, limit: int) -> list[Hit]:
        numpy = numpy_module()

        likeness = self._vectors @ self._model.encode([question])[0]
        best = numpy.argsort(-likeness, kind="stable")[:limit]
        return [Hit(int(one), float(likeness[one])) for one in best if likeness[one] >= self._likeness]
