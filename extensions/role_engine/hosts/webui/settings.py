"""The extension's settings in the webui: what the page has saved, and over it what the webui's own `settings.yaml` says
by keys `role_engine-…` (its `params`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from role_engine.app.resolution import Choice
from role_engine.app.settings_store import changing, read_settings, write_settings
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


class WebuiSettingsStore:
    """The settings in force, and the file `user_data/role_engine/settings.yaml` that the page saves them in.

    Args:
        params: the extension's, as the webui left them.
        given_by_host: whether the webui's settings.yaml has that key.
        check: raises what else is wrong with settings that are to be saved.

    Attributes:
        current: the settings in force; the defaults until `load`.
        set_over_http: the server's default where it was set over HTTP; saving settings puts theirs in force again.
    """

    def __init__(
        self,
        file: Path,
        params: Mapping[str, Any],
        given_by_host: Callable[[str], bool],
        check: Callable[[Settings], None],
    ) -> None:
        self.file, self._params, self._given_by_host, self._check_more = file, params, given_by_host, check
        self.current = Settings()
        self.set_over_http: Choice | None = None

    @property
    def active(self) -> Choice:
        """The server's default."""
        return self.set_over_http if self.set_over_http is not None else self.current.active

    def list_keys_of_host(self) -> tuple[str, ...]:
        """The settings that the webui's settings.yaml gives."""
        default = Settings().as_params()
        return tuple(
            key for key in default if self._given_by_host(key) or self._params.get(key, default[key]) != default[key]
        )

    def load(self) -> list[SettingsError]:
        """Put in force what the file and the webui say. Returns what is wrong; what cannot be used is left out."""
        problems: list[SettingsError] = []
        saved: Mapping[str, Any] = {}
        try:
            saved = read_settings(self.file)
            self._check(saved)
        except SettingsError as error:
            problems.append(error)
            saved = {}
        try:
            self.current = self._join(saved)
        except SettingsError as error:
            self.current = Settings()
            problems.append(error)
        return problems

    def save(self, values: Mapping[str, Any]) -> None:
        """Keep `values` beside what the file says of other keys, and put them in force.

        Raises:
            SettingsError: one of them is not possible, or they could not be written.
            RoleEngineError: what `check` raises.
        """
        with changing(self.file):
            saved = {**read_settings(self.file), **values}
            self._check(saved)
            settings = self._join(saved)
            self._check_more(settings)
            default = Settings().as_params()
            write_settings(self.file, {key: value for key, value in saved.items() if value != default.get(key)})
        self.current, self.set_over_http = settings, None

    def _check(self, saved: Mapping[str, Any]) -> None:
        unknown = sorted(saved.keys() - Settings.model_fields.keys())
        if unknown:
            raise SettingsError(f"Unknown key {unknown[0]!r}.", path=self.file, hint="Mend or delete it.")
        try:
            Settings.from_params(saved)
        except SettingsError as error:
            where = error.message.replace("settings.yaml, role_engine-", "")
            raise SettingsError(where, path=self.file, hint=error.hint) from None

    def _join(self, saved: Mapping[str, Any]) -> Settings:
        return Settings.from_params({**saved, **{key: self._params[key] for key in self.list_keys_of_host()}})
