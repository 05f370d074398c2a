"""Real small models, from the folder that `ROLE_ENGINE_REAL_MODELS` names: GGUF files, directories for Transformers.

A model is found by what its name holds: `0.5b`, `1.5b`, `gemma`. Hosts run on one thread, limits are generous, and no
time is asserted. `ROLE_ENGINE_REAL_N` says how many of the shipped questions are asked (default 4, spread evenly).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from role_engine.bench.replies.questions import BenchQuestion, read_questions

HERE = Path(__file__).parent
SECONDS_PER_TEST = 3600

FindModel = Callable[[str], Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without models every test here is skipped, with the reason; with them, each may take its time."""
    missing = None if os.environ.get("ROLE_ENGINE_REAL_MODELS") else "set ROLE_ENGINE_REAL_MODELS to a folder of models"
    for item in items:
        if HERE not in Path(item.path).parents:
            continue
        item.add_marker(pytest.mark.timeout(SECONDS_PER_TEST))
        if missing:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def gguf() -> FindModel:
    """The GGUF file whose name holds a word; the test is skipped where there is none."""
    return lambda word: _find(word, lambda path: path.suffix == ".gguf")


@pytest.fixture(scope="session")
def directory() -> FindModel:
    """The directory for Transformers whose name holds a word; the test is skipped where there is none."""
    return lambda word: _find(word, lambda path: (path / "config.json").is_file())


def _find(word: str, fits: Callable[[Path], bool]) -> Path:
    folder = Path(os.environ["ROLE_ENGINE_REAL_MODELS"])
    found = next((path for path in sorted(folder.iterdir()) if word in path.name.lower() and fits(path)), None)
    if found is None:
        pytest.skip(f"{folder} holds no such model of {word}")
    return found


@pytest.fixture(scope="session")
def questions() -> list[BenchQuestion]:
    """Some of the shipped questions, of all categories; long contexts stay out, for the sake of time."""
    short = [question for question in read_questions() if len(question.text) < 300]
    count = min(int(os.environ.get("ROLE_ENGINE_REAL_N", "4")), len(short))
    return [short[number * len(short) // count] for number in range(count)]
