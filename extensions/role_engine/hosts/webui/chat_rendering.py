"""The prompt of a chat: rendered by the host itself, with the role in copies of what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from role_engine.budget import RolePromptBuilder
from role_engine.hosts.webui.model_kind import LoadedModel
from role_engine.hosts.webui.prompt import ChatInput, with_role
from role_engine.hosts.webui.recent_turns import recent
from role_engine.hosts.webui.templates import chat_template
from role_engine.hosts.webui.window import find_loaded_context, model_window
from role_engine.modes.asking import Ask
from role_engine.prompts import TemplateLibrary


@dataclass(frozen=True, slots=True)
class RenderedChat:
    """A prompt, the stop strings of a template that the host does not know of, and what of the role had no room."""

    prompt: str
    stop: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRendering:
    """Renders chats.

    Attributes:
        model: the model that is loaded.
        fallback: the settings' template, for no role and for roles that name none.
        host: renders text, state and keyword arguments, and shortens the history.
    """

    shared: Any
    templates: TemplateLibrary
    teller: RolePromptBuilder
    model: Callable[[], LoadedModel]
    fallback: Callable[[], str | None]
    host: Callable[[str, dict[str, Any], dict[str, Any]], str]

    def render_untouched(self, chat: ChatInput) -> RenderedChat:
        """As the host itself has it."""
        return RenderedChat(self.host(chat.text, dict(chat.state), dict(chat.kwargs)))

    def render(self, chat: ChatInput, ask: Ask, question: str) -> RenderedChat:
        """The prompt of `chat`, and of the question in place of its last message.

        The role keeps to its share of the context. Where the host finds no room for it beside the message, it gets
        less, down to its core.

        Args:
            question: what the user wrote, for the role's knowledge.

        Raises:
            TemplateError: the role's texts or its template do not work.
            ValueError: the host finds no room for the prompt at all.
        """
        role, state = ask.role, chat.state
        of_model = state["instruction_template_str"]
        template = chat_template(self.templates, role, of_model, self.model(), fallback=self.fallback())
        if template is not None:  # whom it is for has no switch for thinking, and gets no empty thought either
            state = {**state, "instruction_template_str": template.chat, "enable_thinking": True}
        stop = template.stop_strings if template is not None else ()
        chat = replace(chat, state=state)
        if role is None:
            return replace(self.render_untouched(chat), stop=stop)
        said = {"user": state.get("name1", ""), "char": state.get("name2", ""), "note": ask.note}
        no_room = ValueError("there is no room for it")
        for window in model_window(self.shared, find_loaded_context(self.shared, state)).and_tighter(role):
            told = self.teller.build(role, question, window, **said, today=date.today(), reminder=ask.reminder)
            with_turn, kwargs = with_role(chat, told.said)
            kwargs["history"] = recent(kwargs["history"], told.said, window, with_turn, chat.text)
            try:
                prompt = self.host(chat.text, with_turn, kwargs)
            except ValueError as error:
                no_room = error
                continue
            return RenderedChat(prompt, stop, told.left_out)
        raise no_room
