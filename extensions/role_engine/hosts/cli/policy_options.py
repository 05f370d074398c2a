"""The options that choose a language policy, the same on every command."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from role_engine.language.policy import LanguagePolicy


class Mode(str, Enum):
    """`role_engine.language.policy.MODES`, known without loading it."""

    off = "off"
    strict = "strict"
    balanced = "balanced"


ModeOption = Annotated[
    Mode | None,
    typer.Option("--mode", help="off: no check; strict: Cyrillic only; balanced: as a Russian editor would have it."),
]


def policy_for(mode: Mode | None) -> LanguagePolicy:
    from role_engine.language.policy import LanguagePolicy

    return LanguagePolicy() if mode is None else LanguagePolicy(mode=mode.value)
