"""`balanced` for a grammar: text with inline code in it, in a few dozen states.

What the code of a line is closed by, or the line's end, is all that is followed; blocks of code are not known.
"""

from __future__ import annotations

from typing import NamedTuple

from role_engine.decoder.balanced_letters import BalancedLetterAutomaton
from role_engine.decoder.classes import Trait
from role_engine.decoder.reply import CheckedText, ReplyAutomaton, State, UncheckedText, longest_of
from role_engine.language.markup.reasoning_formats import REASONING_TAGS
from role_engine.language.markup.spans import LONGEST_RUN


class TextState(NamedTuple):
    """In text that is checked; `ticks`: backticks that end it."""

    open: CheckedText
    ticks: int = 0


class CodeSpanState(NamedTuple):
    """In code that so many backticks opened; `run`: those that end it; `seen`: what may begin a tag of reasoning."""

    ticks: int
    run: int = 0
    seen: str = ""


class InlineCodeAutomaton(ReplyAutomaton):
    """Steps from state to state; see `ReplyAutomaton`."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        letters = self._words.letters
        assert isinstance(letters, BalancedLetterAutomaton)
        self._behind_code = TextState(self.body._replace(tracks=(letters.behind_code,)))
        self.start, self.body = TextState(self.start), TextState(self.body)

    def step(self, state: State, group: int) -> State | None:
        """The state behind a character of class `group`, or None where no clean reply goes on so."""
        char = self.classes.sample[group] if self.classes.single[group] else ""
        if isinstance(state, CodeSpanState):
            return self._in_code(state, group, char)
        if isinstance(state, TextState):
            if state.ticks and char != "`" and state.ticks <= LONGEST_RUN and not state.open.closer:
                return self._in_code(CodeSpanState(state.ticks), group, char)
            behind = super().step(state.open, group)
            ticks = min(state.ticks + 1, LONGEST_RUN + 1) if char == "`" else 0
        else:
            behind, ticks = super().step(state, group), 0
        return TextState(behind, ticks) if isinstance(behind, CheckedText) else behind

    @staticmethod
    def is_free(state: State) -> bool:
        """Whether what comes next is not looked at."""
        return isinstance(state, CodeSpanState | UncheckedText)

    @staticmethod
    def stays_in_text(state: State) -> bool:
        """See `ReplyAutomaton`."""
        return False

    def accepts(self, state: State) -> bool:
        """Whether the reply may end here."""
        return super().accepts(state.open) if isinstance(state, TextState) else True

    def _in_code(self, state: CodeSpanState, group: int, char: str) -> State | None:
        if char == "`":
            return CodeSpanState(state.ticks, min(state.run + 1, state.ticks + 1))
        if state.run == state.ticks or self.classes.traits[group] & Trait.LINE_END:
            return self.step(self._behind_code, group)
        seen = longest_of(state.seen + char, REASONING_TAGS) if char else ""
        if char == "\ufffd" or seen in REASONING_TAGS:
            return None
        return CodeSpanState(state.ticks, 0, seen)
