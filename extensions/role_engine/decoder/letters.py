"""`strict`, one character at a time: what may follow what in text that is nothing but Russian, signs and emoji.

The states are those of the check's own patterns (`language/letters/exact.py`), read from left to right. A state is
*pending* where the text must go on: behind the joiner of an emoji, within a flag of tags, behind «ℹ» and behind the
«\\n» that must stand before a Russian letter.
"""

from __future__ import annotations

import enum

from role_engine.decoder.classes import Partition, Trait
from role_engine.language.alphabets import EMOJI_STYLE, JOINER, KEYCAP, SOFT_HYPHEN, TEXT_STYLE


class LetterState(str, enum.Enum):  # a string, because its hash is made in C
    """What stands before the next character.

    NOTHING   white space, the start, a sign that nothing can be added to
    MARKED    a mark that nothing more can be added to
    WORD      a Russian letter that carries no mark; `VOWEL` one that a stress mark may follow, `I` и, `IE` е
    HYPHENED  a soft hyphen inside a Russian word
    SIGN      a sign or number, which a variation selector may follow; `MATH` also a stroke
    KEY       0-9 # *: a keycap may follow; `KEY_STYLED`: its variation selector stands
    EMOJI     an emoji; `EMOJI_STYLED` with a variation selector; `JOINED` with a joiner (pending)
    BLACK_FLAG  🏴; `TAG_1` … `TAG_6`: so many tags behind it (pending)
    INFORMATION  ℹ, which is a letter without its variation selector (pending)
    BACKSLASH a backslash; `ESCAPE`: one with a letter of «\\n», «\\t» … behind it (pending)
    FOREIGN   the end of an allowed word: no letter may follow; `FOREIGN_HYPHENED`: with a soft hyphen
    ASSISTANT the end of «<|start|>assistant»: the same
    """

    NOTHING = enum.auto()
    MARKED = enum.auto()
    WORD = enum.auto()
    VOWEL = enum.auto()
    I = enum.auto()  # noqa: E741
    IE = enum.auto()
    HYPHENED = enum.auto()
    SIGN = enum.auto()
    MATH = enum.auto()
    KEY = enum.auto()
    KEY_STYLED = enum.auto()
    EMOJI = enum.auto()
    EMOJI_STYLED = enum.auto()
    JOINED = enum.auto()
    BLACK_FLAG = enum.auto()
    TAG_1 = enum.auto()
    TAG_2 = enum.auto()
    TAG_3 = enum.auto()
    TAG_4 = enum.auto()
    TAG_5 = enum.auto()
    TAG_6 = enum.auto()
    INFORMATION = enum.auto()
    BACKSLASH = enum.auto()
    ESCAPE = enum.auto()
    FOREIGN = enum.auto()
    FOREIGN_HYPHENED = enum.auto()
    ASSISTANT = enum.auto()


_TAGGED = (
    LetterState.BLACK_FLAG,
    LetterState.TAG_1,
    LetterState.TAG_2,
    LetterState.TAG_3,
    LetterState.TAG_4,
    LetterState.TAG_5,
    LetterState.TAG_6,
)
PENDING = frozenset({*_TAGGED[1:], LetterState.JOINED, LetterState.INFORMATION, LetterState.ESCAPE})
_IN_WORD = frozenset({LetterState.WORD, LetterState.VOWEL, LetterState.I, LetterState.IE})
_NO_LETTER = frozenset({LetterState.FOREIGN, LetterState.FOREIGN_HYPHENED, LetterState.ASSISTANT})
# The last character is a letter or a mark: no allowed word begins behind it.
GLUED = frozenset({*_IN_WORD, *_NO_LETTER, LetterState.MARKED, LetterState.EMOJI_STYLED, LetterState.KEY_STYLED}) - {
    LetterState.FOREIGN_HYPHENED
}
_STYLEABLE = frozenset({LetterState.SIGN, LetterState.MATH, LetterState.KEY, LetterState.BACKSLASH})
_STRESS = "\u0300\u0301"


