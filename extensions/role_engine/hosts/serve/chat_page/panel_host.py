"""Our own server as the panel sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from role_engine.app.resolution import Choice
from role_engine.backends.per_policy import PerPolicy
from role_engine.errors import UnknownRole
from role_engine.hosts.panel.roles.role_index import build_as_work
from role_engine.hosts.panel.sessions import BrowserSessions
from role_engine.hosts.serve.service import ServeService
from role_engine.hosts.serve.settings import ServeSettingsStore
from role_engine.language.policy import LanguagePolicy
from role_engine.prompts.render import RenderedPrompt
from role_engine.roles import Role

_CONSTRAINTS = {"TransformersBackend": "mask", "LlamaCppBackend": "bias"}
_DEFAULT = ("role", "mode", "thinking")


class ServePanelHost:
    """Implements `role_engine.hosts.panel.host.PanelHost`.

    Args:
        local_only: whether other machines cannot reach the server.
    """

    def __init__(self, service: ServeService, settings: ServeSettingsStore, *, local_only: bool) -> None:
        planner = service.planner
        self.library, self.modes, self.templates = planner.library, planner.modes, planner.templates
        self.teller, self.works = planner.teller, service.works
        build_as_work(self.works, self.teller.knowledge)
        self.sessions = BrowserSessions(self.log_file, lambda: settings.now.page_language)
        self._service, self._settings, self._local_only = service, settings, local_only

    def default_role_name(self) -> str:
        role = self._service.planner.in_force().role
        return role.name if role is not None else ""

    def role_in_force(self, chosen: str) -> Role | None:
        try:
            return self._service.planner.in_force(panel=Choice(role=chosen or None)).role
        except UnknownRole:  # it has gone since the box was filled
            return None

    def problems(self) -> Sequence[str]:
        return self._settings.problems

    def roles_folder(self) -> Path:
        return self.library.folders[0]

    def why_fixed(self) -> str:
        keys = self._service.keys
        if keys.admin is not None:
            return "fixed admin"
        return "" if self._local_only or keys.api is not None else "fixed address"

    def render_prompt(self, role: Role, question: str) -> RenderedPrompt | None:
        return self._service.prompt_of(role, question)

    def counter(self) -> Callable[[str], int]:
        return self._service.planner.engine.count

    def context(self) -> int | None:
        return self._service.planner.engine.context

    def policy(self) -> LanguagePolicy:
        return self._service.planner.in_force().policy

    def model(self) -> Path | str | None:
        name = self._service.model_path
        return Path(name) if name is not None and Path(name).exists() else self._service.planner.engine.name

    def loader(self) -> str:
        return type(self._service.planner.engine.backend).__name__

    def constraint(self) -> str:
        return _CONSTRAINTS.get(self.loader(), "none")

    def constraints(self) -> PerPolicy[Any] | None:
        return self._service.constraints()

    def loads_models(self) -> bool:
        return False

    def settings(self) -> Mapping[str, Any]:
        active = self._service.active()
        return {
            **self._settings.now.model_dump(),
            "role": active.role,
            "mode": active.mode,
            "thinking": active.thinking,
        }

    def settings_set_elsewhere(self) -> Sequence[str]:
        return [key for key in _DEFAULT if getattr(self._settings.given, key) is not None]

    def why_elsewhere(self) -> str:
        return "settings of serve"

    def log_file(self) -> Path | None:
        return self._settings.file.with_name("guard-log.jsonl") if self._settings.now.keep_log else None

    def save_settings(self, values: Mapping[str, Any]) -> Path:
        return self._settings.save(values)
