"""The extension in the webui: one object, one method a hook."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from role_engine import paths
from role_engine.backends.per_policy import PerPolicy
from role_engine.budget import RoleTeller
from role_engine.decoder import disk_cache
from role_engine.decoder.disk_cache import DiskCache
from role_engine.errors import ModeError, SettingsError
from role_engine.hosts.http.stats import Stats
from role_engine.hosts.in_force import Choice
from role_engine.hosts.knowledge import knowledge_library
from role_engine.hosts.leftovers import clear_at_start
from role_engine.hosts.panel import settings_file
from role_engine.hosts.panel.model.masks import begin_masks, wanted_policies
from role_engine.hosts.panel.sessions import Sessions
from role_engine.hosts.panel.work.long_work import Works
from role_engine.hosts.webui.kept_settings import KeptSettings
from role_engine.hosts.webui.loaders import constraints_of
from role_engine.hosts.webui.model_kind import LoadedModel, ModelKinds
from role_engine.hosts.webui.patches import Patches
from role_engine.hosts.webui.replies import Replies
from role_engine.hosts.webui.settings import Settings
from role_engine.hosts.webui.templates import teach_tags
from role_engine.hosts.webui.turn import KEY, Turns
from role_engine.language import LanguagePolicy
from role_engine.modes.library import ModeLibrary
from role_engine.prompts import TemplateLibrary
from role_engine.roles import Role, RoleLibrary

logger = logging.getLogger("role_engine")

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
        self.cache = DiskCache(home / paths.CACHE / disk_cache.FOLDER)
        self.problems: list[str] = []
        try:
            knowledge = knowledge_library(home / paths.CACHE)
        except SettingsError as error:
            self.problems.append(str(error))
            logger.error("%s Roles' files are looked up by words.", error)
            knowledge = knowledge_library(home / paths.CACHE, environ={})
        self.teller, self.works = RoleTeller(knowledge), Works()
        self._kinds = ModelKinds(shared)
        self._turns = Turns(self)
        self._replies = Replies(self, self._turns)
        self.panel: Any = None
        self.service: Any = None

    # --- loading ---------------------------------------------------------------------------------------------------

    def setup(self) -> None:
        """The host has applied its settings to `params`; it may be serving already.

        Settings that are wrong are reported and the defaults take their place: without the extension nothing would be
        guarded at all.
        """
        clear_at_start(self.home, self.home / paths.CACHE)
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
        teach_tags(self.patches)
        self.warm()
        self._attach_api()

    def warm(self) -> None:
        """Make what constrains the loaded model, in the background, so that no reply waits for it."""
        if self.shared.model is not None:
            wanted = wanted_policies(self.policy_in_force())
            begin_masks(self.works, self.constraints, wanted)

    def constraints(self) -> PerPolicy[Any] | None:
        """What makes and keeps the masks or bans of the model that is loaded now; None where its loader takes none."""
        return constraints_of(self.shared, self.cache)

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
        css: str = self.panel.css()
        return css

    def render_panel(self) -> None:
        self.panel.render()

    def role_in_force(self, chosen: str) -> Role | None:
        """The role that answers a chat where the panel's box says `chosen`."""
        return self._turns.resolved(None, Choice(chosen or None)).role

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
        return self._turns.resolved(None, None).policy

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
        state.pop(KEY, None)
        return state

    def chat_prompt(self, text: str, state: dict[str, Any], **kwargs: Any) -> str:
        return self._replies.prompt(text, state, **kwargs)

    def generate(
        self, question: str, original_question: str, state: dict[str, Any], stopping_strings: Any, is_chat: bool
    ) -> Iterator[str]:
        return self._replies.generate(question, original_question, state, stopping_strings, is_chat)
