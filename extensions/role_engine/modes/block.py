"""The passes of a mode as one `<think>` block before the answer.

A host folds the block away by its tags. It also ends a reply at the first of the request's stop strings, wherever that
stands, so what is written between the texts avoids them.
"""

from __future__ import annotations

from collections.abc import Sequence

from role_engine.language.markup.reasoning_formats import THINK, map_closers

OPENER, CLOSER = THINK.opener, THINK.closer
_CLOSERS = map_closers("reply", "prompt", "stripped")
_REMEMBERED = 256


class ThinkBlock:
    """Writes a reply: what is thought first, then what is said. Each call returns the text to append.

    The block begins with the first thought and ends with the first word that is said; without a thought there is none.

    Args:
        opened: the opener that the prompt ends with. The host writes it into the reply itself.
        stop: stop strings of the request.
    """

    def __init__(self, opened: str = "", stop: Sequence[str] = ()) -> None:
        self._closer = _CLOSERS.get(opened, CLOSER)
        self._inside = bool(opened)
        self._thought = False
        self._said = False
        self._stop = (*stop, "thought\n")  # which some hosts read as an opener, too
        self._before = ""

    def title(self, text: str) -> str:
        """A heading for the thoughts that follow; left out where it holds a stop string."""
        if self._said:
            return ""
        gap = self._written(self._gap("\n\n", "\n", " ", "")) if self._thought else self._opening()
        if not text or self._stops(f"{text}:"):
            return gap
        return gap + self._written(f"{text}:") + self._written(self._gap("\n", " ", ""))

    def think(self, text: str) -> str:
        """Some more of the thoughts; what comes after the first word of the answer is left out."""
        if not text or self._said:
            return ""
        return self._opening() + self._written(text)

    def say(self, text: str) -> str:
        if not text:
            return ""
        return self.close() + self._written(text)

    def heading(self, text: str, *, first: bool) -> str:
        """A line that names who speaks from here on; `first`: nothing has been said yet."""
        closed = self.close()
        gap = "" if first else self._gap("\n\n", "\n", " ", "")
        if self._stops(gap + text):
            return closed + self._written(gap)
        return closed + self._written(gap + text) + self._written(self._gap("\n\n", "\n", " ", ""))

    def close(self) -> str:
        """The end of the thoughts, if there were any."""
        if self._said or not self._inside:
            self._said = True
            return ""
        before = self._written(self._gap("\n", " ", "")) if self._thought else ""
        self._said = True
        return before + self._written(self._closer) + self._written(self._gap("\n\n", "\n", " ", ""))

    def as_it_comes(self, text: str) -> str:
        """Some of a reply that the model writes whole, its reasoning included."""
        self._said = True
        return self._written(text)

    def _opening(self) -> str:
        if self._thought:
            return ""
        self._thought = True
        if self._inside:
            return self._written(self._gap("\n", " ", ""))
        self._inside = True
        return self._written(OPENER) + self._written(self._gap("\n", " ", ""))

    def _gap(self, *choices: str) -> str:
        """The first of `choices` that completes no stop string."""
        return next((gap for gap in choices if not self._stops(gap)), choices[-1])

    def _stops(self, text: str) -> bool:
        whole = self._before + text
        return any(whole.find(string, max(0, len(self._before) - len(string) + 1)) >= 0 for string in self._stop)

    def _written(self, text: str) -> str:
        self._before = (self._before + text)[-_REMEMBERED:]
        return text
