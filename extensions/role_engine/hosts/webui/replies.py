"""A reply of the webui: the prompt that the host asks for, and the text that it asks for then."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from role_engine.errors import TemplateError
from role_engine.guard import ReplyReport
from role_engine.hosts.http.context import RequestContext, get_current
from role_engine.hosts.panel.page_request import current_session_key
from role_engine.hosts.webui import turn as turns
from role_engine.hosts.webui.cancel import HostCancel
from role_engine.hosts.webui.chat_rendering import ChatRendering
from role_engine.hosts.webui.generation import (
    inner_generator,
    make_unguarded_filter,
    stream_guarded_reply,
    stream_unguarded_reply,
)
from role_engine.hosts.webui.loaders import HostCall
from role_engine.hosts.webui.other_extensions import host_prompt, own_hook
from role_engine.hosts.webui.prompt import ChatInput, with_clean_replies
from role_engine.hosts.webui.raw_prompt import with_role_around
from role_engine.hosts.webui.steps import WebuiChat, stream_stepped_reply, with_thinking
from role_engine.hosts.webui.tail import reply_tail
from role_engine.hosts.webui.turn import Turn, Turns
from role_engine.hosts.webui.window import find_loaded_context, limits, room_beside
from role_engine.language.markup.reasoning_formats import reasoning_tail
from role_engine.modes.answer_turns import AnswerTurns
from role_engine.modes.asking import Ask
from role_engine.modes.handover import Handover
from role_engine.roles.role import NO_THINKING

if TYPE_CHECKING:
    from role_engine.hosts.webui.extension import WebuiExtension

logger = logging.getLogger("role_engine")


class Replies:
    """Makes prompts and replies for the host's two hooks. What belongs to one reply is in its `Turn`, which travels in
    the host's state from the first hook to the second."""

    def __init__(self, extension: WebuiExtension, turns: Turns) -> None:
        self._extension, self._shared, self._turns = extension, extension.shared, turns
        self._rendering = ChatRendering(
            extension.shared,
            extension.templates,
            extension.teller,
            extension.find_loaded_model,
            lambda: extension.settings.template,
            partial(host_prompt, extension.name),
        )

    def prompt(self, text: str, state: dict[str, Any], **kwargs: Any) -> str:
        as_written, request = ChatInput(text, state, kwargs), get_current()
        chat, named = as_written.switch_mode(self._extension.modes.all())
        turn = self._turns.of(
            turns.chat_surface(request), state, request, chat.user_messages(), chat.reply_so_far(), thinking=named
        )
        if turn.reach == "off":
            chat = as_written
        ask = Ask(role=turn.in_force.role if turn.reach == "on" else None)
        if turn.reach != "off" and self._extension.settings.clean_history and turn.in_force.guarded:
            chat = replace(chat, kwargs=with_clean_replies(chat, turn.in_force.policy))
        bare = chat
        if ask.role is not None:
            changed = {**chat.state, **turn.changes}
            chat = replace(chat, state={**changed, **limits(self._shared, changed)})
        if turn.reach == "on" and chat.is_question():
            turn, ask = self._in_steps(turn, chat, ask)
            chat = turn.chat or chat
        asked = turn.context[-1] if turn.context else ""
        try:
            on = turn.reach == "on"
            made = self._rendering.render(chat, ask, asked) if on else self._rendering.render_untouched(chat)
        except (TemplateError, ValueError) as error:  # ours, or the host's for a prompt that stays too long
            if ask.role is None:
                raise
            logger.error("role %s is left out: %s", ask.role.id, error or "there is no room for it")
            turn = replace(turn, reach="guard", mode=None, chat=None)
            made = self._rendering.render_untouched(bare)
        suffix = turn.prompt_suffix or reasoning_tail(made.prompt)
        state[turns.KEY] = replace(turn, stop=made.stop, prompt_suffix=suffix, left_out=made.left_out)
        return made.prompt

    def _in_steps(self, turn: Turn, chat: ChatInput, ask: Ask) -> tuple[Turn, Ask]:
        """The turn and its first question, where the reply takes several questions, or may."""
        mode, role = self._extension.modes.find(turn.in_force.thinking), turn.in_force.role
        note = AnswerTurns(Handover(self._extension.library.find, turn.in_force.policy)).note(role)
        if mode is None and not note:
            return turn, ask
        # The host writes a block that the prompt opens into the reply itself; in a mode the block is ours.
        if mode is not None:
            chat = replace(chat, state=with_thinking(chat.state, thinks=False))
        return replace(turn, mode=mode, chat=chat), replace(ask, note=note)

    def generate(
        self, question: str, original_question: str, state: dict[str, Any], stopping_strings: Any, is_chat: bool
    ) -> Iterator[str]:
        request = get_current()
        inner, is_host = inner_generator(self._shared, own_hook(self._extension.name))
        if inner is None:
            yield ""
            return
        turn = self._turns.of_call(question, state, stopping_strings, is_chat, request)
        call = HostCall(inner, is_host, original_question, state, stopping_strings, is_chat, self._extension.cache)
        if turn is None or turn.reach == "off":
            yield from stream_unguarded_reply(call, question)
            return
        prompt = question
        if not is_chat and turn.reach == "on" and turn.in_force.role is not None:
            state = {**state, **turn.changes, **limits(self._shared, {**state, **turn.changes})}
            prompt, stop, left_out = with_role_around(
                self._extension.templates,
                self._extension.teller,
                turn.in_force.role,
                question,
                state,
                self._shared,
                fallback=self._extension.settings.template,
            )
            turn = replace(turn, stop=stop, prompt_suffix=reply_tail(prompt), left_out=left_out)
        if turn.reach == "on" and turn.in_force.role is not None:
            call = replace(call, state=self._changed(state, turn, prompt))
        report = self._report(turn)
        if request is not None:
            request.reports.append(report)
        replies, delivered = self._replies(turn, call, prompt, report, request), ""
        try:
            for delivered in replies:
                yield delivered
        finally:
            replies.close()
            if turn.in_force.guarded:
                self._extension.stats.add(report)
            if turn.surface == "page":
                asked = turn.context[-1] if turn.context else ""
                self._extension.sessions.note(current_session_key(), report, asked, delivered)

    def _replies(
        self, turn: Turn, call: HostCall, prompt: str, report: ReplyReport, request: RequestContext | None
    ) -> Generator[str, None, None]:
        """The reply as it grows, made in the way that the turn asks for."""
        cancel = HostCancel(self._shared, request.cancel if request else None, call.state.get("stop_event"))
        tokens = self._extension.modes.tokens()
        if turn.chat is not None:
            chat = WebuiChat(self._shared, call, turn, turn.chat, prompt, self._rendering.render)
            yield from stream_stepped_reply(chat, self._extension.library.find, tokens, report, cancel)
        elif turn.in_force.guarded:
            yield from stream_guarded_reply(self._shared, call, prompt, turn, report, cancel, tokens)
        else:
            sieve = make_unguarded_filter(turn, call.state, tokens) if call.is_chat else None
            yield from stream_unguarded_reply(call, prompt, report if request is not None else None, sieve, turn.stop)

    def _changed(self, state: dict[str, Any], turn: Turn, prompt: str) -> dict[str, Any]:
        """The host's state for a reply of the role: its sampling, and a limit that leaves the prompt whole."""
        state = {**state, **turn.changes}
        context = find_loaded_context(self._shared, state) or state.get("truncation_length")
        return {
            **state,
            "truncation_length": context,
            "max_new_tokens": room_beside(self._shared, state, prompt),
        }

    def _report(self, turn: Turn) -> ReplyReport:
        role = turn.in_force.role
        return ReplyReport(
            role=role.id if role is not None and turn.reach == "on" else None,
            mode=turn.in_force.policy.mode,
            thinking=turn.mode.id if turn.mode is not None else NO_THINKING,
            left_out=turn.left_out,
        )
