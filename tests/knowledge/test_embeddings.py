"""Retrieval by meaning, with a model that knows two meanings in place of a real one."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from role_engine.app.knowledge import make_knowledge_library
from role_engine.errors import SettingsError
from role_engine.knowledge import EmbeddingRetriever, KnowledgeLibrary

numpy = pytest.importorskip("numpy", reason="embeddings are arrays")


class SentenceTransformer:
    """Plants lie one way, pumpkins another, everything else a third."""

    def __init__(self, name: str) -> None:
        if name == "broken":
            raise OSError("no such model")

    def encode(self, texts: list[str], **options: Any) -> Any:
        assert options == {"normalize_embeddings": True, "convert_to_numpy": True, "show_progress_bar": False}
        marks = [("чеснок", "зубк"), ("тыкв",)]
        rows = [[float(any(mark in text.lower() for mark in group)) for group in marks] for text in texts]
        return numpy.array([[*row, float(not any(row))] for row in rows], dtype="float32")


@pytest.fixture(autouse=True)
def sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = SentenceTransformer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


def test_found_by_meaning(cache: Path, notes: Path) -> None:
    library = KnowledgeLibrary(cache, retriever=EmbeddingRetriever("tiny"))
    assert "Озимый" in library.find([notes], "Что делать с зубками?", 1)[0].text
    assert "Тыкву" in library.find([notes], "Тыква?", 3)[0].text
    (folder,) = next(cache.iterdir()).iterdir()
    assert (folder / "vectors.npy").is_file()
    assert KnowledgeLibrary(cache, retriever=EmbeddingRetriever("tiny", 1.1)).find([notes], "Тыква?", 3) == []


def test_the_environment_names_the_model(tmp_path: Path, notes: Path) -> None:
    named = make_knowledge_library(tmp_path, environ={"ROLE_ENGINE_EMBEDDINGS": "tiny"})
    assert "Озимый" in named.find([notes], "Что делать с зубками?", 1)[0].text
    assert make_knowledge_library(tmp_path, environ={}).find([notes], "Что делать с зубками?", 1) == []
    with pytest.raises(SettingsError, match="LIKENESS is 'many'"):
        make_knowledge_library(
            tmp_path, environ={"ROLE_ENGINE_EMBEDDINGS": "tiny", "ROLE_ENGINE_EMBEDDINGS_LIKENESS": "many"}
        )


@pytest.mark.parametrize("missing", [True, False])
def test_without_package_or_model_it_is_said(
    cache: Path, notes: Path, missing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing:
        monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    library = KnowledgeLibrary(cache, retriever=EmbeddingRetriever("broken"))
    assert library.find([notes], "Тыква?", 3) == []
    (problem,) = library.problems([notes])
    assert ("pip install sentence-transformers" if missing else "'broken' cannot be used") in problem


def test_a_model_that_fails_at_a_question_is_said(
    cache: Path, notes: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    library = KnowledgeLibrary(cache, retriever=EmbeddingRetriever("tiny"))
    assert library.find([notes], "Тыква?", 3)

    def fails(self: Any, texts: list[str], **options: Any) -> Any:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(SentenceTransformer, "encode", fails)
    assert library.find([notes], "Тыква?", 3) == []
    assert "out of memory" in caplog.text
