"""A bar for work that takes a while, on standard error and only where somebody sees it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, TextIO

PATIENCE = 1.0
"""Seconds without a bar: most texts are done by then."""


class Progress:
    """Counts what is done of `total` (None: not known) and draws it once the work takes longer than `PATIENCE`.

    `unit` is what is counted: bytes are shown as kB and MB.

    Nothing is drawn where standard error is no terminal, nor where results go to a terminal at the same time line by
    line (`quiet`).
    """

    def __init__(
        self,
        total: int | None,
        *,
        stream: TextIO | None = None,
        quiet: bool = False,
        unit: Literal["bytes", "texts"] = "bytes",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total, self._stream, self._clock = total, stream or sys.stderr, clock
        self._shown = not quiet and self._stream.isatty()
        self._begun, self._done = clock(), 0
        self._unit = unit
        self._bar: Any = None

    def advance(self, amount: int) -> None:
        self._done += amount
        if self._bar is not None:
            self._bar.update(0, completed=self._done)
        elif self._shown and self._clock() - self._begun > PATIENCE:
            self._draw()

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(file=self._stream, stderr=True)
        counted = DownloadColumn() if self._unit == "bytes" else MofNCompleteColumn()
        self._bar = Bar(BarColumn(), counted, TimeRemainingColumn(), console=console, transient=True)
        self._bar.add_task("", total=self._total, completed=self._done)
        self._bar.start()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
