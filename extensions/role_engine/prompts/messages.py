"""A role, a history and a question as chat messages, OpenAI's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from role_engine.prompts.frame import RoleText, with_blank_lines

Message = Mapping[str, Any]


def chat_messages(role: RoleText, text: str, *, history: Sequence[Message] = ()) -> list[dict[str, Any]]:
    """The messages that ask `text` of a role: system, examples as turns, history, the question with the last words.

    Args:
        history: earlier messages; their leading system messages follow the role's own text.
    """
    earlier = [dict(message) for message in history]
    leading = next((i for i, message in enumerate(earlier) if message.get("role") != "system"), len(earlier))
    system = [with_blank_lines(role.lead()), *(str(message.get("content", "")) for message in earlier[:leading])]
    messages: list[dict[str, Any]] = []
    if merged := "\n\n".join(part for part in system if part):
        messages.append({"role": "system", "content": merged})
    for turn in role.examples:
        messages += [{"role": "user", "content": turn.user}, {"role": "assistant", "content": turn.assistant}]
    messages += earlier[leading:]
    asked = [text, with_blank_lines(role.last_words())]
    messages.append({"role": "user", "content": "\n\n".join(part for part in asked if part)})
    return messages
