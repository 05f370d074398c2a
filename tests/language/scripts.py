"""The scripts of `tools/language_data/`, as modules."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).parents[2] / "tools" / "language_data"


@contextmanager
def imported(*names: str) -> Iterator[dict[str, ModuleType]]:
    """The scripts of these names; they import each other as they do on the command line."""
    sys.path.insert(0, str(TOOLS))
    before = set(sys.modules)
    try:
        yield {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(TOOLS))
        for name in set(sys.modules) - before:
            if str(TOOLS) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]


def need(*packages: str) -> None:
    """Skip where a package is not installed that only the scripts need."""
    for package in packages:
        pytest.importorskip(package, reason=f"{package} is installed by who makes the language data")
