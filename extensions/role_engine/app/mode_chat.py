"""A chat of our own servers as procedures ask it: another last message, another role, the same history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from role_engine.app.chat_prompt import ChatPrompt
from role_engine.app.history import Message
from role_engine.app.refusal import RequestRefusal
from role_engine.backends.base import Backend, GenerationRequest
from role_engine.modes.asking import Ask, NoRoom, PreparedPrompt
from role_engine.roles import Role

Write = Callable[[Sequence[Message], Ask], ChatPrompt]


@dataclass(frozen=True, slots=True)
class ModeChat:
    """Implements `role_engine.modes.asking.Chat`.

    Attributes:
        messages: the chat; the last one is the user's, or a tool's that answers it.
        at: the place of the user's last message.
        write: renders messages for a question.
        whole: the request as it is without any mode.
        context: tokens that prompt and reply may have together; None: not known.
    """

    backend: Backend
    messages: Sequence[Message]
    at: int
    role: Role | None
    write: Write
    whole: GenerationRequest
    context: int | None

    @property
    def question(self) -> str:
        return self.messages[self.at]["content"]

    def prepare(self, ask: Ask) -> PreparedPrompt:
        messages = list(self.messages)
        if ask.text is not None:
            messages[self.at] = {**messages[self.at], "content": ask.text}
        try:
            written = self.write(messages, ask)
        except RequestRefusal as error:
            raise NoRoom(error.message) from error
        limit = self.whole.max_tokens
        if self.context is not None and written.tokens is not None:
            room = self.context - written.tokens
            if room <= 0:
                raise NoRoom(f"The prompt takes {written.tokens} tokens of {self.context}.")
            limit = room if limit is None else min(limit, room)
        request = replace(
            self.whole,
            prompt=written.prompt,
            messages=written.messages,
            max_tokens=limit,
            prompt_suffix=written.prompt_suffix,
        )
        return PreparedPrompt(self.backend, request)
