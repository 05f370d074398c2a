"""The extension in the webui: one object, one method a hook."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from role_engine import paths
from role_engine.budget import RoleTeller
from role_engine.errors import ModeError, SettingsError, TemplateError
from role_engine.guard import ReplyReport
from role_engine.hosts.http.context import RequestContext, get_current
from role_engine.hosts.http.stats import Stats
from role_engine.hosts.in_force import Choice, InForce, resolve
from role_engine.hosts.knowledge import knowledge_library
from role_engine.hosts.panel import settings_file
from role_engine.hosts.panel.long_work import Works
from role_engine.hosts.panel.masks import begin_masks, wanted_policies
from role_engine.hosts.panel.page_request import current_session_key
from role_engine.hosts.panel.sessions import Sessions
from role_engine.hosts.webui import turn as turns
from role_engine.hosts.webui.cancel import HostCancel
from role_engine.hosts.webui.chat_rendering import ChatRendering
from role_engine.hosts.webui.generation import guarded_reply, inner_generator, unguarded_reply, unguarded_sieve
from role_engine.hosts.webui.kept_settings import KeptSettings
from role_engine.hosts.webui.loaders import HostCall, constraints_of
from role_engine.hosts.webui.model_kind import LoadedModel, ModelKinds
from role_engine.hosts.webui.neighbours import host_prompt, own_hook
from role_engine.hosts.webui.patches import Patches
from role_engine.hosts.webui.prompt import ChatInput, with_clean_replies
from role_engine.hosts.webui.raw_prompt import with_role_around
from role_engine.hosts.webui.sampling import role_sampling
from role_engine.hosts.webui.settings import Reach, Settings, Surface
from role_engine.hosts.webui.steps import WebuiChat, stepped_reply, with_thinking
from role_engine.hosts.webui.tail import opened_thinking, reply_tail
from role_engine.hosts.webui.turn import Turn
from role_engine.hosts.webui.window import limits, loaded_context, room_beside
from role_engine.language import LanguagePolicy
from role_engine.modes.asking import Ask
from role_engine.modes.handover import Handover
from role_engine.modes.library import ModeLibrary
from role_engine.modes.mode import Mode
from role_engine.modes.speeches import Speeches
from role_engine.prompts import TemplateLibrary
from role_engine.roles import Role, RoleLibrary
from role_engine.roles.role import NO_THINKING

logger = logging.getLogger("role_engine")

ROLE_BOX, MODE_BOX, THINKING_BOX = "role_engine:role", "role_engine:mode", "role_engine:thinking"  # in the host's state

_installed: WebuiExtension | None = None  # the one that the webui's hooks lead to; a reload replaces it


def default_params() -> dict[str, Any]:
    """The webui's `params`: what its settings.yaml can set, by keys `role_engine-…`."""
    return {"display_name": "Role Engine", "is_tab": False, **Settings().as_params()}


def install(name: str, params: dict[str, Any]) -> WebuiExtension:
    """Make the extension for a freshly loaded script.py, and undo what an earlier load left in the host.

    The default that was set over HTTP stays in force: only the page was restarted, not the server.
    """
    global _installed
    before, _installed = _installed, WebuiExtension(name, params)
    if before is not None:
        before.uninstall()
        _installed.set_over_http = before.set_over_http
        _installed.works = before.works  # so does what is being written
    return _installed


