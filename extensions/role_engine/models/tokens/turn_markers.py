"""An own prompt protocol: other marks for the turns than ChatML's, the chat template rewritten for them."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from role_engine.errors import InputError, RoleError
from role_engine.models.tokens.wanted import WantedToken
from role_engine.roles.role_file import read_text
from role_engine.roles.yaml_reading import read_marked

CHATML_START, CHATML_END = "<|im_start|>", "<|im_end|>"
_MAX_BYTES = 64 << 10
_MARK = re.compile(r"[^\s'\"\\{}%#]{2,64}")


class TurnMarkers(BaseModel):
    """Two marks, from a YAML or JSON file: `start: <|turn|>`, `end: <|/turn|>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: str
    end: str

    @field_validator("start", "end")
    @classmethod
    def _is_a_mark(cls, mark: str) -> str:
        """Nothing that would end a string of a Jinja template, nor a word that ordinary text has."""
        if not _MARK.fullmatch(mark) or not mark.isprintable() or mark.isalnum():
            raise ValueError(
                "a mark has 2 to 64 characters, no spaces, quotes, braces, %, # or \\, and not only letters"
            )
        if mark in (CHATML_START, CHATML_END):
            raise ValueError(f"{mark} is the mark that it is to replace")
        return mark

    @model_validator(mode="after")
    def _two_marks(self) -> TurnMarkers:
        if self.start in self.end or self.end in self.start:
            raise ValueError("neither mark may be part of the other")
        return self

    def rewritten(self, text: str) -> str:
        """A chat template with these marks in place of ChatML's."""
        return text.replace(CHATML_START, self.start).replace(CHATML_END, self.end)

    def tokens(self) -> tuple[WantedToken, ...]:
        """Both marks. They are special: text that is shown has none."""
        return (
            WantedToken(self.start, "protocol", "start", "начало реплики", special=True),
            WantedToken(self.end, "protocol", "end", "конец реплики", special=True),
        )


def read_protocol(path: Path) -> TurnMarkers:
    """The protocol in a file.

    Raises:
        InputError: it cannot be read, or does not hold the two marks.
    """
    try:
        return TurnMarkers.model_validate(read_marked(read_text(path, _MAX_BYTES), path).data)
    except (RoleError, ValidationError) as error:
        said = _said(error) if isinstance(error, ValidationError) else error.message.rstrip(".")
        raise InputError(
            f"Is no protocol: {said}.", path=path, hint='It holds two lines: start: "<|turn|>" and end: "<|/turn|>".'
        ) from None


def _said(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()).replace(
        "Value error, ", ""
    )
