"""A thinking mode: a few questions to the model before it answers, as a value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import regex
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from role_engine.roles.role import Filled, ModeId, RoleId

PLACEHOLDER = regex.compile(r"\{\{\s*([\w-]+)\s*\}\}")
OF_PASS = ("question", "all", "speaker", "opponent")
"""What stands for the user's message, all passes so far, the names of who speaks and of whom it is said to."""

MAX_PASSES = 8
_TOKEN = regex.compile(r"<\|[\w-]{1,32}\|>", regex.ASCII)
_PASS_ID = regex.compile(r"[a-z][a-z0-9_]{0,31}")

DEFAULT_VOICES = ("philosopher", "logician", "operator")


def _token(token: str) -> str:
    if _TOKEN.fullmatch(token) is None:
        raise ValueError(f"{token!r} is no token: <|, up to 32 Latin letters, digits, - and _, then |>")
    return token


def _pass_id(name: str) -> str:
    if _PASS_ID.fullmatch(name) is None or name in OF_PASS:
        raise ValueError(f"{name!r} cannot name a pass: a-z, 0-9 and _, and none of {', '.join(OF_PASS)}")
    return name


def _repeat(value: object) -> object:
    if value not in ("depth", "rounds") and not (type(value) is int and 1 <= value <= 8):
        raise ValueError("a number from 1 to 8, or depth, or rounds")
    return value


Token = Annotated[str, AfterValidator(_token)]
PassId = Annotated[str, AfterValidator(_pass_id)]
Voice = Annotated[int, Field(ge=1, le=3)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pass(_Part):
    """One question to the model before the answer.

    Attributes:
        id: `{{id}}` stands for what came of the pass, in the texts of the others.
        title: its heading among the thoughts.
        ask: what the model reads in place of the user's message.
        again: the same, from the second repetition on.
        done: what the model says when there is nothing more to do; it ends the passes.
        voice: who speaks, 1 to 3, of the mode's `voices`; without it the role that answers.
        reminder: whether the role's reminder ends the prompt.
    """

    id: PassId
    title: str = ""
    ask: Filled
    again: Filled | None = None
    done: tuple[Filled, ...] = ()
    voice: Voice | None = None
    reminder: bool = True


class Answer(_Part):
    """The question that the answer is given to; `voice` as in a pass."""

    ask: Filled
    voice: Voice | None = None


class Mode(_Part):
    """A mode.

    Attributes:
        id: the file's stem.
        token: what switches it on in a message.
        native: a model's own reasoning takes the passes' place, where its chat template can ask for it.
        voices: who argues, where the role that answers names nobody (`handoff`).
        repeat: how often the passes are made: a number, or the role's `thinking.depth` or `.rounds`.
    """

    id: ModeId = Field(exclude=True)
    name: Filled
    description: str = ""
    token: Token
    native: bool = False
    voices: tuple[RoleId, ...] = DEFAULT_VOICES
    repeat: Annotated[int | str, BeforeValidator(_repeat)] = 1
    passes: Annotated[tuple[Pass, ...], Field(min_length=1, max_length=MAX_PASSES)]
    answer: Answer
    path: Path | None = Field(default=None, exclude=True)

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Mode:
        ids = [one.id for one in self.passes]
        if twice := next((name for name in ids if ids.count(name) > 1), None):
            raise ValueError(f"two passes are called {twice!r}")
        if len(self.voices) < self.voices_needed:
            raise ValueError(f"a pass has voice {self.voices_needed}, and `voices` names {len(self.voices)}")
        known = (*OF_PASS, *ids)
        for text in self._texts():
            for found in PLACEHOLDER.finditer(text):
                if found[1] not in known:
                    raise ValueError(f"there is nothing called {found.group()}; known: {', '.join(known)}")
        return self

    @property
    def voices_needed(self) -> int:
        return max([self.answer.voice or 0, *(one.voice or 0 for one in self.passes)])

    def repetitions(self, depth: int, rounds: int) -> int:
        return {"depth": depth, "rounds": rounds}.get(str(self.repeat)) or int(self.repeat)

    def _texts(self) -> Iterator[str]:
        for one in self.passes:
            yield from (one.title, one.ask, one.again or "")
        yield self.answer.ask
