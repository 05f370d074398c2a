"""`balanced` as an automaton: the letters' rules, and the places where nothing is checked: fenced code, tool calls."""

from __future__ import annotations

from typing import NamedTuple

from role_engine.decoder.code_fences import AT_START, TEXT, Block, Code, Fences, Line
from role_engine.decoder.reply import Free, Open, Reply, State
from role_engine.language.markup.markers import TOOL_CALLS

_THINK_TAGS = ("<think>", "</think>", "<seed:think>", "</seed:think>")
_NOWHERE = Open("body", "", "", None, ())


class InLine(NamedTuple):
    """In text that is checked.

    Attributes:
        text: where the text stands.
        line: what may become a fence.
        block: the fenced block that it stands in.
        tool: what may be the beginning of a tool call.
    """

    text: Open
    line: Line
    block: Block | None
    tool: str = ""


class ToolCall(NamedTuple):
    """In a tool call, up to `closer`; `seen`: what may begin that, or a tag that must not even stand there."""

    closer: str
    seen: str


class BalancedReply(Reply):
    """Steps from state to state; see `Reply`."""

    def __init__(self, *args: object, counted: bool = True, **options: object) -> None:
        super().__init__(*args, counted=counted, **options)  # type: ignore[arg-type]
        self._fences = Fences(self.classes, counted=counted)
        self.start = self._in_line(self.start)
        self.body = self._in_line(self.body)

    @staticmethod
    def _in_line(state: State) -> InLine:
        return InLine(state, AT_START, None)

    def step(self, state: State, group: int) -> State | None:
        """The state behind a character of class `group`, or None where no clean reply goes on so."""
        char = self.classes.sample[group] if self.classes.single[group] else ""
        if isinstance(state, InLine):
            return self._in_text(state, group, char)
        if char == "\ufffd":
            return None
        if isinstance(state, Free):
            behind = super().step(state, group)
            return behind if behind is None or isinstance(behind, Free) else InLine(behind, TEXT, None)
        if isinstance(state, ToolCall):
            return self._in_tool_call(state, char)
        assert isinstance(state, Code)
        if self._fences.ends(state, group):
            return self._in_text(InLine(self._body_text, TEXT, None), group, char)
        seen = _longest(state.seen + char, _THINK_TAGS) if char else ""
        if seen in _THINK_TAGS:
            return None
        behind = self._fences.in_code(state, group)
        return behind and behind._replace(seen=seen)

    @staticmethod
    def stays_in_text(state: State) -> bool:
        """See `Reply`. Nearly every token may stand in `balanced`: leaving some out is not worth a trie."""
        return False

    @property
    def _body_text(self) -> Open:
        text: Open = self.body.text
        return text

    def accepts(self, state: State) -> bool:
        """Whether the reply may end here."""
        return super().accepts(state.text) if isinstance(state, InLine) else True

    def _in_text(self, state: InLine, group: int, char: str) -> object | None:
        tool = self._tool(state, char)
        if tool in TOOL_CALLS:
            return ToolCall(TOOL_CALLS[tool], "")
        text = super().step(state.text, group)
        if isinstance(text, Free):
            return text
        if text is None:
            if not tool:
                return None
            text = _NOWHERE
        line, block = self._fences.step(state.line, state.block, group)
        if text.closer or text.marker:
            line, block = TEXT, None
        if isinstance(block, Code):
            return block
        return InLine(text, line, block, tool)

    def _tool(self, state: InLine, char: str) -> str:
        if not char:
            return ""
        if not state.tool and (state.line != AT_START or state.block is not None or state.text.closer):
            return ""
        longer = state.tool + char
        return longer if any(marker.startswith(longer) for marker in TOOL_CALLS) else ""

    def _in_tool_call(self, state: ToolCall, char: str) -> object | None:
        seen = _longest(state.seen + char, (state.closer, *_THINK_TAGS)) if char else ""
        if seen in _THINK_TAGS:
            return None
        if seen == state.closer:
            return InLine(self._body_text, AT_START if state.closer == "\n\n" else TEXT, None)
        return ToolCall(state.closer, seen)


def _longest(text: str, markers: tuple[str, ...]) -> str:
    """The longest end of `text` that begins one of `markers`."""
    at = next(at for at in range(len(text) + 1) if any(marker.startswith(text[at:]) for marker in markers))
    return text[at:]