class WebuiExtension:
    """Everything that outlives a request: roles, templates, settings, counters, and what was changed in the host."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        from modules import shared

        self.name, self.params, self.shared = name, params, shared
        self.home = home = Path(shared.user_data_dir) / "role_engine"
        self.library = RoleLibrary([home / paths.ROLES, paths.builtin_roles()])
        self.templates = TemplateLibrary([home / paths.TEMPLATES, paths.builtin_templates()])
        self.modes = ModeLibrary([home / paths.MODES])
        self.settings = Settings()
        self.set_over_http: Choice | None = None
        self.stats = Stats()
        given = getattr(shared, "settings", {})
        self.kept_settings = KeptSettings(home / settings_file.NAME, params, lambda key: f"{name}-{key}" in given)
        self.sessions = Sessions(self.log_file, lambda: self.settings.page_language)
        self.patches = Patches()
        self.problems: list[str] = []
        try:
            knowledge = knowledge_library(home / paths.CACHE)
        except SettingsError as error:
            self.problems.append(str(error))
            logger.error("%s Roles' files are looked up by words.", error)
            knowledge = knowledge_library(home / paths.CACHE, environ={})
        self.teller, self.works = RoleTeller(knowledge), Works()
        self._kinds = ModelKinds(shared)
        self._rendering = ChatRendering(
            shared, self.templates, self.teller, self.loaded_model, partial(host_prompt, name)
        )
        self._noted = False
        self.panel: Any = None
        self.service: Any = None

    # --- loading ---------------------------------------------------------------------------------------------------

    def setup(self) -> None:
        """The host has applied its settings to `params`; it may be serving already.

        Settings that are wrong are reported and the defaults take their place: without the extension nothing would be
        guarded at all.
        """
        self.settings, wrong = self.kept_settings.read()
        for mistake in wrong:
            self.problems.append(str(mistake))
            logger.error("%s The defaults are in force.", mistake)
        try:
            self.modes.known(self.settings.thinking)
        except ModeError as error:
            self.problems.append(f"settings.yaml, role_engine-thinking: {error}")
            logger.error("settings.yaml, role_engine-thinking: %s", error)
        for role, problem in self.library.errors().items():
            logger.warning("role %s: %s", role, problem)
        if self.shared.model is not None:
            wanted = wanted_policies(self.policy_in_force())
            begin_masks(self.works, partial(constraints_of, self.shared), wanted)
        self._attach_api()

    def save_settings(self, values: Mapping[str, Any]) -> None:
        """Keep what the page says and put it in force.

        Raises:
            SettingsError, ModeError: one of them is not possible, or they could not be written.
        """
        self.settings = self.kept_settings.save(values, lambda settings: self.modes.known(settings.thinking))
        self.set_over_http = None

    def begin_page(self) -> str:
        """Called before each build of the page: makes the panel's boxes, which the host must know of by then."""
        from role_engine.hosts.webui.panel import Panel

        self._attach_api()
        self.panel = Panel(self)
        self.panel.announce()
        return self.panel.css()

    def render_panel(self) -> None:
        self.panel.render()

    def role_in_force(self, chosen: str) -> Role | None:
        """The role that answers a chat where the panel's box says `chosen`."""
        return self._resolve(None, Choice(chosen or None)).role

    def enabled(self) -> bool:
        """Whether the host's hooks lead here (they do not once the user has unticked the extension)."""
        from modules import extensions

        return _installed is self and bool(extensions.state.get(self.name, (False,))[0])

    def uninstall(self) -> None:
        self.patches.undo()

    def log_file(self) -> Path | None:
        """Where replies are written down, if the settings want that."""
        return self.home / "guard-log.jsonl" if self.settings.keep_log else None

    @property
    def active(self) -> Choice:
        """The server's default."""
        return self.set_over_http if self.set_over_http is not None else self.settings.active

    def policy_in_force(self) -> LanguagePolicy:
        """What text is held to where nobody says anything."""
        return self._resolve(None, None).policy

    def loaded_model(self) -> LoadedModel:
        """The model that answers, as far as it decides which template a role takes."""
        return self._kinds.loaded(self.settings.models)

    def _attach_api(self) -> None:
        args = self.shared.args
        if getattr(args, "api", False) or getattr(args, "public_api", False):
            from role_engine.hosts.webui.api import attach

            attach(self)

    # --- hooks -----------------------------------------------------------------------------------------------------

    def copy_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """A copy to write into: the host keeps the object that it passes, and shows and saves what is in it."""
        state = dict(state)
        state.pop(turns.KEY, None)
        return state

    def chat_prompt(self, text: str, state: dict[str, Any], **kwargs: Any) -> str:
        as_written, request = ChatInput(text, state, kwargs), get_current()
        chat, named = as_written.switched(self.modes.all())
        turn = self._turn(
            turns.chat_surface(request), state, request, chat.user_messages(), chat.reply_so_far(), thinking=named
        )
        if turn.reach == "off":
            chat = as_written
        ask = Ask(role=turn.in_force.role if turn.reach == "on" else None)
        if turn.reach != "off" and self.settings.clean_history and turn.in_force.guarded:
            chat = replace(chat, kwargs=with_clean_replies(chat, turn.in_force.policy))
        bare = chat
        if ask.role is not None:
            changed = {**chat.state, **turn.changes}
            chat = replace(chat, state={**changed, **limits(self.shared, changed)})
        if turn.reach == "on" and chat.is_question():
            turn, ask = self._in_steps(turn, chat, ask)
            chat = turn.chat or chat
        asked = turn.context[-1] if turn.context else ""
        try:
            made = self._rendering.rendered(chat, ask, asked)
        except (TemplateError, ValueError) as error:  # ours, or the host's for a prompt that stays too long
            if ask.role is None:
                raise
            logger.error("role %s is left out: %s", ask.role.id, error or "there is no room for it")
            turn = replace(turn, reach="guard", mode=None, chat=None)
            made = self._rendering.rendered(bare, Ask(), "")
        tail = turn.tail or opened_thinking(made.prompt)
        state[turns.KEY] = replace(turn, stop=made.stop, tail=tail, left_out=made.left_out)
        return made.prompt

    def _in_steps(self, turn: Turn, chat: ChatInput, ask: Ask) -> tuple[Turn, Ask]:
        """The turn and its first question, where the reply takes several questions, or may."""
        mode, role = self._mode(turn.in_force.thinking), turn.in_force.role
        note = Speeches(Handover(self._find_role, turn.in_force.policy)).note(role)
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
        inner, is_host = inner_generator(self.shared, own_hook(self.name))
        if inner is None:
            yield ""
            return
        turn = self._turn_of(question, state, stopping_strings, is_chat, request)
        call = HostCall(inner, is_host, original_question, state, stopping_strings, is_chat)
        if turn is None or turn.reach == "off":
            yield from unguarded_reply(call, question)
            return
        prompt = question
        if not is_chat and turn.reach == "on" and turn.in_force.role is not None:
            state = {**state, **turn.changes, **limits(self.shared, {**state, **turn.changes})}
            prompt, stop, left_out = with_role_around(
                self.templates, self.teller, turn.in_force.role, question, state, self.shared
            )
            turn = replace(turn, stop=stop, tail=reply_tail(prompt), left_out=left_out)
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
                self.stats.add(report)
            if turn.surface == "page":
                asked = turn.context[-1] if turn.context else ""
                self.sessions.note(current_session_key(), report, asked, delivered)

    def _replies(
        self, turn: Turn, call: HostCall, prompt: str, report: ReplyReport, request: RequestContext | None
    ) -> Generator[str, None, None]:
        """The reply as it grows, made in the way that the turn asks for."""
        cancel = HostCancel(self.shared, request.cancel if request else None, call.state.get("stop_event"))
        tokens = self.modes.tokens()
        if turn.chat is not None:
            chat = WebuiChat(self.shared, call, turn, turn.chat, prompt, self._rendering.rendered)
            yield from stepped_reply(chat, self._find_role, tokens, report, cancel)
        elif turn.in_force.guarded:
            yield from guarded_reply(self.shared, call, prompt, turn, report, cancel, tokens)
        else:
            sieve = unguarded_sieve(turn, call.state, tokens) if call.is_chat else None
            yield from unguarded_reply(call, prompt, report if request is not None else None, sieve, turn.stop)

    def _changed(self, state: dict[str, Any], turn: Turn, prompt: str) -> dict[str, Any]:
        """The host's state for a reply of the role: its sampling, and a limit that leaves the prompt whole."""
        state = {**state, **turn.changes}
        context = loaded_context(self.shared, state) or state.get("truncation_length")
        return {**state, "truncation_length": context, "max_new_tokens": room_beside(self.shared, state, prompt)}

    # --- what is in force ------------------------------------------------------------------------------------------

    def _turn(
        self,
        surface: Surface,
        state: dict[str, Any],
        request: RequestContext | None,
        context: tuple[str, ...] = (),
        tail: str = "",
        thinking: str | None = None,
    ) -> Turn:
        """What is in force; `thinking`: the mode that the message itself asks for."""
        asked = request.choice if request is not None else Choice()
        panel = None if request is not None else panel_choice(state)
        in_force = self._resolve(asked, panel, thinking)
        named = asked.role is not None
        reach: Reach = "on" if named else getattr(self.settings.surfaces, surface)
        role = in_force.role if reach == "on" else None
        changes = role_sampling(role, state, request, self.shared) if role is not None else {}
        return Turn(surface, reach, in_force, context, tail, changes=changes)

    def _turn_of(
        self, question: str, state: dict[str, Any], stopping_strings: Any, is_chat: bool, request: RequestContext | None
    ) -> Turn | None:
        """The turn of this call; None for the host's own helper calls, which pass untouched."""
        if is_chat and turns.KEY in state:
            turn: Turn = state[turns.KEY]
            return turn
        if is_chat:
            if turns.is_search_query(state, stopping_strings):
                return None
            if request is not None:
                self._note_foreign_prompt()
            turn = self._turn(
                "impersonate" if request is None else "chat_api", state, request, tail=_last_word(question)
            )
            return turn if turn.reach == "off" else replace(turn, reach="guard")
        if turns.is_logits_probe(state, request):
            return None
        surface: Surface = "notebook" if request is None else "completions_api"
        return self._turn(surface, state, request, context=(question,), tail=reply_tail(question))

    def _note_foreign_prompt(self) -> None:
        """A chat whose prompt was not made here: an extension before ours made it, and the role is not in it."""
        if not self._noted:
            self._noted = True
            logger.warning(
                "another extension makes the prompts: list role_engine before it, or roles do not reach chats"
            )

    def _resolve(self, request: Choice | None, panel: Choice | None, message: str | None = None) -> InForce:
        """As `resolve`; a role that has gone from the page's box or the settings since is reported, not fatal."""
        server = self.active
        known = self.library
        if panel is not None and panel.role not in (None, "none") and panel.role not in known:
            logger.warning("role %r of the panel is gone; going on without it", panel.role)
            panel = Choice(None, panel.mode, panel.thinking)
        if server.role not in (None, "none") and server.role not in known:
            logger.warning("default role %r does not exist; going on without it", server.role)
            server = Choice(None, server.mode, server.thinking)
        decoder, template = self.settings.decoder, self.settings.template
        found = resolve(self.library, request=request, panel=panel, server=server, message=message, decoder=decoder)
        if template is None or found.role is None or found.role.template is not None:
            return found
        return replace(found, role=found.role.model_copy(update={"template": template}))

    def _find_role(self, role_id: str) -> Role | None:
        return self.library.get(role_id) if role_id in self.library else None

    def _mode(self, name: str) -> Mode | None:
        if name == NO_THINKING:
            return None
        try:
            return self.modes.get(name)
        except ModeError as error:
            logger.warning("going on without the thinking mode: %s", error)
            return None

    def _report(self, turn: Turn) -> ReplyReport:
        role = turn.in_force.role
        return ReplyReport(
            role=role.id if role is not None and turn.reach == "on" else None,
            mode=turn.in_force.policy.mode,
            thinking=turn.mode.id if turn.mode is not None else NO_THINKING,
            left_out=turn.left_out,
        )


def panel_choice(state: dict[str, Any]) -> Choice:
    """What this browser session's boxes say; an empty box says nothing."""
    return Choice(state.get(ROLE_BOX) or None, state.get(MODE_BOX) or None, state.get(THINKING_BOX) or None)


def _last_word(text: str) -> str:
    return text[-64:].split()[-1] if text and not text[-1].isspace() else ""
