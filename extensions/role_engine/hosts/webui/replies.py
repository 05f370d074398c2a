"""A reply of the webui: the prompt that the host asks for, and the text that it asks for then."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any

from role_engine.errors import TemplateError
from role_engine.guard import ReplyReport
from role_engine.hosts.http.context import RequestContext, get_current
from role_engine.hosts.panel.page_request import current_session_key
from role_engine.hosts.webui import turn as turns
from role_engine.hosts.webui.context_window import count_room_beside, find_context, find_tighter_limits
from role_engine.hosts.webui.generation import (
    HostCancel,
    find_inner_generator,
    make_unguarded_filter,
    stream_guarded_reply,
    stream_unguarded_reply,
)
from role_engine.hosts.webui.loaders import HostCall
from role_engine.hosts.webui.prompt import ChatInput, hide_foreign_sentences
from role_engine.hosts.webui.rendering import PromptRenderer
from role_engine.hosts.webui.services import WebuiServices
from role_engine.hosts.webui.steps import WebuiChat, set_thinking, stream_stepped_reply
from role_engine.hosts.webui.tail import find_reply_tail
from role_engine.hosts.webui.turn import Turn, TurnResolver
from role_engine.language.markup.reasoning_formats import reasoning_tail
from role_engine.modes.answer_turns import AnswerTurns
from role_engine.modes.asking import Ask
from role_engine.modes.handover import Handover
from role_engine.roles.role import NO_THINKING

logger = logging.getLogger("role_engine")


class ReplyHooks:
    """Makes prompts and replies for the host's two hooks. What belongs to one reply is in its `Turn`, which travels in
    the host's state from the first hook to the second."""

    def __init__(self, services: WebuiServices) -> None:
        self._services, self._host = services, services.host
        self._turns = TurnResolver(services)
        self._renderer = PromptRenderer(services)

    def render_prompt(self, text: str, state: dict[str, Any], **kwargs: Any) -> str:
        as_written, request = ChatInput(text, state, kwargs), get_current()
        chat, named = as_written.switch_mode(self._services.modes.all())
        turn = self._turns.resolve(
            turns.name_chat_surface(request),
            state,
            request,
            chat.list_user_messages(),
            chat.find_begun_reply(),
            thinking=named,
        )
        if turn.reach == "off":
            chat = as_written
        ask = Ask(role=turn.in_force.role if turn.reach == "on" else None)
        if turn.reach != "off" and self._services.settings.clean_history and turn.in_force.guarded:
            chat = replace(chat, kwargs=hide_foreign_sentences(chat, turn.in_force.policy))
        bare = chat
        if ask.role is not None:
            changed = {**chat.state, **turn.changes}
            chat = replace(chat, state={**changed, **find_tighter_limits(self._host, changed)})
        if turn.reach == "on" and chat.is_question():
            turn, ask = self._plan_steps(turn, chat, ask)
            chat = turn.chat or chat
        asked = turn.context[-1] if turn.context else ""
        try:
            on = turn.reach == "on"
            made = self._renderer.render_chat(chat, ask, asked) if on else self._renderer.render_untouched(chat)
        except (TemplateError, ValueError) as error:  # ours, or the host's for a prompt that stays too long
            if ask.role is None:
                raise
            logger.error("role %s is left out: %s", ask.role.id, error or "there is no room for it")
            turn = replace(turn, reach="guard", mode=None, chat=None)
            made = self._renderer.render_untouched(bare)
        suffix = turn.prompt_suffix or reasoning_tail(made.prompt)
        state[turns.KEY] = replace(turn, stop=made.stop, prompt_suffix=suffix, left_out=made.left_out)
        return made.prompt

    def _plan_steps(self, turn: Turn, chat: ChatInput, ask: Ask) -> tuple[Turn, Ask]:
        """The turn and its first question, where the reply takes several questions, or may."""
        mode, role = self._services.modes.find(turn.in_force.thinking), turn.in_force.role
        note = AnswerTurns(Handover(self._services.library.find, turn.in_force.policy)).note(role)
        if mode is None and not note:
            return turn, ask
        # The host writes a block that the prompt opens into the reply itself; in a mode the block is ours.
        if mode is not None:
            chat = replace(chat, state=set_thinking(self._host, chat.state, thinks=False))
        return replace(turn, mode=mode, chat=chat), replace(ask, note=note)

    def generate(
        self, question: str, original_question: str, state: dict[str, Any], stopping_strings: Any, is_chat: bool
    ) -> Iterator[str]:
        request = get_current()
        inner, is_host = find_inner_generator(self._host, self._services.name)
        if inner is None:
            yield ""
            return
        turn = self._turns.resolve_call(question, state, stopping_strings, is_chat, request)
        call = HostCall(inner, is_host, original_question, state, stopping_strings, is_chat)
        if turn is None or turn.reach == "off":
            yield from stream_unguarded_reply(self._host, call, question)
            return
        prompt = question
        if not is_chat and turn.reach == "on" and turn.in_force.role is not None:
            changed = {**state, **turn.changes}
            state = {**changed, **find_tighter_limits(self._host, changed)}
            made = self._renderer.render_raw(turn.in_force.role, question, state)
            prompt = made.prompt
            turn = replace(turn, stop=made.stop, prompt_suffix=find_reply_tail(prompt), left_out=made.left_out)
        if turn.reach == "on" and turn.in_force.role is not None:
            call = replace(call, state=self._change_state(state, turn, prompt))
        report = self._make_report(turn)
        if request is not None:
            request.reports.append(report)
        replies, delivered = self._stream(turn, call, prompt, report, request), ""
        try:
            for delivered in replies:
                yield delivered
        finally:
            replies.close()
            if turn.in_force.guarded:
                self._services.stats.add(report)
            if turn.surface == "page":
                asked = turn.context[-1] if turn.context else ""
                self._services.sessions.note(current_session_key(), report, asked, delivered)

    def _stream(
        self, turn: Turn, call: HostCall, prompt: str, report: ReplyReport, request: RequestContext | None
    ) -> Generator[str, None, None]:
        """The reply as it grows, made in the way that the turn asks for."""
        cancel = HostCancel(self._host.shared, request.cancel if request else None, call.state.get("stop_event"))
        tokens = self._services.modes.tokens()
        if turn.chat is not None:
            chat = WebuiChat(self._renderer, call, turn, turn.chat, prompt)
            yield from stream_stepped_reply(chat, self._services.library.find, tokens, report, cancel)
        elif turn.in_force.guarded:
            yield from stream_guarded_reply(self._services.make_backend(call), prompt, turn, report, cancel, tokens)
        else:
            marker_filter = make_unguarded_filter(turn, call.state, tokens) if call.is_chat else None
            counted = report if request is not None else None
            yield from stream_unguarded_reply(self._host, call, prompt, counted, marker_filter, turn.stop)

    def _change_state(self, state: dict[str, Any], turn: Turn, prompt: str) -> dict[str, Any]:
        """The host's state for a reply of the role: its sampling, and a limit that leaves the prompt whole."""
        state = {**state, **turn.changes}
        context = find_context(self._host, state) or state.get("truncation_length")
        return {
            **state,
            "truncation_length": context,
            "max_new_tokens": count_room_beside(self._host, state, prompt),
        }

    def _make_report(self, turn: Turn) -> ReplyReport:
        role = turn.in_force.role
        return ReplyReport(
            role=role.id if role is not None and turn.reach == "on" else None,
            mode=turn.in_force.policy.mode,
            thinking=turn.mode.id if turn.mode is not None else NO_THINKING,
            left_out=turn.left_out,
        )
