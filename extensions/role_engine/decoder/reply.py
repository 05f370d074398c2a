"""A reply as an automaton over characters: reasoning, the markers around it, and the text that the policy checks."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from role_engine.decoder.classes import Partition, Trait
from role_engine.decoder.words import Tracks, WordAutomaton
from role_engine.held_text import find_partial_end
from role_engine.language.markup.markers import ANSWER, THINKING
from role_engine.language.markup.reasoning_formats import REASONING_TAGS

# Control tokens written out as text, which no reply may hold: `<think>`, `<|im_end|>`, `<|…>`, `<…|>`: the same as
# `markers.CONTROL`, from left to right. A state is a short tuple, or None where none can have begun.
LONGEST_NAME = 32
_TAGS = tuple(tag[1:-1] for tag in REASONING_TAGS)

Control = tuple[str, int, str] | None
OPENED: Control = ("<", 0, "")


class ControlTokens:
    """Steps through what may become a control token.

    Args:
        classes: the partition.
        counted: whether the length of a name is counted; if not, names longer than 32 characters are refused too.
    """

    def __init__(self, classes: Partition, *, counted: bool = True) -> None:
        self._classes, self._counted = classes, counted

    def step(self, state: Control, group: int) -> tuple[bool, Control]:
        """Whether the text goes on being none behind a character of class `group`, and the state then."""
        char = self._classes.sample[group] if self._classes.single[group] else ""
        if char == "<":
            return True, OPENED
        if state is None:
            return True, None
        kind, size, name = state
        if kind == "closing":
            return char != ">", None
        if self._classes.traits[group] & Trait.SPACE:
            return True, None
        if char == ">":
            return not (kind == "<|" and size) and name not in _TAGS, None
        if char == "|":
            if size:
                return True, ("closing", 0, "")
            return True, ("<|", 0, "") if kind == "<" else None
        return True, self._longer("<|" if kind == "<|" else "<name", size + 1, name, char)

    def _longer(self, kind: str, size: int, name: str, char: str) -> Control:
        name = name + char if kind == "<name" and len(name) == size - 1 and char else ""
        if not any(tag.startswith(name) for tag in _TAGS):
            name = ""
        if not self._counted:
            size = max(1, len(name))
        return (kind, size, name) if size <= LONGEST_NAME else None


Phase = Literal["start", "answer", "body"]


class CheckedText(NamedTuple):
    """In text that is checked.

    Attributes:
        phase: nothing said yet, reasoning done, in the body (as in `language/state.py`).
        closer: what ends the reasoning that is checked like the rest, "" outside.
        marker: what may be the beginning of a marker, "" for none.
        control: what may be the beginning of a control token.
        tracks: where the letters stand; empty where the text is clean only if the marker comes to its end.
    """

    phase: Phase
    closer: str
    marker: str
    control: Control
    tracks: Tracks


class UncheckedText(NamedTuple):
    """In text that is not checked, up to `closer`, of which the last characters are the beginning `seen`."""

    closer: str
    seen: str


State = Any
"""`CheckedText` or `UncheckedText`, or what a policy has besides: a small immutable value."""

_ORDINARY: tuple[Phase, str, str, Control] = ("body", "", "", None)


class ReplyAutomaton:
    """Steps from state to state over character classes. States are small immutable values.

    Args:
        classes: the partition.
        words: the automaton of the text itself, with its first state and that behind a marker that ends in a letter.
        free_thinking: whether reasoning is not checked.
        counted: see `ControlTokens`.
        groups: the classes that may stand in text that is checked.
    """

    def __init__(
        self,
        classes: Partition,
        words: WordAutomaton,
        first: object,
        behind_letter: object,
        *,
        free_thinking: bool,
        counted: bool = True,
        groups: frozenset[int] | None = None,
    ) -> None:
        self.classes, self.groups = classes, groups
        self._words, self._first, self._behind_letter = words, (first,), (behind_letter,)
        self._control = ControlTokens(classes, counted=counted)
        self._free_thinking = free_thinking
        self._opening = classes.class_of("<")
        self.start: State = CheckedText("start", "", "", None, self._first)
        self.body: State = CheckedText("body", "", "", None, self._first)

    def step(self, state: State, group: int) -> State | None:
        """The state behind a character of class `group`, or None where no clean reply goes on so."""
        if state[:4] == _ORDINARY and group != self._opening:
            tracks = self._words.step(state[4], group)
            return CheckedText(*_ORDINARY, tracks) if tracks else None
        char = self.classes.sample[group] if self.classes.single[group] else ""
        if isinstance(state, UncheckedText):
            return self._in_free(state, char)
        marker = self._marker(state, char)
        if marker in self._markers(state):
            return self._behind(marker, state)
        clean, control = self._control.step(state.control, group)
        tracks = self._words.step(state.tracks, group) if clean and state.tracks else ()
        if not tracks and not marker:
            return None
        phase = state.phase
        if not marker and (state.marker or not self._is_space(group)):
            phase = "body"
        return CheckedText(phase, state.closer, marker, control if tracks else None, tracks)

    @staticmethod
    def stays_in_text(state: State) -> bool:
        """Whether a next token without «<» is text that is checked, or nothing."""
        return isinstance(state, CheckedText) and not state.marker

    @staticmethod
    def is_free(state: State) -> bool:
        """Whether what comes next is not looked at."""
        return not isinstance(state, CheckedText)

    def accepts(self, state: State) -> bool:
        """Whether the reply may end here."""
        return isinstance(state, UncheckedText) or self._words.may_end(state.tracks)

    def _is_space(self, group: int) -> bool:
        return bool(self.classes.traits[group] & Trait.SPACE)

    def _markers(self, state: CheckedText) -> tuple[str, ...]:
        if state.closer:
            return (state.closer,)
        if state.phase == "start":
            return (*THINKING, *ANSWER)
        return ANSWER if state.phase == "answer" else ()

    def _marker(self, state: CheckedText, char: str) -> str:
        """The beginning of a marker that the text ends in then."""
        markers = self._markers(state)
        longer = state.marker + char
        begins = char == "<" and self._words.may_end(state.tracks)  # what stands before a marker has come to its end
        if char and (state.marker or begins) and any(marker.startswith(longer) for marker in markers):
            return longer
        return "<" if begins and state.closer else ""

    def _behind(self, marker: str, state: CheckedText) -> State:
        tracks = self._behind_letter if marker[-1].isalpha() else self._first
        if marker == state.closer or marker in ANSWER:
            return CheckedText("answer", "", "", None, tracks)
        if self._free_thinking:
            return UncheckedText(THINKING[marker], "")
        return CheckedText("body", THINKING[marker], "", None, tracks)

    def _in_free(self, state: UncheckedText, char: str) -> State | None:
        if char == "\ufffd":
            return None
        seen = longest_of(state.seen + char, (state.closer,)) if char else ""
        if seen == state.closer:
            return CheckedText("answer", "", "", None, self._first)
        return UncheckedText(state.closer, seen)


def longest_of(text: str, markers: tuple[str, ...]) -> str:
    """The longest end of `text` that begins one of `markers`, or is it."""
    return text[find_partial_end(text, markers, whole=True) :]
