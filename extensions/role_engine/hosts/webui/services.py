"""What the parts of the extension share, and what they ask about it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.app.jobs import JobRunner
from role_engine.app.mask_warm_up import list_policies, start_mask_job
from role_engine.app.resolution import Choice, EffectiveSettings, drop_lost_role, resolve
from role_engine.backends.per_policy import PerPolicy
from role_engine.budget import RolePromptBuilder
from role_engine.decoder.disk_cache import DiskCache
from role_engine.hosts.http.stats import Stats
from role_engine.hosts.panel.sessions import BrowserSessions
from role_engine.hosts.webui.host_api import HostApi
from role_engine.hosts.webui.loaders import HostCall, LoaderBackend, find_constraints, make_backend
from role_engine.hosts.webui.patches import Patches
from role_engine.hosts.webui.settings import Settings, WebuiSettingsStore
from role_engine.hosts.webui.templates import LoadedModel, ModelKinds
from role_engine.language.policy import LanguagePolicy
from role_engine.modes.library import ModeLibrary
from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary


def find_log_file(home: Path, settings: Settings) -> Path | None:
    """Where replies are written down, if the settings want that."""
    return home / "guard-log.jsonl" if settings.keep_log else None


@dataclass(frozen=True, slots=True)
class WebuiServices:
    """What outlives a request; used from many threads.

    Attributes:
        name: the extension's, as the webui has it.
        home: the user's folder of roles, templates, modes and settings.
        store: the settings, as the page and the webui's settings.yaml have them.
        patches: what was changed in the webui.
        cache: keeps masks and bans over restarts.
        problems: what is wrong with the settings, for the panel.
        is_enabled: whether the webui's hooks lead here; they do not once the user has unticked the extension.
    """

    name: str
    host: HostApi
    home: Path
    library: RoleLibrary
    templates: TemplateLibrary
    modes: ModeLibrary
    store: WebuiSettingsStore
    prompt_builder: RolePromptBuilder
    model_kinds: ModelKinds
    jobs: JobRunner
    stats: Stats
    sessions: BrowserSessions
    patches: Patches
    cache: DiskCache
    problems: list[str]
    is_enabled: Callable[[], bool]

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.store.current

    @property
    def log_file(self) -> Path | None:
        """Where replies are written down, if the settings want that."""
        return find_log_file(self.home, self.settings)

    @property
    def policy(self) -> LanguagePolicy:
        """What text is held to where nobody says anything."""
        return self.resolve(None, None).policy

    @property
    def loaded_model(self) -> LoadedModel:
        """The model that answers, as far as it decides which template a role takes."""
        return self.model_kinds.find_loaded(self.settings.models)

    def resolve(self, request: Choice | None, panel: Choice | None, message: str | None = None) -> EffectiveSettings:
        """What is in force for a reply, as `app.resolution.resolve` has it; a role that has gone from the page's box or
        the settings since is left out, and the log says so.

        Raises:
            UnknownRole: the request names a role that is not there.
        """
        return resolve(
            self.library,
            request=request,
            panel=drop_lost_role(panel, self.library, "the panel's") if panel is not None else None,
            server=drop_lost_role(self.store.active, self.library, "default"),
            message=message,
            decoder=self.settings.decoder,
        )

    def make_backend(self, call: HostCall) -> LoaderBackend:
        """The backend of the loaded model, for one reply."""
        return make_backend(self.host, call, self.cache)

    def find_constraints(self) -> PerPolicy[Any] | None:
        """What makes and keeps the masks or bans of the model that is loaded now; None where its loader takes none."""
        return find_constraints(self.host, self.cache)

    def warm_up(self) -> None:
        """Make what constrains the loaded model, in the background, so that no reply waits for it."""
        if self.host.shared.model is not None:
            start_mask_job(self.jobs, self.find_constraints, list_policies(self.policy))
