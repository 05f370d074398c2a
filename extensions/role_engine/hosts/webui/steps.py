"""The webui's chat as procedures ask it: rendered by the host itself, for another last message or another role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

from role_engine.backends.base import GenerationRequest
from role_engine.guard import ReplyReport
from role_engine.hosts.webui.generation import count_as_host, make_guard_request
from role_engine.hosts.webui.host_api import HostApi
from role_engine.hosts.webui.loaders import HostCall
from role_engine.hosts.webui.prompt import ChatInput
from role_engine.hosts.webui.rendering import PromptRenderer
from role_engine.hosts.webui.templates import has_own_template
from role_engine.hosts.webui.turn import Turn
from role_engine.language.markup.reasoning_formats import find_open_reasoning, reasoning_tail
from role_engine.modes.asking import Ask, NoRoom, PreparedPrompt
from role_engine.modes.handover import Handover
from role_engine.modes.participants import Find
from role_engine.modes.reply import ReplyStream
from role_engine.modes.reply_run import ReplyOptions
from role_engine.roles import Role, Thinking

_SPARE = 16  # tokens by which prompt and begun reply may come out longer than before; the host would cut the role off
_NEARLY_FULL = 0.9
_END = 60


@dataclass(frozen=True, slots=True)
class WebuiChat:
    """Implements `role_engine.modes.asking.Chat`.

    Attributes:
        prompt: what the host was given, and will show the reply to.
    """

    renderer: PromptRenderer
    call: HostCall
    turn: Turn
    chat: ChatInput
    prompt: str

    @property
    def host(self) -> HostApi:
        return self.renderer.services.host

    @property
    def question(self) -> str:
        return self.chat.text

    @property
    def role(self) -> Role | None:
        return self.turn.in_force.role

    def prepare(self, ask: Ask) -> PreparedPrompt:
        as_it_is = ask.text is None and ask.thinks is None
        prompt, stop = (self.prompt, self.turn.stop) if as_it_is else self._render(ask)
        tokens = self.host.count_tokens(prompt)
        room = int(self.call.state["truncation_length"]) - tokens - _SPARE
        if not as_it_is and (room <= 0 or self._is_cut(ask, prompt, tokens)):
            raise NoRoom(f"The prompt takes {tokens} tokens, and no room is left.")
        auto = self.call.state.get("auto_max_new_tokens")
        limit = max(1, room if auto else min(room, int(self.call.state["max_new_tokens"])))
        # The limit is each question's own; with `auto_max_new_tokens` the host would heed none.
        call = replace(self.call, state={**self.call.state, "auto_max_new_tokens": False})
        suffix = self.turn.prompt_suffix if as_it_is else reasoning_tail(prompt)
        request = replace(
            make_guard_request(call, prompt, replace(self.turn, stop=stop, prompt_suffix=suffix)), max_tokens=limit
        )
        backend = self.renderer.services.make_backend(call)

        def end_step(text: str, report: ReplyReport, asked: GenerationRequest) -> None:
            if not backend.names_tokens:
                count_as_host(self.host, report, asked.prompt + asked.prefix, text, asked.max_tokens)
            backend.close()

        return PreparedPrompt(backend, request, end_step, backend.mark_delivered)

    def _render(self, ask: Ask) -> tuple[str, tuple[str, ...]]:
        state = dict(self.chat.state)
        if ask.thinks is not None:
            state = set_thinking(self.host, state, ask.thinks)
        if ask.room is not None:  # what the host leaves free when it shortens the history
            state["max_new_tokens"] = min(ask.room, int(state["truncation_length"]) // 2)
        if not ask.tools:
            state["tools"] = []
        text = self.chat.text if ask.text is None else ask.text
        try:
            made = self.renderer.render_chat(replace(self.chat, text=text, state=state), ask, self.question)
        except ValueError as error:  # the host's, for a prompt that stays too long
            raise NoRoom("The host could not shorten the prompt.") from error
        return made.prompt, made.stop

    def _is_cut(self, ask: Ask, prompt: str, tokens: int) -> bool:
        """Whether the host, short of room, has cut the end of the question: then it asks for nothing any more."""
        free = int(self.call.state["truncation_length"]) - (ask.room or 0)
        full = tokens + _SPARE >= _NEARLY_FULL * free
        return ask.text is not None and full and ask.text[-_END:].strip() not in prompt


def stream_stepped_reply(
    chat: WebuiChat, find: Find, tokens: tuple[str, ...], report: ReplyReport, cancel: Event
) -> Iterator[str]:
    """A reply that takes several questions, or may, as the host wants it: growing text."""
    turn, mode = chat.turn, chat.turn.mode
    thinking = chat.role.thinking if chat.role is not None else Thinking()
    handover = Handover(find, turn.in_force.policy)
    opened = find_opener(chat.prompt) if mode is not None else ""
    options = ReplyOptions(mode, find, thinking.depth, thinking.rounds, handover, tokens, opened)
    report.tokens_prompt = chat.host.count_tokens(chat.prompt)
    pieces = ReplyStream(chat, options, cancel=cancel, report=report)
    text = ""
    try:
        for piece in pieces:
            text += piece
            yield text
    finally:
        pieces.close()


def set_thinking(host: HostApi, state: Mapping[str, Any], thinks: bool) -> dict[str, Any]:
    """The host's state with its switch for a model's own thinking; a base model has none, though our templates do."""
    own = has_own_template(host, state["instruction_template_str"])
    return {**state, "enable_thinking": thinks} if own else dict(state)


def find_opener(prompt: str) -> str:
    """The opener of a reasoning block at the prompt's end, which the host writes into the reply."""
    found = find_open_reasoning(prompt)
    return found.opener if found is not None else ""
