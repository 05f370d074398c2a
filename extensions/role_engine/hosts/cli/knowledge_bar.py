"""The roles' knowledge on the command line: a bar while an index is built."""

from __future__ import annotations

from role_engine.app.knowledge import make_knowledge_library
from role_engine.hosts.cli.progress import Progress
from role_engine.knowledge import KnowledgeLibrary
from role_engine.paths import cache_folder


def open_knowledge() -> KnowledgeLibrary:
    """The library that keeps its indexes in the cache folder."""
    return make_knowledge_library(cache_folder(), progress=_Bar())


class _Bar:
    """One bar an index, from its first text to its last."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._before = 0

    def __call__(self, done: int, of: int) -> None:
        if self._bar is None:
            self._bar, self._before = Progress(of, unit="texts").__enter__(), 0
        self._bar.advance(done - self._before)
        self._before = done
        if done >= of:
            self._bar.__exit__(None, None, None)
            self._bar = None
