"""A role in the webui's chat prompt: through copies of the host's state and history, rendered by the host itself.

The host shortens a chat message by message from its beginning, where the role's examples stand; so turns that have no
room beside them are taken out before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from role_engine.budget import ContextWindow
from role_engine.language import LanguagePolicy
from role_engine.modes.mode import Mode
from role_engine.modes.switch import find_mode_token
from role_engine.prompts.chat_templates import adapt_chat_template
from role_engine.prompts.frame import RoleText, with_blank_lines
from role_engine.prompts.history import clean_history

Rows = list[list[Any]]

_BESIDE_A_MESSAGE = 8
"""Tokens of a chat template round one message."""
_SPARE = 32


@dataclass(frozen=True, slots=True)
class ChatInput:
    """The host's call of `custom_generate_chat_prompt`, taken apart."""

    text: str
    state: Mapping[str, Any]
    kwargs: Mapping[str, Any]

    @property
    def history(self) -> dict[str, Any]:
        return dict(self.kwargs.get("history", self.state["history"]))

    @property
    def continued(self) -> bool:
        return bool(self.kwargs.get("_continue"))

    def list_user_messages(self) -> tuple[str, ...]:
        """What the user wrote, oldest first, the message to be answered last."""
        earlier = [str(row[0]) for row in self.history["internal"] if not _is_system(row)]
        current = [] if self.continued else [self.text]
        return tuple(m for m in [*earlier, *current] if m.strip() and m != "<|BEGIN-VISIBLE-CHAT|>")

    def switch_mode(self, modes: Sequence[Mode]) -> tuple[ChatInput, str | None]:
        """The same without the token of a thinking mode in the message, and the mode that it asks for."""
        if not self.text or self.continued:
            return self, None
        named, text = find_mode_token(self.text, modes)
        return replace(self, text=text), named

    def is_question(self) -> bool:
        """Whether the reply begins with the user's message: not one that is continued, or goes on after a tool's
        result, when the question has been thought about before."""
        return bool(self.text and self.text.strip()) and not (self.continued or self.state.get("_tool_turn"))

    def find_begun_reply(self) -> str:
        """The reply that is to be continued."""
        rows = self.history["internal"]
        return str(rows[-1][1]) if self.continued and rows else ""


def add_role(chat: ChatInput, role: RoleText) -> tuple[dict[str, Any], dict[str, Any]]:
    """Copies of the host's state and keyword arguments, the role in them.

    In mode instruct the role leads the system message; in chat and chat-instruct it leads the character's context. The
    last words, knowledge and reminder, go into the chat template, so that they stay last whatever the host puts behind
    the message.
    """
    state, kwargs = dict(chat.state), dict(chat.kwargs)
    lead, last_words = with_blank_lines(role.lead()), with_blank_lines(role.last_words())
    if state["mode"] == "instruct":
        state["custom_system_message"] = _join(lead, state.get("custom_system_message"))
        state["instruction_template_str"] = adapt_chat_template(state["instruction_template_str"], reminder=last_words)
    else:
        state["context"] = _join(lead, state.get("context"))
        state["chat_template_str"] = adapt_chat_template(state["chat_template_str"], reminder=last_words)
        state["instruction_template_str"] = adapt_chat_template(state["instruction_template_str"])
    kwargs["history"] = add_examples(chat.history, [(turn.user, turn.assistant) for turn in role.examples])
    return state, kwargs


def add_examples(history: Mapping[str, Any], examples: list[tuple[str, str]]) -> dict[str, Any]:
    """A history that begins with `examples`; the host's metadata, which is by row number, moves along."""
    if not examples:
        return dict(history)
    rows = [[user, assistant, "", {}] for user, assistant in examples]
    metadata = move_metadata(history.get("metadata", {}), len(rows))
    return {**history, "internal": rows + list(history["internal"]), "metadata": metadata}


def move_metadata(metadata: Mapping[str, Any], by: int, *, first: int = 0) -> dict[str, Any]:
    """The host's metadata for a history whose rows from `first` on stand `by` rows further on; less than 0: so many of
    them are gone."""
    moved = {}
    for key, value in metadata.items():
        speaker, _, row = key.rpartition("_")
        at = int(row) if row.isdigit() else -1
        if at < first:
            moved[key] = value
        elif at + by >= first:
            moved[f"{speaker}_{at + by}"] = value
    return moved


def drop_old_turns(
    history: dict[str, Any], said: RoleText, window: ContextWindow, state: Mapping[str, Any], text: str
) -> dict[str, Any]:
    """`history` without its oldest turns where not all of it has room. The role's examples stay, and the last row.

    Args:
        history: begins with the examples.
        state: the host's, the role in it.
        text: the message to be answered.
    """
    rows, examples = list(history["internal"]), len(said.examples)
    context = window.context
    if not examples or context is None or len(rows) <= examples + 1:
        return history
    head = [str(state.get(key) or "") for key in ("custom_system_message", "context")]
    fixed = "\n".join([*head, text or "", with_blank_lines(said.last_words()), *map(_join_row, rows[:examples])])
    room = context - int(state["max_new_tokens"]) - _SPARE
    turns = rows[examples:]

    def fits(first: int) -> bool:
        shown = [_join_row(row) for row in turns[first:]]
        whole = "\n".join([fixed, *shown])
        beside = _BESIDE_A_MESSAGE * 2 * (len(shown) + examples + 1)
        if len(whole.encode("utf-8", "replace")) + beside <= room:  # no token is shorter than a byte
            return True
        return window.count(whole) + beside <= room

    first = bisect_left(range(len(turns) - 1), True, key=fits)
    if not first:
        return history
    metadata = move_metadata(history.get("metadata", {}), -first, first=examples)
    return {**history, "internal": rows[:examples] + turns[first:], "metadata": metadata}


def hide_foreign_sentences(chat: ChatInput, policy: LanguagePolicy) -> dict[str, Any]:
    """Keyword arguments whose history shows earlier replies without their sentences in a wrong language.

    The reply that is being continued stays as it is.
    """
    history = chat.history
    rows: Rows = list(history["internal"])
    last = rows[-1:] if chat.continued else []
    history["internal"] = clean_history(rows[: len(rows) - len(last)], policy) + last
    return {**chat.kwargs, "history": history}


def _join(first: str, second: Any) -> str:
    second = str(second or "").strip()
    return f"{first}\n\n{second}" if second else first


def _is_system(row: list[Any]) -> bool:
    return len(row) > 3 and isinstance(row[3], Mapping) and row[3].get("role") == "system"


def _join_row(row: list[Any]) -> str:
    return "\n".join(str(said) for said in row[:2] if said)
