"""`role_engine_tokens.json`: which tokens were added to a model, what they mean, and how to take them out again.

It lies in the model's directory. Whoever trains a token sets `trained` to true and `banned` to false.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from role_engine.errors import InputError
from role_engine.models.json_files import read_json, to_text

TokenKind = Literal["mode", "role", "tool", "pad", "protocol"]

MANIFEST = "role_engine_tokens.json"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AddedToken(_Part):
    """One token. `former`: what its rows held, in base64, by tensor; in a GGUF file its entry's text and type, too."""

    token: str
    id: int = Field(ge=0)
    kind: TokenKind
    name: str
    description: str
    special: bool
    trained: bool = False
    banned: bool = True
    former: dict[str, str] = {}


class Edit(_Part):
    """A setting that was changed for `reason`; `key` is its path in the file, empty for a file as a whole."""

    reason: Literal["pad", "protocol", "context", "ban"]
    file: str
    key: tuple[str, ...] = ()
    existed: bool
    before: Any = None
    after: Any = None


class Manifest(_Part):
    """What was done to this model. `rows`: of the embedding, before and after."""

    format: Literal[1] = 1
    file: str | None = None
    rows_before: int
    rows_after: int
    tokens: list[AddedToken] = []
    edits: list[Edit] = []

    def list_banned_ids(self) -> tuple[int, ...]:
        """Tokens that may not be generated: nobody has trained them."""
        return tuple(token.id for token in self.tokens if token.banned)

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(to_text(self.model_dump(mode="json")), encoding="utf-8")


def read_manifest(model: Path) -> Manifest | None:
    """The manifest of a model: a directory, or a GGUF file with the manifest beside it; None: no token was added.

    Raises:
        InputError: the file is malformed.
    """
    folder = model if model.is_dir() else model.parent
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        manifest = Manifest.model_validate(read_json(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"Is no list of added tokens: {where}: {first['msg']}.", path=path) from None
    if any(Path(edit.file).name != edit.file for edit in manifest.edits):
        raise InputError("Names a file outside of its directory.", path=path)
    return manifest if manifest.file == (model.name if model.is_file() else None) else None
