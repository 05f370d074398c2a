"""What can go wrong, as one tree. Every error says what happened, where, and what to do about it.

RoleEngineError
├── RoleError            a role file, a role name, an `extends` chain
│   └── UnknownRole      a name that no file answers to; lists the known ones
├── ModeError            a thinking mode's file, or its name
├── TemplateError        a prompt template or chat template
├── SettingsError        settings, a value in a request
├── ModelError           what is asked cannot be done to this model
├── BackendError         the engine that generates could not
└── InputError           unreadable or malformed input from outside
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


class RoleEngineError(Exception):
    """Base of every error raised on purpose.

    Args:
        message: what is wrong, one sentence.
        path: the file it is about, if any.
        line: its line, from 1, if known.
        hint: what to do about it, one sentence.
        kind: which of the known problems it is, for who says it in another language; "": none of them.
        values: what the message speaks of, for the same.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        hint: str = "",
        kind: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.kind, self.values = kind, dict(values or {})
        self.message = message
        self.path = Path(path) if path is not None else None
        self.line = line
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        where = ""
        if self.path is not None:
            where = f"{self.path}:{self.line}: " if self.line else f"{self.path}: "
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "")


class RoleError(RoleEngineError):
    """A role file, a role name or an `extends` chain is wrong."""


class UnknownRole(RoleError):
    """No role of that name; `known` lists those there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name, self.known = name, tuple(sorted(known))
        super().__init__(
            f"There is no role {name!r}.",
            hint=suggest_known(name, self.known, "roles"),
            kind="no role",
            values={"word": name, "known": self.known},
        )


class ModeError(RoleEngineError):
    """A thinking mode's file or name is wrong."""


class TemplateError(RoleEngineError):
    """A prompt template or chat template cannot be found, read or rendered."""


class SettingsError(RoleEngineError):
    """A setting, or a value in a request, is not one of those there are."""


class ModelError(RoleEngineError):
    """What is asked cannot be done to this model: the files are sound, the wish does not fit them."""


class BackendError(RoleEngineError):
    """The engine that generates did not."""


class InputError(RoleEngineError):
    """Input from outside is unreadable or malformed."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, or None."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def suggest_known(word: str, known: Iterable[str], what: str) -> str:
    """«Did you mean …? Known roles: …», for an unknown `word`."""
    known = sorted(known)
    guess = nearest(word, known)
    listed = f"Known {what}: {', '.join(known)}." if known else f"There are no {what}."
    return (f"Did you mean {guess!r}? " if guess else "") + listed
