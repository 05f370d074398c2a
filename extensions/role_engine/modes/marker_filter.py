"""Takes markers out of a stream of text. What may become one is held until that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import regex

from role_engine.held_text import find_partial_end, may_become_one_of, starts_with_one_of
from role_engine.language.markup.markers import ANSWER
from role_engine.language.markup.reasoning_formats import find_open_reasoning
from role_engine.modes.markers import NATIVE_BLOCKS, neutral

LONGEST_MARKER = 96


def replace_marker(marker: str) -> str:
    """What stands in an answer in a marker's place: nothing, where nothing is lost by that."""
    return neutral(marker) if marker == "thought\n" else ""


@dataclass(frozen=True, slots=True)
class FilterRules:
    """What a sieve does.

    Attributes:
        markers: what is taken out.
        replaced: what stands in a marker's place.
        caught: markers that end the text. They are looked for first.
        native: the reasoning block of a model's own, which may open a reply, goes through as it is.
    """

    markers: regex.Pattern[str]
    replaced: Callable[[str], str] = replace_marker
    caught: regex.Pattern[str] | None = None
    native: bool = False


class MarkerFilter:
    """Sifts a text that arrives in pieces; how it is cut makes no difference to what comes out.

    What comes out never holds a marker, also where taking one out would put another together: then a space stands in
    its place.

    Args:
        tail: what the text goes on from (an opened `<think>`, a reply that was begun); no part of the output.

    Attributes:
        caught: what ended the text; nothing more comes out then.
    """

    def __init__(self, sifting: FilterRules, tail: str = "") -> None:
        self._sifting = sifting
        self._patterns = tuple(p for p in (sifting.caught, sifting.markers) if p is not None)
        self._phase: Literal["start", "inside", "behind", "text"] = "start" if sifting.native else "text"
        self._closer = ""
        self._held = ""
        self._behind = ""  # the end of what came out, in which a marker may have begun
        self.caught: regex.Match[str] | None = None
        if tail:
            self._begin_after(tail)

    def _begin_after(self, tail: str) -> None:
        opened = find_open_reasoning(tail)
        if self._phase != "text" and opened is not None:
            self._phase, self._closer = "inside", opened.closer
            return
        self.feed(tail)
        self._held, self._behind, self.caught = "", tail[-LONGEST_MARKER:], None

    @property
    def held(self) -> str:
        """Taken in and not yet let out."""
        return self._held

    def feed(self, piece: str) -> str:
        """Take the next piece; what can be let out then."""
        if self.caught is not None:
            return ""
        self._held += piece
        return self._known(finished=False)

    def finish(self) -> str:
        """Nothing follows: the rest."""
        return "" if self.caught is not None else self._known(finished=True)

    def _known(self, finished: bool) -> str:
        out: list[str] = []
        while self._held and self.caught is None and self._step(out, finished):
            pass
        return "".join(out)

    def _step(self, out: list[str], finished: bool) -> bool:
        """Decide some of what is held; False when that takes more text."""
        if self._phase == "text":
            return self._sift(out, finished)
        if self._phase == "inside":
            at = self._held.find(self._closer)
            if at >= 0:
                self._let_out(out, at + len(self._closer))
                self._phase = "behind"
                return True
            self._let_out(out, len(self._held) if finished else find_partial_end(self._held, (self._closer,)))
            return False
        return self._before_the_text(out, finished)

    def _before_the_text(self, out: list[str], finished: bool) -> bool:
        """At the reply's start, or behind its reasoning: is it a marker of the model's own that comes?"""
        held, starts = self._held, self._phase == "start"
        blank = len(held) - len(held.lstrip())
        if starts and (opener := starts_with_one_of(held, blank, NATIVE_BLOCKS)):
            self._let_out(out, blank + len(opener))
            self._phase, self._closer = "inside", NATIVE_BLOCKS[opener]
            return True
        if marker := starts_with_one_of(held, blank, ANSWER):
            self._let_out(out, blank + len(marker))
            self._phase = "behind"
            return True
        if not finished and may_become_one_of(held, blank, (*ANSWER, *NATIVE_BLOCKS) if starts else ANSWER):
            return False
        self._phase = "text"
        return True

    def _sift(self, out: list[str], finished: bool) -> bool:
        text, at = self._held, 0
        while at < len(text):
            found = self._marker_from(text, at, finished)
            if found is None:
                break
            self._let_out(out, found.start() - (len(text) - len(self._held)))
            if found.partial:
                return False
            if self._sifting.caught is not None and found.re is self._sifting.caught:
                self.caught, self._held = found, ""
                return False
            self._held = text[found.end() :]
            self._put(out, self._sifting.replaced(found.group()) or (" " if self._may_join() else ""))
            at = found.end()
        self._let_out(out, len(self._held))
        return False

    def _marker_from(self, text: str, at: int, finished: bool) -> regex.Match[str] | None:
        """The first marker from `at` on, or what may become one at the text's end."""
        for start in range(at, len(text)):
            if text[start] not in "<[t":
                continue
            for pattern in self._patterns:
                found = pattern.match(text, start, partial=not finished)
                if found is not None:
                    return found
        return None

    def _may_join(self) -> bool:
        """Whether what follows might complete a marker that begins in what came out already."""
        behind = self._behind
        return any(
            (found := pattern.match(behind, start, partial=True)) is not None and found.partial
            for start in range(len(behind))
            if behind[start] in "<[t"
            for pattern in self._patterns
        )

    def _let_out(self, out: list[str], size: int) -> None:
        text, self._held = self._held[:size], self._held[size:]
        self._put(out, text)

    def _put(self, out: list[str], text: str) -> None:
        if text:
            out.append(text)
            self._behind = (self._behind + text)[-LONGEST_MARKER:]


def filter_text(text: str, sifting: FilterRules) -> str:
    """A whole text, sifted."""
    sieve = MarkerFilter(sifting)
    return sieve.feed(text) + sieve.finish()
