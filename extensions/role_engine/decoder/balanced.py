"""`balanced` as an automaton: the letters' rules, and the places where nothing is checked: code, tool calls.

Where the check reads on before it decides (whether a backtick is closed, a block prose), every reading is followed;
what one of them lets through may stand.
"""

from __future__ import annotations

from typing import NamedTuple

from role_engine.decoder.balanced_letters import BalancedLetterAutomaton
from role_engine.decoder.classes import Trait
from role_engine.decoder.code_fences import (
    AT_START,
    INDENTED,
    LITERAL,
    TEXT,
    CodeBlockState,
    FenceLineAutomaton,
    FenceLineState,
)
from role_engine.decoder.reply import CheckedText, ReplyAutomaton, State, UncheckedText, longest_of
from role_engine.language.alphabets import LOOK_AHEAD
from role_engine.language.markup.markers import TOOL_CALLS
from role_engine.language.markup.reasoning_formats import REASONING_TAGS
from role_engine.language.markup.spans import LONGEST_RUN
from role_engine.language.markup.tags import CODE_BLOCKS, CODE_ELEMENTS

_NOWHERE = CheckedText("body", "", "", None, ())
_LONGEST_FENCE = 16
_ELEMENTS = tuple(f"<{name}" for name in sorted(CODE_ELEMENTS | CODE_BLOCKS))
_ATTRIBUTES, _CLOSED = " ", "/"
# A closing mark may come so many characters behind a line's end.
_LONGEST_REST = LOOK_AHEAD + LONGEST_RUN


class LineState(NamedTuple):
    """In text that is checked.

    Attributes:
        text: where the text stands.
        line: what its line may become.
        tool: what may be the beginning of a tool call.
        sign, signs: backticks or tildes that end the text; `fence`: they begin the line.
        tag: what may be the opening tag of an element for code.
    """

    text: CheckedText
    line: FenceLineState
    tool: str = ""
    sign: str = ""
    signs: int = 0
    fence: bool = False
    tag: str = ""


class QuotedCodeState(NamedTuple):
    """In inline code, or on the line that opens a block.

    Attributes:
        text: where the text goes on behind it.
        closer: what ends it, "" for the line's end alone.
        run: backticks that end it so far.
        seen: what may begin the closing tag, or a tag that must not stand there.
        sign, signs: of the block that the line's end opens, if it does.
        info: characters behind them so far; `named`: they begin as a language's name does.
        rest: characters since the line's end that stands in the code, -1 before.
    """

    text: CheckedText
    closer: str
    run: int = 0
    seen: str = ""
    sign: str = ""
    signs: int = 0
    info: int = 0
    named: bool = False
    rest: int = -1


class IndentedCodeState(NamedTuple):
    """In a line of indented code.

    Attributes:
        code: how far it is indented.
        colons: how many end it so far; at most two, and those for the rest of the line.
        bullet: it begins with the sign of a list's item; a blank behind that would say that it is one.
        seen: what may begin a tag that must not stand there.
    """

    code: int
    colons: int = 0
    bullet: bool = False
    seen: str = ""


class ToolCallState(NamedTuple):
    """In a tool call, or a block of HTML, up to `closer`; `seen`: what may begin that, or a tag that must not stand."""

    closer: str
    seen: str


class AlternativeReadings(NamedTuple):
    """Several readings of the text."""

    states: tuple[State, ...]


