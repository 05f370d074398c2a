"""The webui as the panel sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from role_engine import paths
from role_engine.backends.per_policy import PerPolicy
from role_engine.hosts.panel.roles.role_index import build_as_work
from role_engine.hosts.webui.settings import Surfaces
from role_engine.hosts.webui.templates import raw_template
from role_engine.hosts.webui.token_count import token_counter
from role_engine.language.policy import LanguagePolicy
from role_engine.prompts import render
from role_engine.prompts.render import RenderedPrompt
from role_engine.roles import Role

if TYPE_CHECKING:
    from role_engine.hosts.webui.extension import WebuiExtension

_CONSTRAINTS = {
    **{"Transformers": "mask", "Transformers_bnb": "mask", "ExLlamav3_HF": "mask"},
    **{"llama.cpp": "bias", "ExLlamav3": "bias"},
}


class WebuiPanelHost:
    """Implements `role_engine.hosts.panel.host.PanelHost`."""

    def __init__(self, extension: WebuiExtension) -> None:
        self._extension = extension
        self.library, self.modes, self.templates = extension.library, extension.modes, extension.templates
        self.sessions, self.teller, self.works = extension.sessions, extension.teller, extension.works
        build_as_work(self.works, self.teller.knowledge)

    def default_role_name(self) -> str:
        role = self.role_in_force("")
        return role.name if role is not None else ""

    def role_in_force(self, chosen: str) -> Role | None:
        return self._extension.role_in_force(chosen)

    def problems(self) -> Sequence[str]:
        return self._extension.problems

    def roles_folder(self) -> Path:
        return self._extension.home / paths.ROLES

    def why_fixed(self) -> str:
        args = self._extension.shared.args
        if getattr(args, "multi_user", False):
            return "fixed multi_user"
        open_to_others = getattr(args, "listen", False) or getattr(args, "share", False)
        login = getattr(args, "gradio_auth", None) or getattr(args, "gradio_auth_path", None)
        return "fixed no login" if open_to_others and not login else ""

    def render_prompt(self, role: Role, question: str) -> RenderedPrompt | None:
        extension = self._extension
        of_model, fallback = extension.shared.settings["instruction_template_str"], extension.settings.template
        template = raw_template(extension.templates, role, of_model, fallback=fallback)
        return render(role, question, template=template) if template is not None else None

    def counter(self) -> Callable[[str], int]:
        return token_counter(self._extension.shared)

    def context(self) -> int | None:
        shared = self._extension.shared
        if self.model() is None:
            return None
        found = getattr(shared.args, "ctx_size", 0) or shared.settings.get("truncation_length")
        return int(found) if found else None

    def policy(self) -> LanguagePolicy:
        return self._extension.policy_in_force()

    def model(self) -> Path | str | None:
        shared = self._extension.shared
        if shared.model_name in (None, "None") or getattr(shared, "model", None) is None:
            return None
        return Path(shared.args.model_dir) / str(shared.model_name)

    def loader(self) -> str:
        return str(self._extension.shared.args.loader or "")

    def constraint(self) -> str:
        return _CONSTRAINTS.get(self.loader(), "none")

    def constraints(self) -> PerPolicy[Any] | None:
        return self._extension.constraints() if self.model() is not None else None

    def loads_models(self) -> bool:
        return True

    def settings(self) -> Mapping[str, Any]:
        return self._extension.settings.as_params()

    def settings_set_elsewhere(self) -> Sequence[str]:
        keys = set(self._extension.kept_settings.set_by_host())
        whole = [f"surfaces.{name}" for name in Surfaces.model_fields] if "surfaces" in keys else []
        return [*(keys - {"surfaces"}), *whole]

    def why_elsewhere(self) -> str:
        return "set elsewhere"

    def log_file(self) -> Path | None:
        return self._extension.log_file()

    def save_settings(self, values: Mapping[str, Any]) -> Path:
        self._extension.save_settings(values)
        return self._extension.kept_settings.file
