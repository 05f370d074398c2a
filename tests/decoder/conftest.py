"""Vocabularies: Qwen's where `ROLE_ENGINE_TEST_DATA` names a folder that has it, and two trained here."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

NAMES = ("qwen", "llama", "sentencepiece")


@cache
def tokenizer_called(name: str) -> Any:
    from tokenizers import Tokenizer

    from tests.decoder import tokenizers_for_tests

    if name == "llama":
        return tokenizers_for_tests.like_llama()
    if name == "sentencepiece":
        return tokenizers_for_tests.like_sentencepiece()
    path = Path(os.environ.get("ROLE_ENGINE_TEST_DATA", "/nowhere"), "qwen2-tokenizer", "tokenizer.json")
    if not path.is_file():
        pytest.skip("ROLE_ENGINE_TEST_DATA names no folder with qwen2-tokenizer/tokenizer.json")
    return Tokenizer.from_file(str(path))


@cache
def vocabulary_of(name: str) -> Any:
    from role_engine.decoder.vocabulary import Vocabulary

    return Vocabulary.of_tokenizer(tokenizer_called(name))


@pytest.fixture(scope="session", params=NAMES)
def tokenizer(request: pytest.FixtureRequest) -> Any:
    return tokenizer_called(request.param)


@pytest.fixture(scope="session", params=NAMES)
def vocabulary(request: pytest.FixtureRequest) -> Any:
    return vocabulary_of(request.param)
