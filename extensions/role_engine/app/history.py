"""The part of a chat's history that a prompt can show: from the end back to what cannot fit any more, cleaned.

Cleaning, rendering and counting cost time for each message. What the context cannot hold is left out before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from role_engine.app.engine import Engine
from role_engine.language.markup.reasoning_formats import TAG_FORMATS
from role_engine.language.policy import LanguagePolicy
from role_engine.prompts import clean_reply

Message = dict[str, str]

USERS_BEFORE_A_REPLY = 32
"""Messages of the user that an earlier reply is judged by, those next before it."""
CLEANED_AT_MOST = 2**20
"""Characters of history that are cleaned where the context is not known; what is older is shown as it is."""

_BLOCK = 2**12  # characters that are counted at a time
_SLACK = 1.1  # messages lose tokens where a template trims them
_CHARACTERS_PER_TOKEN = 32  # more of history than this is not even cleaned, though cleaning might leave nothing of it
_CLOSERS = {one.opener: one.closer for one in TAG_FORMATS}  # the blocks that chat templates leave out
_THINKING = re.compile("|".join(map(re.escape, _CLOSERS)))


def select_recent_history(messages: Sequence[Message], engine: Engine, policy: LanguagePolicy) -> list[Message]:
    """The last messages, at least all that fit into the engine's context, replies without what the policy refuses.

    Where some are left out, it begins with a message of the user's; it holds the last one in any case.
    """
    last_user = max((i for i, message in enumerate(messages) if message["role"] == "user"), default=0)
    weight = _Weight(engine)
    kept: list[Message] = []
    users = [i for i, message in enumerate(messages) if message["role"] == "user"]
    before = len(users)
    start = len(messages)
    for place in range(len(messages) - 1, -1, -1):
        message = messages[place]
        while before and users[before - 1] > place:
            before -= 1
        if weight.is_too_much and place < last_user:
            break
        if message["role"] == "assistant" and not weight.is_enough:
            said = [messages[i]["content"] for i in users[max(0, before - USERS_BEFORE_A_REPLY) : before]]
            message = {**message, "content": clean_reply(message["content"], policy, said)}
        kept.append(message)
        weight.add(messages[place]["content"], message)
        start = place
    kept.reverse()
    if start == 0:
        return kept
    first = next((i for i, message in enumerate(kept) if message["role"] == "user"), 0)
    return kept[first:]


class _Weight:
    """Whether the messages added so far are more than fits, in blocks."""

    def __init__(self, engine: Engine) -> None:
        context = engine.context
        self._count: Callable[[str], int] = engine.count
        self._most = None if context is None else int(context * _SLACK) + _BLOCK // 64
        self._most_raw = CLEANED_AT_MOST if context is None else context * _CHARACTERS_PER_TOKEN
        self._tokens = self._raw = self._size = 0
        self._block: list[str] = []

    @property
    def is_too_much(self) -> bool:
        return self._most is not None and (self._tokens > self._most or self.is_enough)

    @property
    def is_enough(self) -> bool:
        """Whether no more is cleaned."""
        return self._raw > self._most_raw

    def add(self, raw: str, message: Message) -> None:
        self._raw += len(raw) + 1
        if self._most is None:
            return
        text = message["content"]
        self._block.append(_without_thinking(text) if message["role"] == "assistant" and "think>" in text else text)
        self._size += len(text)
        self._tokens += 1  # that it is a message takes one at least
        if self._size >= _BLOCK:
            self._tokens += self._count("\n".join(self._block))
            self._block, self._size = [], 0


def _without_thinking(text: str) -> str:
    """The text without its closed blocks of reasoning and the white space before them."""
    parts, at = [], 0
    while opener := _THINKING.search(text, at):
        closer = _CLOSERS[opener[0]]
        end = text.find(closer, opener.end())
        if end < 0:
            break
        parts.append(text[at : opener.start()].rstrip())
        at = end + len(closer)
    return "".join([*parts, text[at:]])