class BalancedReplyAutomaton(ReplyAutomaton):
    """Steps from state to state; see `ReplyAutomaton`."""

    def __init__(self, *args: object, counted: bool = True, **options: object) -> None:
        super().__init__(*args, counted=counted, **options)  # type: ignore[arg-type]
        self._lines = FenceLineAutomaton(self.classes, counted=counted)
        letters = self._words.letters
        assert isinstance(letters, BalancedLetterAutomaton)
        self._behind_code: CheckedText = self.body._replace(tracks=(letters.behind_code,))
        self.start = LineState(self.start, AT_START)
        self.body = LineState(self.body, AT_START)

    def step(self, state: State, group: int) -> State | None:
        """The state behind a character of class `group`, or None where no clean reply goes on so."""
        if isinstance(state, AlternativeReadings):
            return _either(*(self.step(one, group) for one in state.states))
        char = self.classes.sample[group] if self.classes.single[group] else ""
        if isinstance(state, LineState):
            return self._in_text(state, group, char)
        if char == "\ufffd":
            return None
        if isinstance(state, QuotedCodeState):
            return self._in_quoted(state, group, char)
        if isinstance(state, UncheckedText):
            behind = super().step(state, group)
            return behind if behind is None or isinstance(behind, UncheckedText) else LineState(behind, TEXT)
        if isinstance(state, ToolCallState):
            return self._in_tool_call(state, char)
        if isinstance(state, IndentedCodeState):
            return self._in_indented(state, group, char)
        assert isinstance(state, CodeBlockState)
        if self._lines.ends(state, group):
            return self._in_text(LineState(self._body_text, TEXT), group, char)
        seen = longest_of(state.seen + char, REASONING_TAGS) if char else ""
        if seen in REASONING_TAGS:
            return None
        behind = self._lines.in_code(state, group)
        return behind and behind._replace(seen=seen)

    @staticmethod
    def stays_in_text(state: State) -> bool:
        """See `ReplyAutomaton`. Nearly every token may stand in `balanced`: leaving some out is not worth a trie."""
        return False

    @staticmethod
    def is_free(state: State) -> bool:
        """Whether what comes next is not looked at, in any reading."""
        return not isinstance(state, CheckedText | LineState | AlternativeReadings)

    @property
    def _body_text(self) -> CheckedText:
        text: CheckedText = self.body.text
        return text

    def accepts(self, state: State) -> bool:
        """Whether the reply may end here."""
        if isinstance(state, AlternativeReadings):
            return any(map(self.accepts, state.states))
        if isinstance(state, QuotedCodeState):
            return state.rest < 0 or state.run == len(state.closer)
        return super().accepts(state.text) if isinstance(state, LineState) else True

    # -- text -----------------------------------------------------------------------------------------------------

    def _in_text(self, state: LineState, group: int, char: str) -> State | None:
        if state.signs and char != state.sign:
            code = self._behind_signs(state)
            if code is not None:
                return self.step(code, group)
        if self._lines.may_be_code(state.line) and not self._is_blank(group) and char != "`":
            code = self._in_indented(IndentedCodeState(state.line.code), group, char)
            if code is not None and not state.line.bullets and char in tuple("*+-•–—"):
                code = code._replace(bullet=True)
            return _either(self._checked(state, group, char), code)
        return self._checked(state, group, char)

    def _checked(self, state: LineState, group: int, char: str) -> State | None:
        tool = self._tool(state, char)
        if tool in TOOL_CALLS:
            return ToolCallState(TOOL_CALLS[tool], "")
        text = super().step(state.text, group)
        if isinstance(text, UncheckedText):
            return text
        if text is None:
            if not tool:
                return None
            text = _NOWHERE
        tag = _tag(state.tag, char, bool(self.classes.traits[group] & Trait.SPACE))
        if tag.endswith(">"):
            return self._element(text, tag)
        line = TEXT if text.closer or text.marker else self._lines.step(state.line, group)
        if isinstance(line, CodeBlockState):
            return line
        sign, signs, fence = self._signs(state, char)
        return LineState(text, line, tool, sign, signs, fence, tag)

    def _is_blank(self, group: int) -> bool:
        return bool(self.classes.traits[group] & Trait.SPACE)

    def _signs(self, state: LineState, char: str) -> tuple[str, int, bool]:
        """The backticks or tildes that the text ends in, and whether they may be a fence."""
        if char not in ("`", "~"):
            return "", 0, False
        if char == state.sign:
            return char, min(state.signs + 1, _LONGEST_FENCE + 1), state.fence
        fence = not state.text.closer and self._lines.may_open(state.line, char)
        return (char, 1, fence) if char == "`" or fence else ("", 0, False)

    def _behind_signs(self, state: LineState) -> QuotedCodeState | None:
        """What the signs that have ended open."""
        text = self._behind_code._replace(closer=state.text.closer)
        fence = state.fence and 3 <= state.signs <= _LONGEST_FENCE
        closer = "`" * state.signs if state.sign == "`" and state.signs <= LONGEST_RUN else ""
        if fence:
            return QuotedCodeState(text, closer, sign=state.sign, signs=state.signs)
        return QuotedCodeState(text, closer) if closer else None

    def _element(self, text: CheckedText, tag: str) -> State:
        """Behind the opening tag of an element for code."""
        name = tag[1:].split(_ATTRIBUTES)[0].rstrip(">")
        closer = f"</{name}>"
        if name.lower() in CODE_BLOCKS:
            return ToolCallState(closer, "")
        return QuotedCodeState(self._behind_code._replace(closer=text.closer), closer)

    # -- code -----------------------------------------------------------------------------------------------------

    def _in_quoted(self, state: QuotedCodeState, group: int, char: str) -> State | None:
        ticks = state.closer.startswith("`")
        if char == "`" and (ticks or state.sign == "`"):
            run = min(state.run + 1, len(state.closer) + 1)
            return self._rest(state._replace(run=run, seen="", sign="", signs=0))
        if ticks and state.run == len(state.closer):
            return self._in_text(LineState(state.text, TEXT), group, char)
        wanted = REASONING_TAGS if ticks or not state.closer else (*REASONING_TAGS, state.closer)
        seen = longest_of(state.seen + char, wanted) if char else ""
        if seen in REASONING_TAGS:
            return None
        if seen and seen == state.closer:
            return LineState(state.text, TEXT)
        if self.classes.traits[group] & Trait.LINE_END:
            return self._at_line_end(state, char)
        state = state._replace(run=0, seen=seen)
        return self._rest(self._info(state, group, char) if state.sign else state)

    @staticmethod
    def _rest(state: QuotedCodeState) -> QuotedCodeState | None:
        if state.rest < 0:
            return state
        return state._replace(rest=state.rest + 1) if state.rest < _LONGEST_REST else None

    def _info(self, state: QuotedCodeState, group: int, char: str) -> QuotedCodeState:
        """What stands behind a fence, as far as it tells whether the line opens a block."""
        if not state.info and self._is_blank(group):
            return state
        named = state.named or (not state.info and char.isascii() and (char.isalpha() or char in ("{", ".")))
        return state._replace(info=min(state.info + 1, LOOK_AHEAD + 1), named=named)

    def _at_line_end(self, state: QuotedCodeState, char: str) -> State | None:
        if state.sign and (state.info <= LOOK_AHEAD or state.named):
            return CodeBlockState(state.sign, state.signs, blanks=0)
        if state.rest >= 0:  # but «\r\n» is one line's end
            return state if state.rest == 0 and char == "\n" else None
        text = state.text._replace(tracks=self._body_text.tracks)
        here = LineState(text, FenceLineState("blank"))
        return _either(here, state._replace(run=0, seen="", sign="", signs=0, rest=0)) if state.closer else here

    def _in_indented(self, state: IndentedCodeState, group: int, char: str) -> State | None:
        if char == "\ufffd" or (state.bullet and char in (" ", "\t")):
            return None
        if self.classes.traits[group] & Trait.LINE_END:
            return LineState(self._body_text, self._lines.behind_code(LITERAL if state.colons == 2 else state.code))
        seen = longest_of(state.seen + char, REASONING_TAGS) if char else ""
        colons = 2 if state.colons == 2 else (state.colons + 1) * (char == ":")
        return None if seen in REASONING_TAGS else IndentedCodeState(state.code, colons, seen=seen)

    # -- tool calls -----------------------------------------------------------------------------------------------

    def _tool(self, state: LineState, char: str) -> str:
        if not char:
            return ""
        if not state.tool and (state.line.shape != "blank" or state.text.closer):
            return ""
        longer = state.tool + char
        return longer if any(marker.startswith(longer) for marker in TOOL_CALLS) else ""

    def _in_tool_call(self, state: ToolCallState, char: str) -> State | None:
        seen = longest_of(state.seen + char, (state.closer, *REASONING_TAGS)) if char else ""
        if seen in REASONING_TAGS:
            return None
        if seen == state.closer:
            line = FenceLineState("blank", code=INDENTED) if state.closer == "\n\n" else TEXT
            return LineState(self._body_text, line)
        return ToolCallState(state.closer, seen)


def _either(*states: State | None) -> State | None:
    """The readings that are left, as one state."""
    found: list[State] = []
    for state in states:
        for one in state.states if isinstance(state, AlternativeReadings) else (state,):
            if one is not None and one not in found:
                found.append(one)
    if len(found) > 1:
        return AlternativeReadings(tuple(found))
    return found[0] if found else None


def _tag(tag: str, char: str, blank: bool) -> str:
    """What may be the opening tag of an element for code, with the character that follows; ">" at its end."""
    if char == "<":
        return "<"
    if not tag or char == "`":
        return ""
    if _ATTRIBUTES in tag:
        name = tag.split(_ATTRIBUTES)[0]
        if char == ">":
            return "" if tag.endswith(_CLOSED) else f"{name}>"
        return f"{name}{_ATTRIBUTES}{_CLOSED if char == '/' else ''}"
    if tag.lower() in _ELEMENTS and (blank or char == ">"):
        return f"{tag}>" if char == ">" else f"{tag}{_ATTRIBUTES}"
    longer = tag + char
    return longer if char and any(one.startswith(longer.lower()) for one in _ELEMENTS) else ""
