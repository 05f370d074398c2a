"""The knowledge library of a program: by words, or by meaning where the environment names a model for that."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from role_engine.errors import SettingsError
from role_engine.knowledge import EmbeddingRetriever, KnowledgeLibrary
from role_engine.knowledge.embeddings import LIKENESS
from role_engine.knowledge.retriever import Progress
from role_engine.paths import KNOWLEDGE_CACHE

FOLDER = KNOWLEDGE_CACHE
MODEL_VARIABLE = "ROLE_ENGINE_EMBEDDINGS"
LIKENESS_VARIABLE = "ROLE_ENGINE_EMBEDDINGS_LIKENESS"


def make_knowledge_library(
    cache: Path, *, progress: Progress | None = None, environ: Mapping[str, str] = os.environ
) -> KnowledgeLibrary:
    """The library that keeps its indexes in `cache`.

    Raises:
        SettingsError: the likeness that the environment names is none.
    """
    model = environ.get(MODEL_VARIABLE)
    retriever = EmbeddingRetriever(model, _likeness(environ)) if model else None
    return KnowledgeLibrary(cache / FOLDER, retriever=retriever, progress=progress)


def _likeness(environ: Mapping[str, str]) -> float:
    said = environ.get(LIKENESS_VARIABLE) or str(LIKENESS)
    try:
        likeness = float(said)
    except ValueError:
        likeness = 2.0
    if not -1 <= likeness <= 1:
        raise SettingsError(f"{LIKENESS_VARIABLE} is {said!r}.", hint="It is a cosine, from -1 to 1; 0.5 say.")
    return likeness
