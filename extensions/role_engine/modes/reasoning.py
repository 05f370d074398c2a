"""A reply's reasoning and its answer, told apart while it streams.

The blocks are those that text-generation-webui takes out of a reply (its `modules/reasoning.py`), as far as the guard
lets them through: one, at the reply's start. A prompt may have opened it already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from role_engine.held_text import find_partial_end, may_become_one_of, starts_with_one_of
from role_engine.language.markup.markers import ANSWER, THINKING


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """Some more of the answer, or of the reasoning before it."""

    text: str
    is_reasoning: bool = False


class ReasoningSplitter:
    """Splits a text that arrives in pieces; how it is cut makes no difference to what comes out.

    White space round the reasoning is left out, and so is a block with nothing in it. A block that is never closed is
    reasoning to its end. What was released is never taken back; held back is what may yet be a marker, and white space
    that the end of the reasoning may follow.

    Args:
        tail: what the text goes on from (an opened `<think>`, a reply that was begun); no part of the output.
    """

    def __init__(self, tail: str = "") -> None:
        self._phase: Literal["start", "reasoning", "answer", "body"] = "start"
        self._closer = ""
        self._reasoned = False
        self._held = ""
        self._of_tail = 0
        if tail:
            self.feed(tail)
            self._of_tail = len(self._held)

    def feed(self, piece: str) -> list[ReplyPart]:
        """Take the next piece; what is known then."""
        self._held += piece
        return self._known(finished=False)

    def finish(self) -> list[ReplyPart]:
        """Nothing follows: the rest."""
        return self._known(finished=True)

    def _known(self, finished: bool) -> list[ReplyPart]:
        parts: list[ReplyPart] = []
        while self._held and self._step(parts, finished):
            pass
        return parts

    def _step(self, parts: list[ReplyPart], finished: bool) -> bool:
        """Decide some of what is held; False when that takes more text."""
        if self._phase == "body":
            self._release(parts, len(self._held))
            return True
        if self._phase == "reasoning":
            return self._reason(parts, finished)
        return self._before_the_answer(parts, finished)

    def _reason(self, parts: list[ReplyPart], finished: bool) -> bool:
        held = self._held
        if not self._reasoned and (blank := len(held) - len(held.lstrip())):
            self._take(blank)
            return True
        at = held.find(self._closer)
        closed = at >= 0
        end = at if closed else len(held) if finished else find_partial_end(held, (self._closer,))
        if said := len(held[:end].rstrip()):
            self._reasoned = True
            self._release(parts, said, is_reasoning=True)
        if closed:
            self._take(at + len(self._closer) - said)
            self._phase = "answer"
        elif finished:
            self._take(len(self._held))
        return closed

    def _before_the_answer(self, parts: list[ReplyPart], finished: bool) -> bool:
        """At the text's start or behind the reasoning: is it a marker that comes?"""
        held, starts = self._held, self._phase == "start"
        blank = len(held) - len(held.lstrip())
        if starts and (opener := starts_with_one_of(held, blank, THINKING)):
            self._take(blank + len(opener))
            self._phase, self._closer = "reasoning", THINKING[opener]
            return True
        if marker := starts_with_one_of(held, blank, ANSWER):
            self._take(blank + len(marker))
            self._phase = "answer"
            return True
        markers = (*ANSWER, *THINKING) if starts else ANSWER
        if not finished and may_become_one_of(held, blank, markers):
            return False
        if not starts:
            self._take(blank)
        if self._held:
            self._phase = "body"
        return True

    def _release(self, parts: list[ReplyPart], size: int, *, is_reasoning: bool = False) -> None:
        if text := self._take(size):
            parts.append(ReplyPart(text, is_reasoning))

    def _take(self, size: int) -> str:
        """Remove so many characters; those of them that are not the tail's."""
        taken, self._held = self._held[:size], self._held[size:]
        old = min(self._of_tail, size)
        self._of_tail -= old
        return taken[old:]


def split_reasoning(text: str, tail: str = "") -> tuple[str, str]:
    """Reasoning and answer of a whole text, either of them perhaps empty."""
    splitter = ReasoningSplitter(tail)
    parts = [*splitter.feed(text), *splitter.finish()]
    return (
        "".join(part.text for part in parts if part.is_reasoning),
        "".join(part.text for part in parts if not part.is_reasoning),
    )
