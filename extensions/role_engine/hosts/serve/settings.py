"""What the page keeps in `settings.yaml` of the home folder, put in force, on a server without a page as well."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from role_engine.app import settings_store
from role_engine.app.chat_prompt import ControlTokenUse
from role_engine.app.resolution import NO_ROLE, Choice, Fallback
from role_engine.app.settings_store import read_settings, write_settings
from role_engine.errors import SettingsError
from role_engine.hosts.serve.service import ServeService
from role_engine.i18n.catalogue import Language
from role_engine.language.policy import Decoder, Mode

log = logging.getLogger(__name__)


class ServeSettings(BaseModel):
    """What counts where nobody says anything.

    `role`, `mode`, `thinking`  the server's default.
    `decoder`        for roles that say nothing of it.
    `template`       for roles that name none, and for no role, on models without a chat template.
    `control_tokens`  what becomes of the model's control tokens in messages: broken, refused, or taken as tokens.
    `page_language`  of the page; None: the browser's.
    `keep_log`       whether replies on the page and what was rejected in them are written to a file as well.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: str | None = None
    mode: Mode | None = None
    thinking: str | None = None
    decoder: Decoder | None = None
    template: str | None = None
    control_tokens: ControlTokenUse = "neutralise"
    page_language: Language | None = None
    keep_log: bool = False


class ServeSettingsStore:
    """The settings of one server. A file that cannot be used is reported and left alone.

    Attributes:
        file: where they are kept.
        given: what the command line says; it goes before them.
        now: those in force.
        problems: what is wrong with the file.
    """

    def __init__(self, service: ServeService) -> None:
        self._service = service
        self.file = service.library.folders[0].parent / settings_store.NAME
        self.given, self.now = service.active(), ServeSettings()
        self.problems: list[str] = []
        try:
            self._put_in_force(self._valid(read_settings(self.file)))
        except SettingsError as error:
            self.problems.append(str(error))
            log.error("%s The settings in it do not count.", error)

    def save(self, values: Mapping[str, Any]) -> Path:
        """Keep `values` beside what the file says of other keys, and put them in force.

        Raises:
            SettingsError, UnknownRole, ModeError, TemplateError: one of them is not possible, or they could not be
                written.
        """
        with settings_store.changing(self.file):
            settings = self._valid({**read_settings(self.file), **values})
            if settings.role not in (None, NO_ROLE):
                self._service.library.get(str(settings.role))
            self._service.planner.modes.check_known(settings.thinking)
            if settings.template is not None:
                self._service.planner.templates.get(settings.template)
            default = ServeSettings()
            kept = {key: value for key, value in settings.model_dump().items() if value != getattr(default, key)}
            write_settings(self.file, kept)
            self._put_in_force(settings)
        return self.file

    def _put_in_force(self, settings: ServeSettings) -> None:
        self.now = settings
        self._service.set_active(self.given.over(Choice(settings.role, settings.mode, settings.thinking)))
        self._service.planner.control_tokens = settings.control_tokens
        self._service.planner.fallback = Fallback(settings.decoder, settings.template)

    def _valid(self, saved: Mapping[str, Any]) -> ServeSettings:
        known = {key: value for key, value in saved.items() if key in ServeSettings.model_fields}
        try:
            return ServeSettings(**known)  # what only the webui knows stays its own affair
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise SettingsError(f"`{where}`: {first['msg']}.", path=self.file) from None