class LetterAutomaton:
    """Steps from state to state.

    Args:
        classes: the partition whose classes the steps read.
        emoji: whether emoji are clean.
    """

    def __init__(self, classes: Partition, *, emoji: bool) -> None:
        self._classes, self._emoji = classes, emoji
        self._known: dict[tuple[LetterState, int], LetterState | None] = {}

    start, behind_letter = LetterState.NOTHING, LetterState.ASSISTANT

    def step(self, at: LetterState, group: int) -> LetterState | None:
        """The state behind a character of class `group`, or None where it must not stand."""
        key = at, group
        if key not in self._known:
            self._known[key] = self._step(at, group)
        return self._known[key]

    def _step(self, at: LetterState, group: int) -> LetterState | None:
        trait, char = self._classes.traits[group], self._classes.sample[group]
        single = self._classes.single[group]
        if at in _TAGGED and (tag := self._tag(at, trait, char)):
            return tag
        if at in PENDING:
            return self._due(at, trait, char)
        if trait & Trait.SPACE:
            return LetterState.NOTHING
        if single and char == SOFT_HYPHEN:
            return _behind_soft_hyphen(at)
        if trait & Trait.MARK:
            return self._mark(at, char) if single else None
        if single and char == JOINER:
            return (
                LetterState.JOINED
                if at in (LetterState.EMOJI, LetterState.EMOJI_STYLED, LetterState.BLACK_FLAG)
                else None
            )
        if at is LetterState.BACKSLASH and single and char in "nrtbf":
            return LetterState.ESCAPE
        if trait & Trait.CYRILLIC:
            return None if at in _NO_LETTER else self._russian(trait, char)
        return self._sign(trait, char, single)

    def groups(self) -> frozenset[int]:
        """The classes that may stand somewhere."""
        every = range(len(self._classes))
        return frozenset(group for group in every if any(self.step(at, group) is not None for at in LetterState))

    def may_end(self, at: LetterState) -> bool:
        """Whether the text may end here."""
        return at not in PENDING

    def may_begin(self, at: LetterState, group: int) -> bool:
        """Whether an allowed word may begin here with a character of class `group`."""
        if at in PENDING or at in GLUED:
            return False
        in_word = at in (LetterState.HYPHENED, LetterState.FOREIGN_HYPHENED)
        return not (in_word and self._classes.traits[group] & (Trait.CYRILLIC | Trait.LATIN | Trait.GREEK))

    def behind_entry(self, last: int) -> LetterState:
        """The state behind an allowed word that ends in a character of class `last`."""
        if self._classes.traits[last] & (Trait.LETTER | Trait.ANY_MARK):
            return LetterState.FOREIGN
        return self.step(LetterState.NOTHING, last) or LetterState.NOTHING

    def _russian(self, trait: Trait, char: str) -> LetterState | None:
        if not trait & Trait.RUSSIAN:
            return None
        if char in "иИ":
            return LetterState.I
        if char in "еЕ":
            return LetterState.IE
        return LetterState.VOWEL if trait & Trait.VOWEL else LetterState.WORD

    def _sign(self, trait: Trait, char: str, single: bool) -> LetterState | None:
        """Behind what is neither Cyrillic nor a mark."""
        if trait & (Trait.LATIN | Trait.GREEK):
            return None
        if trait & Trait.SIGN_LETTER:
            return LetterState.INFORMATION if char == "ℹ" and self._emoji else None
        if trait & Trait.EMOJI:
            if not self._emoji:
                return None
            if trait & Trait.FLAG:
                return LetterState.NOTHING
            return LetterState.BLACK_FLAG if char == _BLACK_FLAG else LetterState.EMOJI
        if trait & (Trait.CJK | Trait.OTHER_SCRIPT | Trait.GARBAGE):
            return None
        if single and char in "0123456789#*":
            return LetterState.KEY
        if single and char == "\\":
            return LetterState.BACKSLASH
        if trait & Trait.MATH:
            return LetterState.MATH
        return LetterState.SIGN if trait & Trait.SIGN else LetterState.NOTHING

    def _mark(self, at: LetterState, char: str) -> LetterState | None:
        if char in (TEXT_STYLE, EMOJI_STYLE):
            return self._style(at, char)
        if char == KEYCAP:
            return LetterState.MARKED if at in (LetterState.KEY, LetterState.KEY_STYLED) and self._emoji else None
        if char == "\u0338":
            return LetterState.MARKED if at is LetterState.MATH else None
        if char in _STRESS:
            return LetterState.WORD if at in (LetterState.VOWEL, LetterState.I, LetterState.IE) else None
        if (at is LetterState.I and char == "\u0306") or (at is LetterState.IE and char == "\u0308"):
            return LetterState.VOWEL
        return None

    def _style(self, at: LetterState, char: str) -> LetterState | None:
        if at in (LetterState.EMOJI, LetterState.EMOJI_STYLED, LetterState.BLACK_FLAG):
            if char == TEXT_STYLE:
                return LetterState.MARKED
            return None if at is LetterState.EMOJI_STYLED else LetterState.EMOJI_STYLED
        if at is LetterState.KEY and char == EMOJI_STYLE:
            return LetterState.KEY_STYLED
        return LetterState.MARKED if at in _STYLEABLE else None

    def _tag(self, at: LetterState, trait: Trait, char: str) -> LetterState | None:
        if trait & Trait.TAG and at is not LetterState.TAG_6:
            return _TAGGED[_TAGGED.index(at) + 1] if self._emoji else None
        if char == _CANCEL_TAG and at is not LetterState.BLACK_FLAG:
            return LetterState.NOTHING
        return None

    def _due(self, at: LetterState, trait: Trait, char: str) -> LetterState | None:
        """Behind a character that something must follow."""
        if at is LetterState.JOINED and trait & Trait.EMOJI:
            return LetterState.INFORMATION if char == "ℹ" else LetterState.EMOJI
        if at is LetterState.INFORMATION and char == EMOJI_STYLE:
            return LetterState.EMOJI_STYLED
        if at is LetterState.ESCAPE:
            return self._russian(trait, char)
        return None


_BLACK_FLAG, _CANCEL_TAG = "\U0001f3f4", "\U000e007f"


def _behind_soft_hyphen(at: LetterState) -> LetterState:
    if at in _IN_WORD:
        return LetterState.HYPHENED
    return LetterState.FOREIGN_HYPHENED if at is LetterState.FOREIGN else LetterState.NOTHING
