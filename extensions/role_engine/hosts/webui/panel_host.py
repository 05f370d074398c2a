"""The webui as the panel sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from role_engine import paths
from role_engine.app.resolution import Choice
from role_engine.backends.per_policy import PerPolicy
from role_engine.hosts.panel.roles.role_index import build_as_work
from role_engine.hosts.webui.context_window import make_token_counter
from role_engine.hosts.webui.loaders import find_loader
from role_engine.hosts.webui.services import WebuiServices
from role_engine.hosts.webui.settings import Surfaces
from role_engine.hosts.webui.templates import choose_raw_template
from role_engine.language.policy import LanguagePolicy
from role_engine.prompts import render
from role_engine.prompts.render import RenderedPrompt
from role_engine.roles import Role


class WebuiPanelHost:
    """Implements `role_engine.hosts.panel.host.PanelHost`."""

    def __init__(self, services: WebuiServices) -> None:
        self._services, self._shared = services, services.host.shared
        self.library, self.modes, self.templates = services.library, services.modes, services.templates
        self.sessions, self.teller, self.works = services.sessions, services.prompt_builder, services.jobs
        build_as_work(self.works, self.teller.knowledge)

    def default_role_name(self) -> str:
        role = self.role_in_force("")
        return role.name if role is not None else ""

    def role_in_force(self, chosen: str) -> Role | None:
        return self._services.resolve(None, Choice(chosen or None)).role

    def problems(self) -> Sequence[str]:
        return self._services.problems

    def roles_folder(self) -> Path:
        return self._services.home / paths.ROLES

    def why_fixed(self) -> str:
        args = self._shared.args
        if getattr(args, "multi_user", False):
            return "fixed multi_user"
        open_to_others = getattr(args, "listen", False) or getattr(args, "share", False)
        login = getattr(args, "gradio_auth", None) or getattr(args, "gradio_auth_path", None)
        return "fixed no login" if open_to_others and not login else ""

    def render_prompt(self, role: Role, question: str) -> RenderedPrompt | None:
        of_model, fallback = self._shared.settings["instruction_template_str"], self._services.settings.template
        template = choose_raw_template(self._services.host, self.templates, role, of_model, fallback=fallback)
        return render(role, question, template=template) if template is not None else None

    def counter(self) -> Callable[[str], int]:
        return make_token_counter(self._services.host)

    def context(self) -> int | None:
        shared = self._shared
        if self.model() is None:
            return None
        found = getattr(shared.args, "ctx_size", 0) or shared.settings.get("truncation_length")
        return int(found) if found else None

    def policy(self) -> LanguagePolicy:
        return self._services.policy

    def model(self) -> Path | str | None:
        shared = self._shared
        if shared.model_name in (None, "None") or getattr(shared, "model", None) is None:
            return None
        return Path(shared.args.model_dir) / str(shared.model_name)

    def loader(self) -> str:
        return str(self._shared.args.loader or "")

    def constraint(self) -> str:
        loader = find_loader(self.loader())
        return loader.constraint if loader is not None else "none"

    def constraints(self) -> PerPolicy[Any] | None:
        return self._services.find_constraints() if self.model() is not None else None

    def loads_models(self) -> bool:
        return True

    def settings(self) -> Mapping[str, Any]:
        return self._services.settings.as_params()

    def settings_set_elsewhere(self) -> Sequence[str]:
        keys = set(self._services.store.list_keys_of_host())
        whole = [f"surfaces.{name}" for name in Surfaces.model_fields] if "surfaces" in keys else []
        return [*(keys - {"surfaces"}), *whole]

    def why_elsewhere(self) -> str:
        return "set elsewhere"

    def log_file(self) -> Path | None:
        return self._services.log_file

    def save_settings(self, values: Mapping[str, Any]) -> Path:
        self._services.store.save(values)
        return self._services.store.file
