"""A card's placeholders, and the dialogue that shows a character's voice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_ANGLES = {"USER": "{{user}}", "BOT": "{{char}}", "CHAR": "{{char}}"}
_ANGLE = re.compile(r"<(USER|BOT|CHAR)>")
_ORIGINAL = re.compile(r"\{\{\s*original\s*\}\}", re.IGNORECASE)
_START = re.compile(r"^[ \t]*<START>[ \t]*$\n?", re.IGNORECASE | re.MULTILINE)
_TURN = re.compile(r"^[ \t]*(\{\{user\}\}|\{\{char\}\}):[ \t]*", re.IGNORECASE | re.MULTILINE)


def ours(text: str) -> str:
    """`text` with <USER>, <BOT> and <CHAR> as {{user}} and {{char}}, line feeds only, no blank ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ANGLE.sub(lambda found: _ANGLES[found[1]], text).strip()


def with_original(text: str, original: str) -> str:
    """`text` with {{original}} replaced."""
    return _ORIGINAL.sub(lambda _: original, text).strip()


def has_original(text: str) -> bool:
    return _ORIGINAL.search(text) is not None


def read_dialogue(text: str) -> tuple[list[dict[str, str]], str]:
    """The turns in a `mes_example`, and what of it cannot be read as turns.

    A block (between `<START>` lines) is turns when {{user}} and {{char}} speak by turns in it, the user first; any
    other block stays text.
    """
    turns: list[dict[str, str]] = []
    rest: list[str] = []
    for block in _START.split(ours(text)):
        read = _turns(block)
        if read is None:
            rest.append(block.strip())
        else:
            turns += read
    return turns, "\n\n".join(part for part in rest if part)


def _turns(block: str) -> list[dict[str, str]] | None:
    before, *pieces = _TURN.split(block)
    speakers = [piece.lower() for piece in pieces[::2]]
    said = [piece.strip() for piece in pieces[1::2]]
    pairs = len(speakers) // 2
    if before.strip() or speakers != ["{{user}}", "{{char}}"] * pairs or not all(said):
        return None
    return [{"user": said[i], "assistant": said[i + 1]} for i in range(0, 2 * pairs, 2)]


def write_dialogue(turns: Iterable[Mapping[str, str]]) -> str:
    """Turns as a `mes_example` of one block; "" for none."""
    spoken = [f"{{{{user}}}}: {turn['user']}\n{{{{char}}}}: {turn['assistant']}" for turn in turns]
    return "<START>\n" + "\n".join(spoken) if spoken else ""
