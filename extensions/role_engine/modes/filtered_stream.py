"""A reply that one question is enough for, without what no reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from role_engine.guard.report import ReplyReport
from role_engine.modes.marker_filter import FilterRules, MarkerFilter
from role_engine.modes.markers import forbidden


class FinalText(Protocol):
    """Final text in pieces, as `guarded_stream` gives it."""

    report: ReplyReport

    def __next__(self) -> str: ...
    def __iter__(self) -> Iterator[str]: ...
    def close(self) -> None: ...


class FilteredStream(Iterator[str]):
    """Final text, sifted; the model's own reasoning goes through.

    Args:
        tail: what of the prompt's end belongs to the reply.
        tokens: the modes' tokens.
    """

    def __init__(self, text: FinalText, tail: str, tokens: tuple[str, ...]) -> None:
        self.report = text.report
        self._text = text
        self._pieces = _sifted(text, MarkerFilter(FilterRules(forbidden(tokens), native=True), tail))

    def __iter__(self) -> FilteredStream:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        self._text.close()


def _sifted(text: FinalText, sieve: MarkerFilter) -> Iterator[str]:
    for piece in text:
        if out := sieve.feed(piece):
            yield out
    if rest := sieve.finish():
        yield rest
