"""The settings in force: what the page has saved, and over it what the webui's own settings.yaml says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from role_engine.app.settings_store import changing, read_settings, write_settings
from role_engine.errors import SettingsError
from role_engine.hosts.webui.settings import Settings


class WebuiSettingsStore:
    """Reads and writes `user_data/role_engine/settings.yaml`.

    Args:
        params: the extension's, as the webui left them.
        given_by_host: whether the webui's settings.yaml has that key.
    """

    def __init__(self, file: Path, params: Mapping[str, Any], given_by_host: Callable[[str], bool]) -> None:
        self.file, self._params, self._given_by_host = file, params, given_by_host

    def set_by_host(self) -> tuple[str, ...]:
        """The settings that the webui's settings.yaml gives."""
        default = Settings().as_params()
        return tuple(
            key for key in default if self._given_by_host(key) or self._params.get(key, default[key]) != default[key]
        )

    def read(self) -> tuple[Settings, list[SettingsError]]:
        """The settings, and what is wrong: what cannot be used is left out."""
        problems: list[SettingsError] = []
        saved: Mapping[str, Any] = {}
        try:
            saved = read_settings(self.file)
            self._checked(saved)
        except SettingsError as error:
            problems.append(error)
            saved = {}
        try:
            return self._joined(saved), problems
        except SettingsError as error:
            return Settings(), [*problems, error]

    def save(self, values: Mapping[str, Any], check: Callable[[Settings], None]) -> Settings:
        """Keep `values` beside what the file says of other keys; the settings in force then.

        Args:
            check: raises what else is wrong with settings.

        Raises:
            SettingsError: one of them is not possible, or they could not be written.
        """
        with changing(self.file):
            saved = {**read_settings(self.file), **values}
            self._checked(saved)
            settings = self._joined(saved)
            check(settings)
            default = Settings().as_params()
            write_settings(self.file, {key: value for key, value in saved.items() if value != default.get(key)})
        return settings

    def _checked(self, saved: Mapping[str, Any]) -> None:
        unknown = sorted(saved.keys() - Settings.model_fields.keys())
        if unknown:
            raise SettingsError(f"Unknown key {unknown[0]!r}.", path=self.file, hint="Mend or delete it.")
        try:
            Settings.from_params(saved)
        except SettingsError as error:
            where = error.message.replace("settings.yaml, role_engine-", "")
            raise SettingsError(where, path=self.file, hint=error.hint) from None

    def _joined(self, saved: Mapping[str, Any]) -> Settings:
        return Settings.from_params({**saved, **{key: self._params[key] for key in self.set_by_host()}})
