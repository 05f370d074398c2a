"""The tokens that can be added, the form they have, and what they mean in Russian."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from role_engine.errors import ModelError
from role_engine.models.token_manifest import AddedToken, TokenKind

PAD = "<|pad|>"
TOOL_START, TOOL_END = "<tool_start>", "</tool_end>"

KNOWN_MODES = {
    "recursion": "рекурсия: черновик, критика собственного ответа и исправление",
    "think": "размышление перед ответом",
    "conflict": "спор двух сторон и решение третьей",
}
_TOOLS = {TOOL_START: "начало вызова инструмента", TOOL_END: "конец вызова инструмента"}
_PAD = "пустое место, заполнение"
_TAKEN = frozenset(
    {
        *(
            "im_start",
            "im_end",
            "endoftext",
            "start",
            "end",
            "system",
            "user",
            "assistant",
            "tool",
            "message",
            "channel",
        ),
        *("return", "call", "eot_id", "eom_id", "pad"),
    }
)
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class WantedToken:
    """A token to be added.

    Attributes:
        text: as it stands in prompts and replies.
        kind: what it is for.
        name: of its mode, role or tool.
        description: a Russian phrase that says what it means; its row begins as the mean of the phrase's rows.
        special: left out when text is decoded without special tokens. Switches of modes and roles are not: they must
            reach the stream, where the engine catches them.
    """

    text: str
    kind: TokenKind
    name: str
    description: str
    special: bool

    def to_added(self, token_id: int, former: dict[str, str]) -> AddedToken:
        """The manifest's entry; `former` as there."""
        return AddedToken(
            token=self.text,
            id=token_id,
            kind=self.kind,
            name=self.name,
            description=self.description,
            special=self.special,
            former=former,
        )


def not_there_yet(
    tokens: Sequence[WantedToken], ids: Mapping[str, int], *, may_be_there: TokenKind | None = None
) -> list[WantedToken]:
    """Those to add.

    Args:
        ids: the tokenizer's entries.
        may_be_there: a token of this kind that is there already is left out; any other is an error.

    Raises:
        ModelError: one is there already, or is asked for twice.
    """
    new: dict[str, WantedToken] = {}
    for token in tokens:
        if token.text in new:
            raise ModelError(f"{token.text} is asked for twice.")
        if token.text not in ids:
            new[token.text] = token
        elif token.kind != may_be_there:
            raise ModelError(f"{token.text} is in the tokenizer already, as {ids[token.text]}.")
    return list(new.values())


def mode_token(name: str, description: str | None = None) -> WantedToken:
    """`<|recursion|>` for `recursion`.

    Raises:
        ModelError: the name cannot be a mode's, or there is no description for it.
    """
    described = description or KNOWN_MODES.get(name)
    return WantedToken(f"<|{_checked(name, 'mode')}|>", "mode", name, _needed(described, name), special=False)


def role_token(name: str, description: str | None) -> WantedToken:
    """`<|role:logician|>` for `logician`.

    The colon keeps it apart from every mode, from `<|system|>`, `<|user|>` and `<|assistant|>`, which templates and
    hosts know as whole marks, and from the openings of reasoning that hosts look for (`<|think|>`, `<|channel|>`).

    Raises:
        ModelError: as `mode_token`.
    """
    return WantedToken(f"<|role:{_checked(name, 'role')}|>", "role", name, _needed(description, name), special=False)


def tool_tokens() -> tuple[WantedToken, ...]:
    """The pair round a call of a tool."""
    return tuple(
        WantedToken(text, "tool", text.strip("</>"), description, special=False) for text, description in _TOOLS.items()
    )


def pad_token() -> WantedToken:
    """A token of its own to fill batches with, so that the end of a text need not serve as one."""
    return WantedToken(PAD, "pad", "pad", _PAD, special=True)


def _checked(name: str, what: str) -> str:
    if not _NAME.fullmatch(name):
        raise ModelError(f"{name!r} cannot be a {what}'s name.", hint="Use 1 to 64 of a-z, 0-9, _ and -.")
    if what == "mode" and name in _TAKEN:
        raise ModelError(
            f"A mode cannot be called {name!r}: chat templates use <|{name}|>.", hint="Choose another name."
        )
    return name


def _needed(description: str | None, name: str) -> str:
    if not description or not description.strip():
        raise ModelError(
            f"Nothing says what {name!r} means.", hint=f'Say it in Russian: --describe {name}="что это значит".'
        )
    return " ".join(description.split())
