"""The bar of long work: on a terminal's standard error, after a second, and gone at the end."""

from __future__ import annotations

import io

from role_engine.hosts.cli.progress import PATIENCE, Progress


class Terminal(io.StringIO):
    def __init__(self, *, is_one: bool = True) -> None:
        super().__init__()
        self._is_one = is_one

    def isatty(self) -> bool:
        return self._is_one


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def drawn(stream: Terminal, seconds: float, *, quiet: bool = False) -> str:
    clock = Clock()
    with Progress(100, stream=stream, quiet=quiet, clock=clock) as progress:
        progress.advance(10)
        clock.now = seconds
        progress.advance(40)
        return stream.getvalue()


def test_short_work_draws_nothing() -> None:
    assert drawn(Terminal(), PATIENCE / 2) == ""


def test_long_work_draws_a_bar_on_a_terminal_alone() -> None:
    assert "50/100" in drawn(Terminal(), 2 * PATIENCE)
    assert drawn(Terminal(is_one=False), 2 * PATIENCE) == ""
    assert drawn(Terminal(), 2 * PATIENCE, quiet=True) == ""
