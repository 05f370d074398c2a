"""The extension in the webui: one object, one method a hook."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from role_engine import paths
from role_engine.app import settings_store
from role_engine.app.jobs import JobRunner
from role_engine.app.knowledge import make_knowledge_library
from role_engine.app.leftovers import clear_at_start
from role_engine.budget import RolePromptBuilder
from role_engine.decoder import disk_cache
from role_engine.decoder.disk_cache import DiskCache
from role_engine.errors import ModeError, SettingsError
from role_engine.hosts.http.stats import Stats
from role_engine.hosts.panel.sessions import BrowserSessions
from role_engine.hosts.webui.host_api import HostApi, WebuiApi
from role_engine.hosts.webui.patches import Patches, teach_tags
from role_engine.hosts.webui.replies import ReplyHooks
from role_engine.hosts.webui.services import WebuiServices, find_log_file
from role_engine.hosts.webui.settings import Settings, WebuiSettingsStore
from role_engine.hosts.webui.templates import ModelKinds
from role_engine.hosts.webui.turn import KEY
from role_engine.modes.library import ModeLibrary
from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary

logger = logging.getLogger("role_engine")

_installed: WebuiExtension | None = None  # the one that the webui's hooks lead to; a reload replaces it


def make_default_params() -> dict[str, Any]:
    """The webui's `params`: what its settings.yaml can set, by keys `role_engine-…`."""
    return {"display_name": "Role Engine", "is_tab": False, **Settings().as_params()}


def install(name: str, params: dict[str, Any]) -> WebuiExtension:
    """Make the extension for a freshly loaded script.py, and undo what an earlier load left in the host.

    The default that was set over HTTP stays in force, and long work goes on: only the page was restarted, not the
    server.
    """
    global _installed
    before = _installed
    jobs = before.services.jobs if before is not None else JobRunner()
    _installed = WebuiExtension(name, params, WebuiApi(), jobs)
    if before is not None:
        before.uninstall()
        _installed.services.store.set_over_http = before.services.store.set_over_http
    return _installed


class WebuiExtension:
    """The hooks, and the setting up of what they share.

    Args:
        name: the extension's, as the webui has it.
        params: its `params`; the webui writes its settings into them before `setup`.
        jobs: long work, which outlives a reload of the page.
    """

    def __init__(self, name: str, params: dict[str, Any], host: HostApi, jobs: JobRunner) -> None:
        self.services = _make_services(name, params, host, jobs, is_enabled=self._is_enabled)
        self._replies = ReplyHooks(self.services)
        self._panel: Any = None

    # --- loading ---------------------------------------------------------------------------------------------------

    def setup(self) -> None:
        """The host has applied its settings to `params`; it may be serving already.

        Settings that are wrong are reported and the defaults take their place: without the extension nothing would be
        guarded at all.
        """
        services = self.services
        clear_at_start(services.home, services.home / paths.CACHE)
        for mistake in services.store.load():
            services.problems.append(str(mistake))
            logger.error("%s The defaults are in force.", mistake)
        try:
            services.modes.check_known(services.settings.thinking)
        except ModeError as error:
            services.problems.append(f"settings.yaml, role_engine-thinking: {error}")
            logger.error("settings.yaml, role_engine-thinking: %s", error)
        for role, problem in services.library.errors().items():
            logger.warning("role %s: %s", role, problem)
        teach_tags(services.host, services.patches)
        services.warm_up()
        self._attach_api()

    def begin_page(self) -> str:
        """Called before each build of the page: makes the panel's boxes, which the host must know of by then."""
        from role_engine.hosts.webui.panel import WebuiPanel  # gradio takes seconds to import, and not all have a page

        self._attach_api()
        self._panel = WebuiPanel(self.services)
        self._panel.announce()
        return str(self._panel.css())

    def render_panel(self) -> None:
        self._panel.render()

    def uninstall(self) -> None:
        self.services.patches.undo()

    def _is_enabled(self) -> bool:
        return _installed is self and self.services.host.is_extension_enabled(self.services.name)

    def _attach_api(self) -> None:
        args = self.services.host.shared.args
        if getattr(args, "api", False) or getattr(args, "public_api", False):
            from role_engine.hosts.webui.api import attach  # fastapi, which only the API needs

            attach(self.services)

    # --- hooks -----------------------------------------------------------------------------------------------------

    def copy_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """A copy to write into: the host keeps the object that it passes, and shows and saves what is in it."""
        state = dict(state)
        state.pop(KEY, None)
        return state

    def render_prompt(self, text: str, state: dict[str, Any], **kwargs: Any) -> str:
        return self._replies.render_prompt(text, state, **kwargs)

    def generate(
        self, question: str, original_question: str, state: dict[str, Any], stopping_strings: Any, is_chat: bool
    ) -> Iterator[str]:
        return self._replies.generate(question, original_question, state, stopping_strings, is_chat)


def _make_services(
    name: str, params: dict[str, Any], host: HostApi, jobs: JobRunner, *, is_enabled: Callable[[], bool]
) -> WebuiServices:
    home = Path(host.shared.user_data_dir) / "role_engine"
    modes = ModeLibrary([home / paths.MODES])
    of_host = host.shared.settings
    store = WebuiSettingsStore(
        home / settings_store.NAME,
        params,
        lambda key: f"{name}-{key}" in of_host,
        lambda settings: modes.check_known(settings.thinking),
    )
    problems: list[str] = []
    try:
        knowledge = make_knowledge_library(home / paths.CACHE)
    except SettingsError as error:
        problems.append(str(error))
        logger.error("%s Roles' files are looked up by words.", error)
        knowledge = make_knowledge_library(home / paths.CACHE, environ={})
    return WebuiServices(
        name=name,
        host=host,
        home=home,
        library=RoleLibrary([home / paths.ROLES, paths.builtin_roles()]),
        templates=TemplateLibrary([home / paths.TEMPLATES, paths.builtin_templates()]),
        modes=modes,
        store=store,
        prompt_builder=RolePromptBuilder(knowledge),
        model_kinds=ModelKinds(host),
        jobs=jobs,
        stats=Stats(),
        sessions=BrowserSessions(lambda: find_log_file(home, store.current), lambda: store.current.page_language),
        patches=Patches(),
        cache=DiskCache(home / paths.CACHE / disk_cache.FOLDER),
        problems=problems,
        is_enabled=is_enabled,
    )
