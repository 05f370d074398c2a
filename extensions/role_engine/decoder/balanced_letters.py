"""`balanced`, one character at a time: no foreign script, no garbage, no word out of two alphabets.

Latin words pass: which of them are clean is the guard's business, which knows more than a letter at a time. So is what
stands in a quotation in the old spelling: there the check is more lenient than this.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from role_engine.decoder.classes import Partition, Trait
from role_engine.decoder.letters import PENDING, LetterAutomaton, LetterState
from role_engine.language.alphabets import SOFT_HYPHEN

Place = Literal["nothing said", "end", "beginning", "within"]
_ENDS = ".!?…:;"
_CLOSERS = "»”\"')]"
# Greek and Latin letters make one word up to this many, outside of formulas.
_LONGEST_FORMULA = 3


class ForeignWordState(NamedTuple):
    """In a word of Latin or Greek letters.

    Attributes:
        letters: how many, at most four.
        latin, greek: which.
        marks: on the last letter.
        hyphened: a soft hyphen stands behind it.
        escape: it may be the «n» of a «\\n», behind which a Russian word begins.
    """

    letters: int
    latin: bool
    greek: bool
    marks: int = 0
    hyphened: bool = False
    escape: bool = False


class ChessMoveState(NamedTuple):
    """In a move of chess, «Кf3»: behind the Latin letter that follows the chessman's.

    Attributes:
        stage: "file": a letter that may be the square's or tell two chessmen apart; "takes": an x behind it; "square":
            the square's letter; "row": its number.
    """

    stage: str


class BalancedLetterState(NamedTuple):
    """A state.

    Attributes:
        at: what stands before the next character.
        place: where in a sentence; a capital says nothing at its beginning.
        name: the word began with a capital within a sentence, and may be a name of another Cyrillic alphabet.
        other: it is one.
        chessman: the word is the letter of one so far; "К", which may go on as «Кр», or "any".
        escape: "%" or "%A": so much stands of an escaped byte, behind which a new word begins.
        formula: 1: in what may be a formula, where Greek words may stand; 2: the same, at a line's end.
    """

    at: LetterState | ForeignWordState | ChessMoveState
    place: Place
    name: bool = False
    other: bool = False
    chessman: str = ""
    escape: str = ""
    formula: int = 0


_IN_WORD = frozenset({LetterState.WORD, LetterState.VOWEL, LetterState.I, LetterState.IE})
_NO_LETTER = frozenset({LetterState.FOREIGN, LetterState.FOREIGN_HYPHENED, LetterState.ASSISTANT})


class BalancedLetterAutomaton:
    """Steps from state to state; see `LetterAutomaton`.

    Args:
        names: whether names of other Cyrillic alphabets are known, for which the place in the sentence is followed.
    """

    start = BalancedLetterState(LetterState.NOTHING, "nothing said")
    behind_letter = BalancedLetterState(ForeignWordState(4, latin=True, greek=False), "nothing said")

    def __init__(self, classes: Partition, *, emoji: bool, names: bool = True) -> None:
        self._names = names
        self._classes, self._strict, self._emoji = classes, LetterAutomaton(classes, emoji=emoji), emoji
        self._known: dict[tuple[BalancedLetterState, int], BalancedLetterState | None] = {}
        self.behind_code = BalancedLetterState(LetterState.NOTHING, "within" if names else "nothing said")

    def step(self, state: BalancedLetterState, group: int) -> BalancedLetterState | None:
        """The state behind a character of class `group`, or None where it must not stand."""
        key = state, group
        if key not in self._known:
            behind = self._step(state, group)
            self._known[key] = behind and behind._replace(formula=self._formula(state.formula, group))
        return self._known[key]

    def _formula(self, now: int, group: int) -> int:
        """Whether a formula may be open behind a character: «$» or a backslash opens one, an empty line ends it."""
        trait = self._classes.traits[group]
        if not self._names:
            return 0
        if self._classes.single[group] and self._classes.sample[group] in ("$", "\\"):
            return 1
        if trait & Trait.LINE_END:
            return 2 if now == 1 else 0
        return 1 if now and not trait & Trait.SPACE else now

    def may_end(self, state: BalancedLetterState) -> bool:
        """Whether the text may end here."""
        if isinstance(state.at, ChessMoveState):
            return state.at.stage == "row"
        return state.at not in PENDING

    def may_begin(self, state: BalancedLetterState, group: int) -> bool:
        """Whether an allowed word may begin here with a character of class `group`."""
        if isinstance(state.at, ForeignWordState):
            return state.at.hyphened and not self._is_letter(group)
        if isinstance(state.at, ChessMoveState):
            return False
        return self._strict.may_begin(state.at, group)

    def behind_entry(self, last: int) -> BalancedLetterState:
        """The state behind an allowed word that ends in a character of class `last`."""
        return BalancedLetterState(self._strict.behind_entry(last), "within" if self._names else "nothing said")

    def _is_letter(self, group: int) -> bool:
        return bool(self._classes.traits[group] & (Trait.CYRILLIC | Trait.LATIN | Trait.GREEK))

    def _step(self, state: BalancedLetterState, group: int) -> BalancedLetterState | None:
        """What the letters say; and what begins a move of chess, or an escaped byte."""
        char = self._classes.sample[group] if self._classes.single[group] else ""
        if isinstance(state.at, ChessMoveState):
            return self._in_move(state, state.at, group, char)
        if state.chessman and char and char in "abcdefghx":
            place = self._place(state.place, self._classes.traits[group], char)
            return BalancedLetterState(ChessMoveState("takes" if char == "x" else "file"), place)
        behind = self._plain_step(state, group)
        if behind is None:
            return None
        if char == "%":
            return behind._replace(escape="%")
        if state.escape and char and char in "0123456789ABCDEFabcdef":
            return (
                behind._replace(escape="%A")
                if state.escape == "%"
                else BalancedLetterState(LetterState.NOTHING, behind.place)
            )
        if char and char in "КФЛСП" and not self._is_in_word(state.at):
            return behind._replace(chessman="К" if char == "К" else "any")
        return behind._replace(chessman="any") if char == "р" and state.chessman == "К" else behind

    @staticmethod
    def _is_in_word(at: LetterState | ForeignWordState | ChessMoveState) -> bool:
        return (
            not isinstance(at, LetterState)
            or at in _IN_WORD
            or at in _NO_LETTER
            or at in (LetterState.HYPHENED, LetterState.MARKED)
        )

    def _in_move(
        self, state: BalancedLetterState, move: ChessMoveState, group: int, char: str
    ) -> BalancedLetterState | None:
        place = self._place(state.place, self._classes.traits[group], char)
        if move.stage == "row":
            is_word = self._classes.traits[group] & (Trait.LETTER | Trait.ANY_MARK) or char in tuple("0123456789_")
            return None if is_word else self._plain_step(BalancedLetterState(LetterState.KEY, state.place), group)
        if char and char in "12345678" and move.stage != "takes":
            return BalancedLetterState(ChessMoveState("row"), place)
        if char == "x" and move.stage == "file":
            return BalancedLetterState(ChessMoveState("takes"), place)
        return (
            BalancedLetterState(ChessMoveState("square"), place)
            if char and char in "abcdefgh" and move.stage != "square"
            else None
        )

    def _plain_step(self, state: BalancedLetterState, group: int) -> BalancedLetterState | None:
        trait, char = self._classes.traits[group], self._classes.sample[group]
        place = self._place(state.place, trait, char if self._classes.single[group] else "")
        at = state.at
        assert not isinstance(at, ChessMoveState)
        if at in PENDING and not isinstance(at, ForeignWordState):
            return self._ordinary(at, group, place)
        if trait & (Trait.LATIN | Trait.GREEK):
            foreign = self._foreign(at, trait, char, in_formula=state.formula > 0)
            return None if foreign is None else BalancedLetterState(foreign, place)
        if trait & Trait.CYRILLIC:
            return self._cyrillic(state, group, place)
        if trait & Trait.MARK and isinstance(at, ForeignWordState):
            return self._marked(state, at, trait)
        if trait & Trait.MARK and state.other:
            return state
        if isinstance(at, ForeignWordState) and char == SOFT_HYPHEN:
            return BalancedLetterState(at._replace(marks=0, hyphened=True, escape=False), place)
        if trait & Trait.SIGN_LETTER:
            return (
                BalancedLetterState(LetterState.EMOJI if trait & Trait.EMOJI else LetterState.MARKED, place)
                if self._is_clean(trait)
                else None
            )
        return self._ordinary(LetterState.FOREIGN if isinstance(at, ForeignWordState) else at, group, place, state)

    def _is_clean(self, trait: Trait) -> bool:
        return self._emoji or not trait & Trait.EMOJI

    def _ordinary(
        self, at: LetterState, group: int, place: Place, state: BalancedLetterState | None = None
    ) -> BalancedLetterState | None:
        behind = self._strict.step(at, group)
        if behind is None:
            return None
        keeps = state is not None and behind in (*_IN_WORD, LetterState.HYPHENED)
        return (
            BalancedLetterState(behind, place, state.name, state.other)
            if keeps and state
            else BalancedLetterState(behind, place)
        )

    def _foreign(
        self, at: LetterState | ForeignWordState, trait: Trait, char: str, *, in_formula: bool
    ) -> ForeignWordState | None:
        latin, greek = bool(trait & Trait.LATIN), bool(trait & Trait.GREEK)
        if isinstance(at, ForeignWordState):
            word = ForeignWordState(min(at.letters + 1, _LONGEST_FORMULA + 1), at.latin or latin, at.greek or greek)
        elif at in _IN_WORD or at in _NO_LETTER or at is LetterState.HYPHENED:
            return None
        else:
            word = ForeignWordState(1, latin, greek, escape=at is LetterState.BACKSLASH and char in "nrtbf")
        if word.greek and not in_formula and word.letters > (_LONGEST_FORMULA if word.latin else 1):
            return None
        return word

    def _marked(self, state: BalancedLetterState, at: ForeignWordState, trait: Trait) -> BalancedLetterState | None:
        if at.marks == 2 or at.hyphened or trait & Trait.INVISIBLE:
            return None
        return state._replace(at=at._replace(marks=at.marks + 1, escape=False))

    def _cyrillic(self, state: BalancedLetterState, group: int, place: Place) -> BalancedLetterState | None:
        trait, at = self._classes.traits[group], state.at
        assert not isinstance(at, ChessMoveState)
        if isinstance(at, ForeignWordState):
            if not at.escape:
                return None
            return self._ordinary(LetterState.ESCAPE, group, place)
        in_word = at in _IN_WORD or at is LetterState.HYPHENED
        name = state.name if in_word else bool(trait & Trait.UPPER) and state.place == "within" and self._names
        if trait & Trait.RUSSIAN and not (in_word and state.other):
            behind = self._strict.step(at, group)
            return None if behind is None else BalancedLetterState(behind, place, name)
        if not name or at in _NO_LETTER:
            return None
        return BalancedLetterState(LetterState.WORD, place, name, other=True)

    def _place(self, place: Place, trait: Trait, char: str) -> Place:
        if not self._names:
            return "nothing said"
        if trait & Trait.LETTER:
            return "within"
        if place == "nothing said":
            return place
        if trait & Trait.LINE_END:
            return "beginning"
        if char and char in _ENDS:
            return "end"
        if place == "end" and char and char in _CLOSERS:
            return "end"
        if place in ("end", "beginning") and trait & Trait.SPACE:
            return "beginning"
        return "within"
