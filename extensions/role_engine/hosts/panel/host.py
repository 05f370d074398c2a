"""What the panel asks of the program that it is part of: the webui, or our own server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from role_engine.app.jobs import JobRunner
from role_engine.backends.per_policy import PerPolicy
from role_engine.budget import RolePromptBuilder
from role_engine.hosts.panel.sessions import BrowserSessions
from role_engine.language.policy import LanguagePolicy
from role_engine.modes.library import ModeLibrary
from role_engine.prompts import TemplateLibrary
from role_engine.prompts.render import RenderedPrompt
from role_engine.roles import Role, RoleLibrary


class PanelHost(Protocol):
    """One object per program; called from many threads."""

    library: RoleLibrary
    modes: ModeLibrary
    templates: TemplateLibrary
    teller: RolePromptBuilder
    sessions: BrowserSessions
    works: JobRunner

    def default_role_name(self) -> str:
        """The name of the role that answers where nobody chooses; "" for none."""
        ...

    def role_in_force(self, chosen: str) -> Role | None:
        """The role that answers where the page's box says `chosen`, its value; None: none does."""
        ...

    def problems(self) -> Sequence[str]:
        """What is wrong with the settings."""
        ...

    def roles_folder(self) -> Path:
        """Where the user's own roles are written."""
        ...

    def why_fixed(self) -> str:
        """The key of the text that says why files cannot be changed from the page; "" where they can."""
        ...

    def render_prompt(self, role: Role, question: str) -> RenderedPrompt | None:
        """The prompt that the loaded model gets for a role and a question; None where there is no template for it.

        Raises:
            TemplateError: it cannot be rendered.
        """
        ...

    def counter(self) -> Callable[[str], int]:
        """Counts the tokens of a text."""
        ...

    def context(self) -> int | None:
        """Tokens that the loaded model holds."""
        ...

    def policy(self) -> LanguagePolicy:
        """What text is held to where nobody says anything."""
        ...

    def model(self) -> Path | str | None:
        """Where the loaded model lies; an address; None where none is loaded."""
        ...

    def loader(self) -> str:
        """What runs the model, by name."""
        ...

    def constraint(self) -> str:
        """What can keep forbidden tokens from being sampled here: `mask`, `grammar`, `bias` or `none`."""
        ...

    def constraints(self) -> PerPolicy[Any] | None:
        """What makes and keeps the masks or bans of the loaded model; None where its loader takes none."""
        ...

    def loads_models(self) -> bool:
        """Whether a model is loaded on the program's own page, rather than where it is started."""
        ...

    def settings(self) -> Mapping[str, Any]:
        """The settings in force."""
        ...

    def settings_set_elsewhere(self) -> Sequence[str]:
        """Keys that something sets which goes before the page's file: the webui's settings.yaml, the command line."""
        ...

    def why_elsewhere(self) -> str:
        """The key of the text about those."""
        ...

    def log_file(self) -> Path | None:
        """Where replies are written down; None: nowhere."""
        ...

    def save_settings(self, values: Mapping[str, Any]) -> Path:
        """Keep settings and put them in force.

        Raises:
            SettingsError: one of them is not possible, or they could not be written.
        """
        ...
