"""What finds fragments: the interface that BM25 and embeddings share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from role_engine.errors import InputError

Progress = Callable[[int, int], None]
"""Called with how many texts are done, and of how many."""
Reading = Callable[[str, int, int], None]
"""Called before a file is read: its name, its number from 1, and of how many."""


def numpy_module() -> Any:
    """numpy, which every retriever needs and not every environment has.

    Raises:
        InputError: it is not installed.
    """
    try:
        import numpy
    except ImportError:
        raise InputError("Looking things up needs the package `numpy`.", hint="pip install numpy") from None
    return numpy


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that answers: its number in the index, and how well, in the retriever's own measure."""

    number: int
    score: float


class Ranking(Protocol):
    """An index that is open. May be used from several threads at once."""

    def rank(self, question: str, limit: int) -> list[Hit]:
        """The texts that speak of what is asked, the best first; empty where none does.

        Raises:
            InputError: a package is missing, a model cannot be used.
        """
        ...


class Retriever(Protocol):
    """A way to look things up.

    Attributes:
        identity: changes whenever an index that was written before no longer serves.
    """

    @property
    def identity(self) -> str: ...

    def build(self, texts: Sequence[str], folder: Path, progress: Progress) -> None:
        """Write the index of `texts` into `folder`, which is there and empty.

        Raises:
            InputError: a package is missing.
        """
        ...

    def open(self, folder: Path) -> Ranking:
        """The index that `build` wrote.

        Raises:
            InputError: a package is missing.
        """
        ...
