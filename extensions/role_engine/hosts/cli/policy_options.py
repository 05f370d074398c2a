"""The options that choose a language policy, the same on every command."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from role_engine.language.policy import LanguagePolicy


class PolicyMode(str, Enum):
    """`role_engine.language.policy.MODES`, known without loading it."""

    off = "off"
    strict = "strict"
    balanced = "balanced"


class HoldUnit(str, Enum):
    """`role_engine.language.policy.Hold`, known without loading it."""

    word = "word"
    sentence = "sentence"


ModeOption = Annotated[
    PolicyMode | None,
    typer.Option("--mode", help="off: no check; strict: Cyrillic only; balanced: as a Russian editor would have it."),
]


HoldOption = Annotated[
    HoldUnit,
    typer.Option("--hold", help="word: what a stream that shows word by word would have known; the rest is late."),
]


def policy_for(mode: PolicyMode | None, hold: HoldUnit = HoldUnit.word) -> LanguagePolicy:
    from role_engine.language.policy import LanguagePolicy

    return LanguagePolicy().change(None if mode is None else mode.value, hold.value)
