"""The extension's settings in the webui: what the page has saved, and over it what the webui's own `settings.yaml` says
by keys `role_engine-…` (its `params`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from role_engine.app.resolution import Choice
from role_engine.errors import SettingsError, suggest_known
from role_engine.i18n.catalogue import Language
from role_engine.language.policy import Decoder, Mode

Surface = Literal["page", "chat_api", "completions_api", "notebook", "impersonate"]
Reach = Literal["on", "guard", "off"]


class Surfaces(BaseModel):
    """How far the extension goes where: `on` = role and guard, `guard` = language only, `off` = untouched."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: Reach = "on"
    chat_api: Reach = "on"
    completions_api: Reach = "guard"
    notebook: Reach = "off"
    impersonate: Reach = "guard"


class Settings(BaseModel):
    """What counts where nobody says anything.

    `role`, `mode`, `thinking`  the server's default.
    `decoder`        for roles that say nothing of it.
    `template`       for roles that name none, and for no role, on base models and others without a chat template.
    `clean_history`  hide earlier replies' foreign sentences.
    `page_language`  of the panel; None: the browser's.
    `keep_log`       whether replies and what was rejected in them are written to a file as well.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: str | None = None
    mode: Mode | None = None
    thinking: str | None = None
    decoder: Decoder | None = None
    template: str | None = None
    surfaces: Surfaces = Field(default_factory=Surfaces)
    clean_history: bool = True
    models: dict[str, Literal["base", "instruct"]] = Field(default_factory=dict)
    page_language: Language | None = None
    keep_log: bool = False

    @property
    def active(self) -> Choice:
        return Choice(self.role, self.mode, self.thinking)

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Settings:
        """Read `params` as the webui left them.

        Raises:
            SettingsError: names the key of settings.yaml and what it may be.
        """
        values = {key: params[key] for key in cls.model_fields if params.get(key) is not None}
        # The webui's settings.yaml may give booleans for on and off: YAML reads those words so.
        surfaces = values.get("surfaces")
        if isinstance(surfaces, Mapping):
            words = {True: "on", False: "off"}
            values["surfaces"] = {k: words[v] if isinstance(v, bool) else v for k, v in surfaces.items()}
        for key in ("mode", "decoder"):
            if values.get(key) is False:
                values[key] = "off"
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            hint = suggest_known(str(first["loc"][-1]), get_args(Surface), "surfaces") if "surfaces" in where else ""
            if isinstance(first["input"], bool):
                hint = "The webui takes off, on, yes and no without quotes for true and false: put the word in quotes."
            raise SettingsError(f"settings.yaml, role_engine-{where}: {first['msg']}.", hint=hint) from error

    def as_params(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
