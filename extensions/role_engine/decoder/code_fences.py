"""Fenced code, from left to right: where a block with a language's name begins, and where it ends.

What the check decides by reading on (whether a block without a name is code or prose) is not decided here: such a block
is checked like the text around it, and where it may or may not have ended, no further block is taken for code.
"""

from __future__ import annotations

from typing import NamedTuple

from role_engine.decoder.classes import Partition, Trait
from role_engine.language.markup.fences import TEXT_TAGS as TEXT_TAGS

_MOST_SIGNS, _MOST_BLANKS, _LONGEST_TAG = 16, 16, 25
_UNSURE = "?"


class Line(NamedTuple):
    """How far a line has come that may be a fence.

    Attributes:
        shape: "blank": nothing but blanks yet; "quoted": a `>`, no blank behind it yet; "bullet", "1", "11", "111",
            "1.": a list's; "listed": that and a blank; "signs": of a fence; "tag": its language's name; "trailing":
            blanks behind that; "text": none of these.
        sign, signs: which and how many.
        tag: what stands of the name.
    """

    shape: str = "text"
    sign: str = ""
    signs: int = 0
    tag: str = ""


AT_START, TEXT = Line("blank"), Line()


class Block(NamedTuple):
    """In a block that is not known to be code. `sign` `_UNSURE`: it may have ended."""

    sign: str
    signs: int


class Code(NamedTuple):
    """In code.

    Attributes:
        sign, signs: what it was opened with.
        blanks: at a line's start, so many blanks; -1 behind other text.
        closing: signs of what may be the closing line.
        trailing: blanks behind them.
        seen: what may be the beginning of a tag that must not even stand in code.
    """

    sign: str
    signs: int
    blanks: int = -1
    closing: int = 0
    trailing: int = 0
    seen: str = ""


class Fences:
    """Steps through lines.

    Args:
        classes: the partition.
        counted: whether long runs are counted to the check's limits; if not, a longer closing line is one too.
    """

    def __init__(self, classes: Partition, *, counted: bool = True) -> None:
        self._classes, self._most = classes, 64 if counted else 0
        self._counted = counted

    def step(self, line: Line, block: Block | None, group: int) -> tuple[Line, Block | Code | None]:
        """The line and what it stands in, behind a character."""
        trait = self._classes.traits[group]
        char = self._classes.sample[group] if self._classes.single[group] else ""
        if trait & Trait.LINE_END:
            return AT_START, self._at_line_end(line, block)
        behind = self._in_line(line, char, bool(trait & Trait.SPACE_IN_LINE))
        if block is not None and behind.shape == "signs" and behind.signs == 3 and behind.tag == "listed":
            block = Block(_UNSURE, 0)
        return behind, block

    def _at_line_end(self, line: Line, block: Block | None) -> Block | Code | None:
        is_fence = line.signs >= 3 and line.shape in ("signs", "tag", "trailing")
        if block is not None:
            if line.signs < 3 or line.sign != block.sign:
                return block
            closes = is_fence and not line.tag and line.signs >= block.signs
            if closes:
                return None
            return block if is_fence and line.tag not in ("", "listed") else Block(_UNSURE, 0)
        if line.signs < 3:
            return None
        if not is_fence:
            return Block(_UNSURE, 0)
        tag = line.tag.removeprefix("listed").lower()
        return Code(line.sign, line.signs, blanks=0) if tag and tag not in TEXT_TAGS else Block(line.sign, line.signs)

    def _in_line(self, line: Line, char: str, blank: bool) -> Line:
        shape = line.shape
        if line.signs and shape != "signs" and char == line.sign == "`":
            return TEXT  # «```code```» in one line is no fence
        if shape in ("blank", "listed", "quoted"):
            return self._begun(line, char, blank)
        if shape == "text":
            return line
        if shape == "signs":
            return self._behind_signs(line, char, blank)
        if shape == "tag":
            if blank:
                return line._replace(shape="trailing")
            fits = bool(char) and char.isascii() and (char.isalnum() or char in "_+#.-")
            longer = line.tag + char
            if fits and len(longer.removeprefix("listed")) <= _LONGEST_TAG:
                return line._replace(tag=longer)
            return line._replace(shape="text")
        if shape == "trailing":
            return line if blank else line._replace(shape="text")
        if blank:  # behind a list's bullet or number
            return Line("listed") if shape in ("bullet", "1.") else TEXT
        if char.isdigit() and len(shape) < 3 and shape.isdigit():
            return Line(shape + "1")
        return Line("1.") if shape.isdigit() and char in (".", ")") else TEXT

    def _begun(self, line: Line, char: str, blank: bool) -> Line:
        listed = line.shape == "listed"
        if blank:
            return line if listed else AT_START
        if char in ("`", "~") and line.shape != "quoted":
            return Line("signs", char, 1, "listed" if listed else "")
        if listed or not char:
            return TEXT
        if char == ">":
            return Line("quoted")
        if char in "*+-":
            return Line("bullet")
        return Line("1") if char in "0123456789" else TEXT

    def _behind_signs(self, line: Line, char: str, blank: bool) -> Line:
        if char == line.sign:
            if line.signs == _MOST_SIGNS:
                return line._replace(shape="text")
            return line._replace(signs=line.signs + 1)
        if line.signs < 3:
            return TEXT
        if blank:
            return line._replace(shape="trailing")
        if char and char.isascii() and char.isalpha():
            return line._replace(shape="tag", tag=line.tag + char)
        return line._replace(shape="text")

    def in_code(self, code: Code, group: int) -> Code | None:
        """The state behind a character of code that is no line's end; None: the code ended before it.

        A line's end that ends the code has to be asked for first (`ends`).
        """
        trait = self._classes.traits[group]
        char = self._classes.sample[group] if self._classes.single[group] else ""
        if trait & Trait.LINE_END:
            return code._replace(blanks=0, closing=0, trailing=0)
        if code.blanks >= 0:
            if char == code.sign:
                if code.trailing or code.closing == max(self._most, code.signs):
                    keeps = not self._counted and not code.trailing
                    return code if keeps else code._replace(blanks=-1, closing=0, trailing=0)
                return code._replace(closing=code.closing + 1)
            if char in (" ", "\t", ">") and code.closing == 0 and code.blanks < _MOST_BLANKS:
                return code._replace(blanks=code.blanks + 1) if self._counted else code
            if char in (" ", "\t") and code.closing >= code.signs and code.trailing < _MOST_BLANKS:
                return code._replace(trailing=code.trailing + 1 if self._counted else 1)
        return code._replace(blanks=-1, closing=0, trailing=0)

    def ends(self, code: Code, group: int) -> bool:
        """Whether a character of class `group` ends the line that ends the code."""
        return bool(self._classes.traits[group] & Trait.LINE_END) and code.closing >= code.signs
