"""Is the loaded model a base model? By its own files, or as the user's settings have it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from role_engine.app.engine import CHATML_MARK, FRAMES, PLAIN_FRAMES
from role_engine.errors import InputError
from role_engine.models import inspect_model
from role_engine.models.report import Kind

logger = logging.getLogger("role_engine")


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """What decides which template a role takes.

    Attributes:
        kind: base, instruct or unsure.
        frames: templates for a base model and a role that names none, the first that is there.
    """

    kind: Kind = "unsure"
    frames: tuple[str, ...] = PLAIN_FRAMES


class ModelKinds:
    """Looks at a model once, when it is first asked about."""

    def __init__(self, shared: Any) -> None:
        self._shared = shared
        self._known: dict[str, LoadedModel] = {}

    def find_loaded(self, said: Mapping[str, Kind]) -> LoadedModel:
        """The model that is loaded now.

        Args:
            said: kinds by the names of models, `*` and `?` in them as in file names; they overrule what files say.
        """
        name = str(self._shared.model_name)
        place = str(getattr(self._shared.model, "model_path", None) or Path(self._shared.args.model_dir, name))
        if place not in self._known:
            self._known[place] = _inspected(place)
        found = self._known[place]
        kind = next((kind for pattern, kind in said.items() if fnmatchcase(name, pattern)), found.kind)
        return LoadedModel(kind, found.frames)


def _inspected(place: str) -> LoadedModel:
    try:
        report = inspect_model(place)
    except (InputError, OSError) as error:
        logger.debug("the model cannot be inspected: %s", error)
        return LoadedModel()
    frames = FRAMES if CHATML_MARK in report.roles.tokens else PLAIN_FRAMES
    logger.info("%s: %s model, by its files", report.name, report.kind)
    return LoadedModel(report.kind, frames)
