"""The prompts of replies: a chat's, rendered by the host itself with the role in copies of what it is given, and a raw
one, for notebook and completions, with the role round it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from role_engine.app.raw_prompt import render_raw_prompt
from role_engine.hosts.webui.context_window import find_context, make_window
from role_engine.hosts.webui.prompt import ChatInput, add_role, drop_old_turns
from role_engine.hosts.webui.services import WebuiServices
from role_engine.hosts.webui.templates import choose_chat_template, choose_raw_template, find_template_values
from role_engine.modes.asking import Ask
from role_engine.roles import Role


@dataclass(frozen=True, slots=True)
class HostPrompt:
    """A prompt, the stop strings of a template that the host does not know of, and what of the role had no room."""

    prompt: str
    stop: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptRenderer:
    """Renders with the settings, the role and the model as they are at each call."""

    services: WebuiServices

    def render_untouched(self, chat: ChatInput) -> HostPrompt:
        """As the host itself has it."""
        return HostPrompt(self._render_by_host(chat.text, dict(chat.state), dict(chat.kwargs)))

    def render_chat(self, chat: ChatInput, ask: Ask, question: str) -> HostPrompt:
        """The prompt of `chat`, and of the question in place of its last message.

        The role keeps to its share of the context. Where the host finds no room for it beside the message, it gets
        less, down to its core.

        Args:
            question: what the user wrote, for the role's knowledge.

        Raises:
            TemplateError: the role's texts or its template do not work.
            ValueError: the host finds no room for the prompt at all.
        """
        services, role, state = self.services, ask.role, chat.state
        of_model, model = state["instruction_template_str"], services.loaded_model
        template = choose_chat_template(
            services.host, services.templates, role, of_model, model, fallback=services.settings.template
        )
        if template is not None:  # made for models without a switch for thinking: off, it would write an empty thought
            state = {**state, "instruction_template_str": template.chat, "enable_thinking": True}
        stop = template.stop_strings if template is not None else ()
        chat = replace(chat, state=state)
        if role is None:
            return replace(self.render_untouched(chat), stop=stop)
        names = {"user": state.get("name1", ""), "char": state.get("name2", ""), "note": ask.note}
        no_room = ValueError("there is no room for it")
        for window in make_window(services.host, find_context(services.host, state)).and_tighter(role):
            fitted = services.prompt_builder.build(
                role, question, window, **names, today=date.today(), reminder=ask.reminder
            )
            with_role, kwargs = add_role(chat, fitted.said)
            kwargs["history"] = drop_old_turns(kwargs["history"], fitted.said, window, with_role, chat.text)
            try:
                prompt = self._render_by_host(chat.text, with_role, kwargs)
            except ValueError as error:
                no_room = error
                continue
            return HostPrompt(prompt, stop, fitted.left_out)
        raise no_room

    def render_raw(self, role: Role, prompt: str, state: Mapping[str, Any]) -> HostPrompt:
        """The prompt with the role round it; as it is where no template is found.

        The role keeps to its share of the context, and to less where the prompt is long: the host would cut the whole
        from the left, the role first.
        """
        services = self.services
        shared, host = services.host.shared, services.host
        of_model = state.get("instruction_template_str") or shared.settings["instruction_template_str"]
        template = choose_raw_template(host, services.templates, role, of_model, fallback=services.settings.template)
        if template is None:
            return HostPrompt(prompt)
        context = find_context(host, state)
        room = context - (0 if state.get("auto_max_new_tokens") else int(state["max_new_tokens"]))
        rendered, left_out = render_raw_prompt(
            services.prompt_builder,
            role,
            prompt,
            template,
            make_window(host, context),
            most=room if context else None,
            values=find_template_values(host),
        )
        return HostPrompt(rendered.prompt, rendered.stop, left_out)

    def _render_by_host(self, text: str, state: dict[str, Any], kwargs: Mapping[str, Any]) -> str:
        """A chat's prompt by the next extension that renders prompts, else by the host."""
        host = self.services.host
        for render in host.find_hooks("custom_generate_chat_prompt", besides=self.services.name):
            prompt = render(text, state, **kwargs)
            if prompt is not None:
                return str(prompt)
        return host.render_chat(text, state, kwargs)
