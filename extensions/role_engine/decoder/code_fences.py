"""Lines from left to right: which may open a block of code, which are indented code, and where a block ends.

What the check decides by reading on (whether a block without a name, or an indented line, is code or prose) is not
decided here: it is taken for code.
"""

from __future__ import annotations

from typing import NamedTuple

from role_engine.decoder.classes import Partition, Trait

_MOST_BLANKS, _LONGEST_RULE, _TAB = 16, 61, 4
# So far lines of code are indented, at least: in Markdown, and behind «::» in reStructuredText.
INDENTED, LITERAL = 4, 2


class FenceLineState(NamedTuple):
    """How far a line has come.

    Attributes:
        shape: "blank": nothing but blanks yet; "quoted": a `>`, no blank behind it yet; "bullet", "1", "11", "111",
            "1.": a list's; "listed": that and a blank; "[": of attributes, "]": the same, at its end; "rule": of
            hyphens or dots alone, "ruled": that and blanks; "text": none of these.
        indent: of a blank line, at most `INDENTED`; what is quoted has none.
        code: how far it must be indented to be code; 0 where it cannot be. `bullets`: a list's item may be code too.
        colons: how many stand before the next character; at most two, and those for the rest of the line.
        sign, signs: of a rule.
        attributes: the line before was one of attributes.
    """

    shape: str = "text"
    indent: int = 0
    code: int = 0
    bullets: bool = False
    colons: int = 0
    sign: str = ""
    signs: int = 0
    attributes: bool = False


AT_START, TEXT = FenceLineState("blank", code=INDENTED), FenceLineState()


class CodeBlockState(NamedTuple):
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


class FenceLineAutomaton:
    """Steps through lines.

    Args:
        classes: the partition.
        counted: whether long runs are counted to the check's limits; if not, a longer closing line is one too.
    """

    def __init__(self, classes: Partition, *, counted: bool = True) -> None:
        self._classes, self._most = classes, 64 if counted else 0
        self._counted = counted

    def step(self, line: FenceLineState, group: int) -> FenceLineState | CodeBlockState:
        """The line behind a character, or the code that a line's end opens."""
        trait = self._classes.traits[group]
        char = self._classes.sample[group] if self._classes.single[group] else ""
        if trait & Trait.LINE_END:
            if line.shape in ("rule", "ruled") and line.attributes and line.signs >= 4:
                return CodeBlockState(line.sign, line.signs, blanks=0)
            return self._next(line)
        behind = self._in_line(line, char, bool(trait & Trait.SPACE_IN_LINE))
        colons = 2 if line.colons == 2 else (line.colons + 1) * (char == ":")
        return behind._replace(colons=colons) if colons != behind.colons else behind

    @staticmethod
    def behind_code(code: int) -> FenceLineState:
        """The line behind one of code that is indented so far."""
        return FenceLineState("blank", code=code, bullets=True)

    @staticmethod
    def _next(line: FenceLineState) -> FenceLineState:
        if line.shape == "blank":  # an empty line; code goes on behind it, or may begin
            return FenceLineState("blank", code=line.code or INDENTED, bullets=line.bullets)
        if line.colons == 2:
            return FenceLineState("blank", code=LITERAL, bullets=True)
        return FenceLineState("blank", attributes=line.shape == "]")

    @staticmethod
    def may_be_code(line: FenceLineState) -> bool:
        """Whether the next character, the first of its line, may begin indented code."""
        return line.shape == "blank" and 0 < line.code <= line.indent

    def _in_line(self, line: FenceLineState, char: str, blank: bool) -> FenceLineState:
        shape = line.shape
        if shape == "text":
            return line
        if shape == "blank" and blank:
            return line._replace(indent=min(line.indent + (_TAB if char == "\t" else 1), INDENTED))
        if shape in ("blank", "listed", "quoted"):
            return self._begun(line, char, blank)
        if shape in ("[", "]"):
            return line._replace(shape="]" if char == "]" or (blank and shape == "]") else "[")
        if shape in ("rule", "ruled"):
            if char == line.sign and shape == "rule" and line.signs < _LONGEST_RULE:
                return line._replace(signs=line.signs + 1)
            if blank and shape == "rule" and line.signs == 1 and line.sign == "-":
                return FenceLineState("listed")
            return line._replace(shape="ruled") if blank else TEXT
        if blank:  # behind a list's bullet or number
            return FenceLineState("listed") if shape in ("bullet", "1.") else TEXT
        if char.isdigit() and len(shape) < 3 and shape.isdigit():
            return FenceLineState(shape + "1")
        return FenceLineState("1.") if shape.isdigit() and char in (".", ")") else TEXT

    def _begun(self, line: FenceLineState, char: str, blank: bool) -> FenceLineState:
        if blank:
            return line if line.shape == "listed" else FenceLineState("blank")
        if char == "[":
            return FenceLineState("[")
        if line.shape == "listed" or not char:
            return TEXT
        if char == ">":
            return FenceLineState("quoted")
        if char in "-." and line.shape == "blank":
            return FenceLineState("rule", sign=char, signs=1, attributes=line.attributes)
        if char in "*+-":
            return FenceLineState("bullet")
        return FenceLineState("1") if char in "0123456789" else TEXT

    @staticmethod
    def may_open(line: FenceLineState, sign: str) -> bool:
        """Whether a fence of `sign` may begin here."""
        return line.shape in ("blank", "listed") or (line.shape == "quoted" and sign == "`")

    def in_code(self, code: CodeBlockState, group: int) -> CodeBlockState | None:
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

    def ends(self, code: CodeBlockState, group: int) -> bool:
        """Whether a character of class `group` ends the line that ends the code."""
        return bool(self._classes.traits[group] & Trait.LINE_END) and code.closing >= code.signs
