"""The language policy: what text may hold, as a frozen value."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["off", "strict", "balanced"]
Hold = Literal["word", "sentence"]
Decoder = Literal["auto", "always", "after_reject", "off"]
MODES: tuple[Mode, ...] = ("off", "strict", "balanced")


class LanguagePolicy(BaseModel):
    """What a reply may hold, how it is held back, and what happens to what may not pass.

    `mode`       off: nothing is checked; strict: Cyrillic only; balanced: as a Russian editor would have it.
    `allow`      words that may stand in Latin letters (or any script), compared without case.
    `in_thinking`  `free`: `<think>…</think>` at the reply's start is not checked; `same`: checked like the rest.
    `hold`       `word`: text is released word by word; `sentence`: whole sentences, so that what needs one can block.
    `emoji`      whether emoji are clean.
    `decoder`    when tokens are forbidden while decoding.
    `tolerance`  how much `balanced` leaves to the author: 0 refuses Latin words in doubt, 1 lets nearly all stand.
    `attempts`   tries at one spot.
    `max_waste`  rejected tokens of a whole reply, as a share of its token limit.
    `on_failure` what happens at a spot where every try failed: `strip` the span, or `stop` the reply there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: Literal["ru"] = "ru"
    mode: Mode = "balanced"
    allow: tuple[str, ...] = ()
    in_thinking: Literal["free", "same"] = "free"
    hold: Hold = "word"
    emoji: bool = True
    decoder: Decoder = "auto"
    attempts: int = Field(default=4, ge=1, le=32)
    tolerance: float = Field(default=0.5, ge=0, le=1)
    max_waste: float = Field(default=1.0, ge=0, le=16)
    on_failure: Literal["strip", "stop"] = "strip"

    def change(self, mode: Mode | None = None, hold: Hold | None = None) -> LanguagePolicy:
        """The same policy but for what is said."""
        said = {key: value for key, value in (("mode", mode), ("hold", hold)) if value is not None}
        return self.model_copy(update=said)
